"""Evaluation: what a rule finds, and how its alerts move from state to state. Pure: no clock, no database.

Bad for the first time, an alert is pending; bad at every evaluation for `hold` minutes, it fires; good, or firing and good for
`keep_firing` minutes, it resolves. Three things are not good news: no data (too few samples), a label value that has gone while
others are there (stale), and an error. The first two end a pending alert at once, and a firing one at the second evaluation
in a row unless the rule says otherwise; an error leaves all alerts as they are."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.alerts.instances import SYSTEM, AlertInstance, AlertState, Condition, begin
from shared.alerts.readings import Failure, Labels, Reading, Readings
from shared.alerts.rules import AlertRule, OnError, OnNoData

MISSING_BEFORE_RESOLVED = 2
"""Evaluations in a row without data after which a firing alert resolves."""
_NOTHING = Reading(None, 0)


class Finding(StrEnum):
    """What an evaluation found for a set of labels."""

    BREACHED = "breached"
    CLEAR = "clear"
    NO_DATA = "no_data"
    STALE = "stale"
    ERROR = "error"


@dataclass(frozen=True)
class Step:
    """What was found for a set of labels, and its alert before and after; None where there is none."""

    labels: Labels
    finding: Finding
    before: AlertInstance | None
    after: AlertInstance | None

    @property
    def changed(self) -> bool:
        """Whether there is an alert that is now in another state."""
        return self.after is not None and (self.before is None or self.after.state is not self.before.state)


def evaluate(
    rule: AlertRule, open_alerts: Collection[AlertInstance], at: datetime, seen: Readings | Failure
) -> list[Step]:
    """Move the rule's alerts on. `open_alerts` are all of its that are open: each is in one of the steps.

    Alerts that began later than `at`, by a clock that has been set back since, count from `at` on."""
    current = {alert.subject: _not_after(alert, at) for alert in open_alerts}
    if isinstance(seen, Failure):
        return list(_failed(rule, current, at, seen))
    enough = any(_value(rule, reading) is not None for reading in seen.values())
    steps = list(_readings(rule, current, at, seen))
    gone = {labels for labels, condition in current if condition is Condition.BREACHED} - seen.keys()
    lost = Finding.STALE if enough else Finding.NO_DATA
    steps += [_without_data(rule, labels, lost, current[labels, Condition.BREACHED], at) for labels in sorted(gone)]
    steps += _about_data(rule, current.get(((), Condition.NO_DATA)), at, missing=not enough)
    if error := current.get(((), Condition.ERROR)):
        steps.append(Step((), Finding.CLEAR, error, error.resolve(at, SYSTEM, "it can be evaluated again")))
    return steps


def _not_after(alert: AlertInstance, at: datetime) -> AlertInstance:
    cleared = alert.cleared_at
    if alert.started_at <= at and (cleared is None or cleared <= at):
        return alert
    changes = {"started_at": min(alert.started_at, at), "cleared_at": cleared and min(cleared, at)}
    return alert.model_copy(update=changes)


def _value(rule: AlertRule, reading: Reading) -> float | None:
    """The value of a reading that has enough samples. What counts needs none, unless the rule asks for several, or wants to be
    told of none."""
    nothing_counts = reading.counts and rule.min_samples == 1 and rule.on_no_data is not OnNoData.ALERT
    return reading.value if nothing_counts or reading.samples >= rule.min_samples else None


def _readings(
    rule: AlertRule, current: Mapping[tuple[Labels, Condition], AlertInstance], at: datetime, seen: Readings
) -> Iterator[Step]:
    for labels, reading in sorted(seen.items()):
        alert = current.get((labels, Condition.BREACHED))
        value = _value(rule, reading)
        if value is None:
            yield _without_data(rule, labels, Finding.NO_DATA, alert, at)
        elif rule.is_breached(value):
            yield Step(labels, Finding.BREACHED, alert, _breached(rule, labels, alert, at, reading))
        else:
            yield Step(labels, Finding.CLEAR, alert, alert and _cleared(rule, alert, at, reading))


def _breached(
    rule: AlertRule, labels: Labels, alert: AlertInstance | None, at: datetime, reading: Reading
) -> AlertInstance:
    alert = _measured(alert, reading, cleared_at=None) if alert else begin(rule, at, reading, labels)
    return _fired(alert, at, rule.hold)


def _fired(alert: AlertInstance, at: datetime, hold: int) -> AlertInstance:
    """The alert, firing if it has been pending for `hold` minutes."""
    if alert.state is not AlertState.PENDING or at - alert.started_at < timedelta(minutes=hold):
        return alert
    return alert.moved(AlertState.FIRING, at, SYSTEM, f"bad for {hold} min", fired_at=at)


def _cleared(rule: AlertRule, alert: AlertInstance, at: datetime, reading: Reading) -> AlertInstance:
    alert = _measured(alert, reading, cleared_at=alert.cleared_at or at)
    assert alert.cleared_at is not None
    if alert.state is not AlertState.PENDING and at - alert.cleared_at < timedelta(minutes=rule.keep_firing):
        return alert
    return alert.resolve(at, SYSTEM, "back on the good side")


def _without_data(rule: AlertRule, labels: Labels, finding: Finding, alert: AlertInstance | None, at: datetime) -> Step:
    if alert is None:
        return Step(labels, finding, None, None)
    missed = alert.model_copy(update={"missing": alert.missing + 1})
    believed = rule.on_no_data is OnNoData.RESOLVE or finding is Finding.STALE
    if alert.state is AlertState.PENDING or (believed and missed.missing >= MISSING_BEFORE_RESOLVED):
        why = "its label value is gone" if finding is Finding.STALE else "not enough samples any more"
        return Step(labels, finding, alert, missed.resolve(at, SYSTEM, why))
    return Step(labels, finding, alert, missed)


def _about_data(rule: AlertRule, alert: AlertInstance | None, at: datetime, *, missing: bool) -> Iterator[Step]:
    """The alert that there is no data at all, of rules that want one."""
    if missing and rule.on_no_data is OnNoData.ALERT:
        begun = alert or begin(rule, at, _NOTHING, condition=Condition.NO_DATA)
        yield Step((), Finding.NO_DATA, alert, _fired(begun, at, max(rule.hold, rule.every)))
    elif alert is not None:
        yield Step((), Finding.CLEAR, alert, alert.resolve(at, SYSTEM, "there are samples again"))


def _failed(
    rule: AlertRule, current: Mapping[tuple[Labels, Condition], AlertInstance], at: datetime, failure: Failure
) -> Iterator[Step]:
    """All alerts as they were, and the one that the rule cannot be evaluated, at the second time in a row or later."""
    about_it = ((), Condition.ERROR)
    yield from (
        Step(alert.subject[0], Finding.ERROR, alert, alert) for about, alert in current.items() if about != about_it
    )
    alert = current.get(about_it)
    if rule.on_error is not OnError.ALERT:
        yield Step((), Finding.ERROR, alert, alert)
        return
    begun = alert or begin(rule, at, _NOTHING, condition=Condition.ERROR)
    fired = _fired(begun, at, max(rule.hold, rule.every))
    yield Step((), Finding.ERROR, alert, fired.model_copy(update={"detail": failure.reason[:500]}))


def _measured(alert: AlertInstance, reading: Reading, *, cleared_at: datetime | None) -> AlertInstance:
    changes = {
        "value": reading.value,
        "sample_count": reading.samples,
        "detail": reading.detail,
        "missing": 0,
        "cleared_at": cleared_at,
    }
    return alert.model_copy(update=changes)
