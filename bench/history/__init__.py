"""Histories: realistic events of many people over months, with planted patterns and anomalies."""

from bench.history.anomalies import Anomaly
from bench.history.faults import Delivery, deliveries
from bench.history.history import History
from bench.history.load import load
from bench.history.planted import Planted

__all__ = ["Anomaly", "Delivery", "History", "Planted", "deliveries", "load"]
