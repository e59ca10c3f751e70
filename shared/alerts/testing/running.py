"""Running a scenario: evaluations on a simulated clock, and how the alerts differ from what was expected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.alerts.evaluation import evaluate
from shared.alerts.instances import AlertInstance
from shared.alerts.measuring import tells_how_much
from shared.alerts.readings import Failure, Labels, Reading, Readings, labels_of
from shared.alerts.rules import AlertRule
from shared.alerts.testing.part import Labelling
from shared.alerts.testing.scenario import Expectation, ExpectedAlert, Scenario, Series
from shared.alerts.testing.series import Absent
from shared.alerts.testing.telling import (
    Message,
    Simulation,
    Tellings,
    acknowledged,
    told_of,
)

_FAILED = Failure("the series says so")
_MOMENT = timedelta(microseconds=1)
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
    simulation = Simulation(scenario.start, tellings or Tellings(), scenario.silences)
    alerts: dict[str, list[AlertInstance]] = {}
    differences: list[Difference] = []
    told: list[tuple[timedelta, Message]] = []
    for number in range(scenario.end // scenario.interval + 1):
        elapsed = number * scenario.interval
        alerts = {rule.id: _moved(rule, alerts.get(rule.id, []), scenario, number) for rule in rules}
        following = min(elapsed + scenario.interval, scenario.end + _MOMENT)
        for moment in simulation.moments(elapsed, following, [each.at for each in scenario.acknowledged]):
            alerts = acknowledged(alerts, scenario.acknowledged, scenario.start, moment)
            there = [each for found in alerts.values() for each in found]
            if moment == elapsed:
                for expectation in scenario.expect:
                    differences += _differences(expectation, there) if expectation.at == elapsed else ()
            if scenario.notifications is not None:
                told += [(moment, message) for message in simulation.look(there, moment)]
    differences += _tellings(scenario, told)
    return sorted(differences, key=lambda difference: difference.at)


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
            seen[_labels(series.labels)] = _reading(rule, series, point)
    return seen


def _reading(rule: AlertRule, series: Series, point: float | Absent) -> Reading:
    if isinstance(point, Absent):
        return Reading(None, 0)
    return Reading(point, series.samples, counts=tells_how_much(rule))


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


def _tellings(scenario: Scenario, told: Sequence[tuple[timedelta, Message]]) -> Iterator[Difference]:
    """What was told and not expected, or not told. What is told between two evaluations may be expected at its own time, or at
    the evaluation after it."""
    left, missing = list(told), dict[timedelta, list[str]]()
    for each in scenario.notifications or ():
        times = [each.at] if each.at % scenario.interval else [each.at, None]
        found = next(
            (
                (at, message)
                for wanted in times
                for at, message in left
                if message.fits(each)
                and (at == wanted or (wanted is None and _after(at, scenario.interval) == each.at))
            ),
            None,
        )
        if found is None:
            missing.setdefault(each.at, []).append(told_of(each))
        else:
            left.remove(found)
    unexpected = dict[timedelta, list[str]]()
    for at, message in left:
        unexpected.setdefault(at, []).append(str(message))
    for at in sorted({*missing, *unexpected}):
        yield Difference(at, tuple(missing.get(at, ())), tuple(unexpected.get(at, ())))


def _after(at: timedelta, interval: timedelta) -> timedelta:
    """The evaluation at this time, or the next."""
    return -(-at // interval) * interval


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
