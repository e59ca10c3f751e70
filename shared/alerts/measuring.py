"""Measuring: the readings of all rules that are due, with as few queries as there are different windows and labels."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from shared.alerts.readings import Failure, Reading, Readings, labels_of
from shared.alerts.rules import AlertRule
from shared.alerts.turns import Turn
from shared.core.errors import Unavailable
from shared.events import run_query

log = logging.getLogger(__name__)

_KPIS = Path(__file__).with_name("kpis.sql")
_LABELS = ("platform", "operation", "provider", "plan")
_Wanted = tuple[int, tuple[str, ...]]


def measure(rules: Collection[AlertRule], turn: Turn) -> dict[str, Readings | Failure]:
    """What each rule, by its id, sees of what happened up to the turn. A query that fails is the failure of its rules alone."""
    minute = turn.minute
    wanted = {_wanted(rule) for rule in rules}
    seen = {each: _measured(minute, *each) for each in sorted(wanted)}
    found = ((rule, seen[_wanted(rule)]) for rule in rules)
    return {rule.id: kpis if isinstance(kpis, Failure) else kpis.get(rule.kpi or "", {}) for rule, kpis in found}


def _wanted(rule: AlertRule) -> _Wanted:
    return rule.window, tuple(sorted(rule.labels))


def _measured(end: datetime, window: int, labels: Collection[str]) -> Mapping[str, Readings] | Failure:
    """The readings of every KPI over the `window` minutes before `end`."""
    by = {f"by_{label}": label in labels for label in _LABELS}
    try:
        rows = run_query(_KPIS, {"start": end - timedelta(minutes=window), "end": end, **by})
    except Unavailable as error:
        log.warning("rules cannot be evaluated: %s", error.detail)
        return Failure(error.detail)
    kpis: dict[str, dict[tuple[tuple[str, str], ...], Reading]] = {}
    for row in rows:
        told = labels_of((label, row[label]) for label in labels)
        kpis.setdefault(row["kpi"], {})[told] = Reading(row["value"], row["samples"])
    return kpis
