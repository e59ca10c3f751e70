"""Instances: one episode of a rule being breached, and how it moves from state to state. Pure: no clock, no database."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from shared.alerts.rules import AlertRule, Comparison, Kpi, Severity
from shared.core.errors import Conflict

SYSTEM = "system"
MISSING_BEFORE_RESOLVED = 2
"""Evaluations in a row without enough samples after which a firing alert resolves."""


class AlertState(StrEnum):
    """Where an alert is in its life."""

    PENDING = "pending"
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


OPEN = (AlertState.PENDING, AlertState.FIRING, AlertState.ACKNOWLEDGED)


class Finding(StrEnum):
    """What an evaluation of a rule found."""

    BREACHED = "breached"
    CLEAR = "clear"
    NO_DATA = "no_data"


class Transition(BaseModel):
    """A change of state: when, from where to where, by whom (a user id or `system`), at which value, and why."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    at: datetime
    before: AlertState | None
    after: AlertState
    by: str
    value: float | None
    comment: str = ""


class AlertInstance(BaseModel):
    """An alert, with the rule as it was when the alert began, and every transition since. Documents of `alert_instances`."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    id: str
    rule_id: str
    name: str
    severity: Severity
    kpi: Kpi
    comparison: Comparison
    threshold: float
    state: AlertState
    value: float | None
    sample_count: int
    missing: int = 0
    started_at: datetime
    fired_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    history: tuple[Transition, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is not resolved."""
        return self.state in OPEN

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it: camelCase, times as times."""
        document = self.model_dump(by_alias=True)
        document["history"] = [transition.model_dump(by_alias=True) for transition in self.history]
        return document

    def acknowledge(self, at: datetime, by: str, comment: str) -> "AlertInstance":
        """Somebody takes care of it. Raises Conflict unless it is firing."""
        if self.state is not AlertState.FIRING:
            raise Conflict(f"Only a firing alert can be acknowledged; this one is {self.state}.")
        return self.moved(AlertState.ACKNOWLEDGED, at, by, comment, acknowledged_at=at, acknowledged_by=by)

    def resolve(self, at: datetime, by: str, comment: str) -> "AlertInstance":
        """It is over. Raises Conflict if it was before."""
        if not self.is_open:
            raise Conflict("This alert is resolved already.")
        return self.moved(AlertState.RESOLVED, at, by, comment, resolved_at=at, resolved_by=by)

    def moved(self, after: AlertState, at: datetime, by: str, comment: str, **changes: Any) -> "AlertInstance":
        """The alert in the state `after`, with the step in its history."""
        step = Transition(at=at, before=self.state, after=after, by=by, value=self.value, comment=comment)
        return self.model_copy(update={"state": after, "history": (*self.history, step), **changes})


def step(
    rule: AlertRule, current: AlertInstance | None, at: datetime, value: float | None, samples: int
) -> tuple[Finding, AlertInstance | None]:
    """What an evaluation finds, and the rule's alert after it. `current` is its open alert, None if it has none.

    Bad for the first time: pending; bad for `hold` minutes: firing; good: resolved. Too few samples end a pending alert at
    once and a firing one at the second evaluation in a row."""
    if value is None or samples < rule.min_samples:
        return Finding.NO_DATA, _without_data(current, at)
    if not rule.is_breached(value):
        cleared = current and _measured(current, value, samples).resolve(at, SYSTEM, "back on the good side")
        return Finding.CLEAR, cleared
    alert = _measured(current, value, samples) if current else _begin(rule, at, value, samples)
    if alert.state is AlertState.PENDING and at - alert.started_at >= timedelta(minutes=rule.hold):
        alert = alert.moved(AlertState.FIRING, at, SYSTEM, f"bad for {rule.hold} min", fired_at=at)
    return Finding.BREACHED, alert


def _without_data(current: AlertInstance | None, at: datetime) -> AlertInstance | None:
    if current is None:
        return None
    missed = current.model_copy(update={"missing": current.missing + 1})
    if current.state is AlertState.PENDING or missed.missing >= MISSING_BEFORE_RESOLVED:
        return missed.resolve(at, SYSTEM, "not enough samples any more")
    return missed


def _measured(alert: AlertInstance, value: float, samples: int) -> AlertInstance:
    return alert.model_copy(update={"value": value, "sample_count": samples, "missing": 0})


def _begin(rule: AlertRule, at: datetime, value: float, samples: int) -> AlertInstance:
    begun = Transition(at=at, before=None, after=AlertState.PENDING, by=SYSTEM, value=value)
    return AlertInstance(
        id=f"{rule.id}-{at:%Y%m%dT%H%M}",
        rule_id=rule.id,
        name=rule.name,
        severity=rule.severity,
        kpi=rule.kpi,
        comparison=rule.comparison,
        threshold=rule.threshold,
        state=AlertState.PENDING,
        value=value,
        sample_count=samples,
        started_at=at,
        history=(begun,),
    )
