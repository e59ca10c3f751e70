"""Alerts: rules over what the events add up to, and the alerts that come of them."""

from shared.alerts.instances import AlertInstance, AlertState, Finding, Transition
from shared.alerts.manager import AlertDashboard, AlertManager, CheckResult
from shared.alerts.rules import AlertRule, Comparison, Kpi, Severity, default_rules

__all__ = [
    "AlertDashboard",
    "AlertInstance",
    "AlertManager",
    "AlertRule",
    "AlertState",
    "CheckResult",
    "Comparison",
    "Finding",
    "Kpi",
    "Severity",
    "Transition",
    "default_rules",
]
