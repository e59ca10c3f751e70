"""Instances: one episode of a rule being breached, with all that happened to it."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from shared.alerts.readings import Labels, Reading, labels_of
from shared.alerts.rules import AlertRule, Comparison, Severity, Source
from shared.alerts.telling import Suppression, Told
from shared.core.errors import Conflict

SYSTEM = "system"


class AlertState(StrEnum):
    """Where an alert is in its life."""

    PENDING = "pending"
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


OPEN = (AlertState.PENDING, AlertState.FIRING, AlertState.ACKNOWLEDGED)


class Condition(StrEnum):
    """What an alert is about: what the rule watches, or that the rule finds no data or cannot be evaluated."""

    BREACHED = "breached"
    NO_DATA = "no_data"
    ERROR = "error"


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
    """An alert, with the rule as it was when the alert began, and every transition since. Documents of `alert_instances`.

    `missing` counts the evaluations in a row without data; `cleared_at` is when the KPI became good, while the alert goes on.
    `suppressed_by` is what keeps it from being told now; `notifications` are the last of those that were sent about it."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    id: str
    rule_id: str
    name: str
    severity: Severity
    source: Source = Source.KPI
    kpi: str | None = None
    labels: dict[str, str] = {}
    condition: Condition = Condition.BREACHED
    comparison: Comparison
    threshold: float
    runbook: str | None = None
    detail: str = ""
    state: AlertState
    value: float | None
    sample_count: int
    missing: int = 0
    started_at: datetime
    cleared_at: datetime | None = None
    fired_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    history: tuple[Transition, ...] = ()
    suppressed_by: tuple[Suppression, ...] = ()
    notifications: tuple[Told, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is not resolved."""
        return self.state in OPEN

    @property
    def subject(self) -> tuple[Labels, Condition]:
        """What tells it from the other open alerts of its rule."""
        return labels_of(self.labels.items()), self.condition

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it: camelCase, times as times."""
        return {**self.model_dump(by_alias=True), **self._lists()}

    def _lists(self) -> dict[str, list[dict[str, Any]]]:
        """Its tuples, as Firestore takes them."""
        lists = {"history": self.history, "suppressedBy": self.suppressed_by, "notifications": self.notifications}
        return {name: [each.model_dump(by_alias=True) for each in list_] for name, list_ in lists.items()}

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


def begin(
    rule: AlertRule, at: datetime, reading: Reading, labels: Labels = (), condition: Condition = Condition.BREACHED
) -> AlertInstance:
    """A new alert of the rule, pending."""
    begun = Transition(at=at, before=None, after=AlertState.PENDING, by=SYSTEM, value=reading.value)
    return AlertInstance(
        id=_id_of(rule, at, labels, condition),
        rule_id=rule.id,
        name=rule.name,
        severity=rule.severity,
        source=rule.source,
        kpi=rule.kpi,
        labels=dict(labels),
        condition=condition,
        comparison=rule.comparison,
        threshold=rule.threshold,
        runbook=rule.runbook,
        state=AlertState.PENDING,
        value=reading.value,
        sample_count=reading.samples,
        detail=reading.detail,
        started_at=at,
        history=(begun,),
    )


def _id_of(rule: AlertRule, at: datetime, labels: Labels, condition: Condition) -> str:
    """The same alert begun twice in a minute is one."""
    plain = f"{rule.id}-{at:%Y%m%dT%H%M}"
    if not labels and condition is Condition.BREACHED:
        return plain
    return f"{plain}-{hashlib.sha256(repr((labels, condition.value)).encode()).hexdigest()[:12]}"
