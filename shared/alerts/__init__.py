"""Alerts: rules over what the events add up to, and the alerts that come of them."""

from shared.alerts.backtest import MOST_DAYS, Backtest, BacktestEpisode, LabelTotals, backtest
from shared.alerts.checking import InvalidRule, check_rule
from shared.alerts.evaluation import Finding, Step, evaluate
from shared.alerts.instances import AlertInstance, AlertState, Condition, Transition
from shared.alerts.manager import AlertDashboard, AlertManager, CheckResult
from shared.alerts.readings import Failure, Labels, Reading, Readings
from shared.alerts.rulebook import Edition, delete_rule, get_rule, list_rules, rule_versions, save_rule
from shared.alerts.rules import (
    AlertRule,
    Comparison,
    OnError,
    OnNoData,
    RuleFields,
    Severity,
    Source,
    SystemReading,
    default_rules,
)

__all__ = [
    "MOST_DAYS",
    "AlertDashboard",
    "AlertInstance",
    "AlertManager",
    "AlertRule",
    "AlertState",
    "Backtest",
    "BacktestEpisode",
    "CheckResult",
    "Comparison",
    "Condition",
    "Edition",
    "Failure",
    "Finding",
    "InvalidRule",
    "LabelTotals",
    "Labels",
    "OnError",
    "OnNoData",
    "Reading",
    "Readings",
    "RuleFields",
    "Severity",
    "Source",
    "Step",
    "SystemReading",
    "Transition",
    "backtest",
    "check_rule",
    "default_rules",
    "delete_rule",
    "evaluate",
    "get_rule",
    "list_rules",
    "rule_versions",
    "save_rule",
]
