"""Running a scenario: evaluations on a simulated clock, and how the alerts differ from what was expected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.alerts.evaluation import evaluate
from shared.alerts.instances import AlertInstance
from shared.alerts.readings import Failure, Labels, Reading, Readings, labels_of
from shared.alerts.rules import AlertRule
from shared.alerts.testing.part import Labelling
from shared.alerts.testing.scenario import Expectation, ExpectedAlert, Scenario, Series
from shared.alerts.testing.series import Absent
from shared.alerts.testing.telling import (
    ExpectedNotification,
    Message,
    Simulation,
    Tellings,
    acknowledged,
    told_of,
)

_FAILED = Failure("the series says so")
_NEARLY = 1e-9
"""Relative difference of values that count as equal."""


@dataclass(frozen=True)
class Difference:
    """Alerts and notifications that were expected at a time and were not there, and those that were there and not expected; as
    sentences."""

    at: timedelta
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]


def run_scenario(rules: Sequence[AlertRule], scenario: Scenario, tellings: Tellings | None = None) -> list[Difference]:
    """Evaluate the rules from the start to the end of the scenario, and tell of their alerts as `tellings` say; what is not as
    expected, in order of time."""
    wanted: dict[timedelta, list[Expectation]] = {}
    for expectation in scenario.expect:
        wanted.setdefault(expectation.at, []).append(expectation)
    simulation = Simulation(scenario.start, tellings or Tellings(), scenario.silences)
    alerts: dict[str, list[AlertInstance]] = {}
    differences: list[Difference] = []
    for number in range(scenario.end // scenario.interval + 1):
        elapsed = number * scenario.interval
        alerts = {rule.id: _moved(rule, alerts.get(rule.id, []), scenario, number) for rule in rules}
        alerts = acknowledged(alerts, scenario.acknowledged, scenario.start, elapsed)
        there = [each for found in alerts.values() for each in found]
        for expectation in wanted.get(elapsed, ()):
            differences += _differences(expectation, there)
        if scenario.notifications is not None:
            told = simulation.look(there, elapsed)
            differences += _tellings([each for each in scenario.notifications if each.at == elapsed], told, elapsed)
    return differences


def _moved(rule: AlertRule, before: Sequence[AlertInstance], scenario: Scenario, number: int) -> list[AlertInstance]:
    """The rule's alerts after an evaluation, with those that it has ended."""
    at = scenario.start + number * scenario.interval
    still_open = [alert for alert in before if alert.is_open]
    if not rule.enabled or not _is_due(rule, at, scenario.interval):
        return still_open
    steps = evaluate(rule, still_open, at, _seen(rule, scenario, number))
    return [step.after for step in steps if step.after is not None]


def _is_due(rule: AlertRule, at: datetime, interval: timedelta) -> bool:
    """With evaluations further apart than a minute, whether it was due in one of the minutes since the last."""
    minutes = max(1, interval // timedelta(minutes=1))
    return any(rule.is_due(at - timedelta(minutes=back)) for back in range(minutes))


def _seen(rule: AlertRule, scenario: Scenario, number: int) -> Readings | Failure:
    seen: dict[Labels, Reading] = {}
    for series in scenario.series:
        if not series.tells(rule):
            continue
        point = series.values[number] if number < len(series.values) else Absent.STALE
        if point is Absent.ERROR:
            return _FAILED
        if point is not Absent.STALE:
            seen[_labels(series.labels)] = _reading(series, point)
    return seen


def _reading(series: Series, point: float | Absent) -> Reading:
    return Reading(None, 0) if isinstance(point, Absent) else Reading(point, series.samples)


def _labels(labels: Labelling) -> Labels:
    return labels_of(labels.items())


def _differences(expectation: Expectation, alerts: Sequence[AlertInstance]) -> Iterator[Difference]:
    left, missing = list(alerts), list[str]()
    for expected in expectation.alerts:
        found = next((alert for alert in left if _fits(expected, alert)), None)
        if found is None:
            missing.append(
                _told(expected.rule, _labels(expected.labels), expected.condition, expected.state, expected.value)
            )
        else:
            left.remove(found)
    unexpected = [_told(alert.rule_id, *alert.subject, alert.state, alert.value) for alert in left]
    if missing or unexpected:
        yield Difference(expectation.at, tuple(missing), tuple(unexpected))


def _tellings(
    expected: Sequence[ExpectedNotification], told: Sequence[Message], elapsed: timedelta
) -> Iterator[Difference]:
    left, missing = list(told), list[str]()
    for each in expected:
        found = next((message for message in left if message.fits(each)), None)
        if found is None:
            missing.append(told_of(each))
        else:
            left.remove(found)
    if missing or left:
        yield Difference(elapsed, tuple(missing), tuple(map(str, left)))


def _fits(expected: ExpectedAlert, alert: AlertInstance) -> bool:
    same = (expected.rule, (_labels(expected.labels), expected.condition), expected.state)
    if same != (alert.rule_id, alert.subject, alert.state):
        return False
    if expected.value is None or alert.value is None:
        return expected.value is None or expected.value == alert.value
    return abs(expected.value - alert.value) <= _NEARLY * max(1.0, abs(expected.value))


def _told(rule: str, labels: Labels, condition: str, state: str, value: float | None) -> str:
    named = ", ".join(f"{name}={text}" for name, text in labels)
    about = "" if condition == "breached" else f" ({condition})"
    return f"{rule}{{{named}}}{about} {state}" + (f" at {value:g}" if value is not None else "")
