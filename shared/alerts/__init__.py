"""Alerts: rules over what the events add up to, and the alerts that come of them."""

from shared.alerts.evaluation import Finding, Step, evaluate
from shared.alerts.instances import AlertInstance, AlertState, Condition, Transition
from shared.alerts.manager import AlertDashboard, AlertManager, CheckResult
from shared.alerts.readings import Failure, Labels, Reading, Readings
from shared.alerts.rules import (
    AlertRule,
    Comparison,
    OnError,
    OnNoData,
    Severity,
    Source,
    SystemReading,
    default_rules,
)

__all__ = [
    "AlertDashboard",
    "AlertInstance",
    "AlertManager",
    "AlertRule",
    "AlertState",
    "CheckResult",
    "Comparison",
    "Condition",
    "Failure",
    "Finding",
    "Labels",
    "OnError",
    "OnNoData",
    "Reading",
    "Readings",
    "Severity",
    "Source",
    "Step",
    "SystemReading",
    "Transition",
    "default_rules",
    "evaluate",
]
