"""The past: what a rule would have read at each of its evaluations, with as few queries as its source allows.

Sums and ratios are read by the minute and added up over every window. Of what cannot be added up (people, percentiles) and of
queries each evaluation is measured by itself: they are looked at less often, and the result says how often."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shared.alerts.measuring import read_kpis
from shared.alerts.readings import Failure, Labels, Reading, Readings
from shared.alerts.rules import AlertRule, Source
from shared.alerts.sequences import read_sequences
from shared.alerts.sql import read_sql_at
from shared.core.errors import InvalidInput, Unavailable
from shared.insights import Dimension, Measurement, Period, Step, kpi, measure

MOST_QUERIED = 200
"""Evaluations of a rule whose every evaluation is measured by itself."""
_ADDED_UP = ("sum", "ratio")
_MINUTES_AT_ONCE = 5000
"""Minutes of one query; one can have 10,000 steps."""
_QUERIES_AT_ONCE = 20
_THREADS = 8
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Past:
    """`every`: minutes between two evaluations. `readings` gives them in the order of time, and reads on as it is asked for
    more; it raises Unavailable."""

    every: int
    readings: Callable[[], Iterator[tuple[datetime, Readings | Failure]]]


def past_of(rule: AlertRule, period: Period) -> Past:
    """The past of a rule that makes sense. Raises InvalidInput for one whose readings are not kept."""
    match rule.source:
        case Source.KPI if kpi(rule.kpi or "").aggregate in _ADDED_UP:
            return Past(rule.every, lambda: _slid(rule, period))
        case Source.KPI:
            every = _coarse(rule, period)
            return Past(every, lambda: _measured_one_by_one(rule, _evaluations(rule, period, every)))
        case Source.SQL:
            every = _coarse(rule, period)
            return Past(every, lambda: _queried(rule, _evaluations(rule, period, every)))
        case Source.SEQUENCE:
            every = _coarse(rule, period)
            return Past(every, lambda: _moved_one_by_one(rule, _evaluations(rule, period, every)))
        case Source.SYSTEM:
            raise InvalidInput(
                "What the evaluator tells of itself is not kept: this rule has no past.", pointer="/system"
            )


def _coarse(rule: AlertRule, period: Period) -> int:
    """Minutes between two evaluations, a multiple of the rule's, so that there are no more than MOST_QUERIED."""
    minutes = period.length // _MINUTE
    return rule.every * max(1, -(-minutes // (rule.every * MOST_QUERIED)))


def _evaluations(rule: AlertRule, period: Period, every: int) -> list[datetime]:
    """When it would have been evaluated: when it is due, and of those times one in `every` minutes."""
    found: list[datetime] = []
    at = period.start.astimezone(UTC)
    while at < period.end:
        if rule.is_due(at) and (not found or at - found[-1] >= every * _MINUTE):
            found.append(at)
        at += _MINUTE
    return found


def _slid(rule: AlertRule, period: Period) -> Iterator[tuple[datetime, Readings]]:
    """Readings of KPIs that add up: minutes enter the window at its end and leave it at its start."""
    window = _Window(rule)
    due = deque(_evaluations(rule, period, rule.every))
    start = period.start - rule.window * _MINUTE
    while due:
        end = min(start + _MINUTES_AT_ONCE * _MINUTE, due[-1])
        window.add(_minutes(rule, Period(start, end)))
        while due and due[0] <= end:
            at = due.popleft()
            yield at, window.readings(at)
        start = end


def _minutes(rule: AlertRule, part: Period) -> list[Measurement]:
    by = [Dimension(label) for label in rule.labels]
    told = measure([rule.kpi or ""], part, by=by, every=Step.MINUTE, k_anonymous=False)
    return [measurement for measurement in told if measurement.samples]


@dataclass
class _Sums:
    """Minutes of one set of labels that are in the window or will be, and the sums of those in it."""

    ahead: deque[Measurement] = field(default_factory=deque)
    inside: deque[Measurement] = field(default_factory=deque)
    numerator: float = 0.0
    denominator: float = 0.0
    samples: int = 0

    def move(self, start: datetime, end: datetime) -> None:
        """Make [start, end) the window; neither is ever set back."""
        while self.ahead and _at(self.ahead[0]) < end:
            self._count(self.ahead[0], 1)
            self.inside.append(self.ahead.popleft())
        while self.inside and _at(self.inside[0]) < start:
            self._count(self.inside.popleft(), -1)
        if not self.inside:
            self.numerator = self.denominator = 0.0

    def _count(self, minute: Measurement, sign: int) -> None:
        self.numerator += sign * (minute.numerator or 0.0)
        self.denominator += sign * (minute.denominator or 0.0)
        self.samples += sign * minute.samples


class _Window:
    """The sums of every set of labels."""

    def __init__(self, rule: AlertRule) -> None:
        self._length = rule.window * _MINUTE
        self._labelled = bool(rule.labels)
        self._is_ratio = kpi(rule.kpi or "").aggregate == "ratio"
        self._sums: dict[Labels, _Sums] = {}

    def add(self, minutes: list[Measurement]) -> None:
        """Minutes to come, each set of labels' in the order of time."""
        for minute in minutes:
            self._sums.setdefault(minute.labels, _Sums()).ahead.append(minute)

    def readings(self, at: datetime) -> dict[Labels, Reading]:
        """What the rule reads at a time, not earlier than the one before."""
        seen = {labels: self._reading(sums, at) for labels, sums in self._sums.items()}
        return {labels: reading for labels, reading in seen.items() if reading.samples or not self._labelled}

    def _reading(self, sums: _Sums, at: datetime) -> Reading:
        sums.move(at - self._length, at)
        if not self._is_ratio:
            return Reading(sums.numerator, sums.samples, counts=True)
        return Reading(sums.numerator / sums.denominator if sums.denominator else None, sums.samples)


def _at(minute: Measurement) -> datetime:
    assert minute.at is not None
    return minute.at


def _measured_one_by_one(rule: AlertRule, times: list[datetime]) -> Iterator[tuple[datetime, Readings | Failure]]:
    return _one_by_one(rule, times, lambda window: read_kpis([rule], window)[rule.id])


def _moved_one_by_one(rule: AlertRule, times: list[datetime]) -> Iterator[tuple[datetime, Readings | Failure]]:
    return _one_by_one(rule, times, lambda window: read_sequences([rule], window)[rule.id])


def _one_by_one(
    rule: AlertRule, times: list[datetime], read: Callable[[Period], Readings | Failure]
) -> Iterator[tuple[datetime, Readings | Failure]]:
    with ThreadPoolExecutor(_THREADS) as threads:
        for part in _parts(times):
            windows = [Period(at - rule.window * _MINUTE, at) for at in part]
            yield from zip(part, threads.map(read, windows), strict=True)


def _queried(rule: AlertRule, times: list[datetime]) -> Iterator[tuple[datetime, Readings | Failure]]:
    for part in _parts(times):
        windows = [Period(at - rule.window * _MINUTE, at) for at in part]
        try:
            seen = read_sql_at(rule.sql or "", rule.labels, windows)
        except Unavailable as error:
            seen = [Failure(error.detail)] * len(windows)
        yield from zip(part, seen, strict=True)


def _parts(times: list[datetime]) -> Iterator[list[datetime]]:
    return (times[start : start + _QUERIES_AT_ONCE] for start in range(0, len(times), _QUERIES_AT_ONCE))
