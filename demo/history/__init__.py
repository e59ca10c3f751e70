"""Histories: realistic events of many people over months, with planted patterns and anomalies."""

from demo.history.anomalies import Anomaly
from demo.history.faults import Delivery, deliveries
from demo.history.history import History
from demo.history.load import load
from demo.history.planted import Planted

__all__ = ["Anomaly", "Delivery", "History", "Planted", "deliveries", "load"]
