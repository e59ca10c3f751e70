"""Dispatching: from alerts to those who are told: routing and escalation together."""

from shared.alerts.dispatching.dispatch import Dispatched, dispatch
from shared.alerts.dispatching.episode import Episode, Notification, Plan

__all__ = ["Dispatched", "Episode", "Notification", "Plan", "dispatch"]
