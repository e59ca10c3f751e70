"""Kept metrics: what of a scope `metrics_daily` and `metrics_hourly` answer, and what is left for the events themselves.

An hour is answered for if its events, and those of the hours next to it, are the ones that it was computed from, and no KPI has
changed since: then its sums and histograms are just what the events would give. A day is, if it was computed from its hours'
events, and not before they were. The rest is read from the events: the parts of hours at the edges, hours that are not computed
yet, and those with late, changed or erased events."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from shared.events import Parameter, run_query
from shared.insights.composing import Scope, Span, compose_kept, definitions, spanned, within
from shared.insights.kpi import MOST_REACH, SQL_FOLDER, Dimension, Kpi
from shared.insights.measurement import Cells, Labels, Row, bucket_of, told_in
from shared.insights.period import Step
from shared.insights.reading import Question, histograms, histograms_beside_steps, sums_of_steps

HOUR = timedelta(hours=1)
_APART = timedelta(hours=6)
"""Hours further apart than this are in spans of their own: what lies between them need not be looked at."""
_MOST_SPANS = 6
_WITHIN_DAYS = (None, Step.DAY, Step.WEEK, Step.MONTH)
"""Steps that days add up to."""
_COLUMNS = ("label", "second")
_SUMS = "kept_sums.sql"

Grains = frozenset[Step]
_Way = tuple[str, Callable[[Iterable[Row], Callable[[Row], tuple[str, Labels]]], Cells]]
"""The query that reads what is kept, and what its rows come to."""


@dataclass(frozen=True)
class NotBelieved:
    """What of a time is not kept as its events are: hours, and days that lie wholly in it."""

    hours: frozenset[datetime]
    days: frozenset[datetime]


@dataclass(frozen=True)
class Cover:
    """What of a scope is read from the days, what from the hours without the `stale` ones, and what is left for the events."""

    days: tuple[Span, ...]
    hours: tuple[Span, ...]
    stale: tuple[datetime, ...]
    rest: Scope | None


def not_believed(start: datetime, end: datetime) -> NotBelieved:
    """Of [start, end). Raises Unavailable."""
    found: dict[str, set[datetime]] = {"hour": set(), "day": set()}
    for row in run_query(SQL_FOLDER / "not_believed.sql", {"start": start, "end": end, "definitions": definitions()}):
        found[row["grain"]].add(row["start"])
    return NotBelieved(frozenset(found["hour"]), frozenset(found["day"]))


def not_believed_around(start: datetime, end: datetime) -> NotBelieved:
    """Of [start, end), and of what next to it may decide about it. Raises Unavailable."""
    return not_believed(Step.HOUR.floor(start) - HOUR * MOST_REACH, end + HOUR * (1 + MOST_REACH))


def neighbours(hours: Iterable[datetime]) -> set[datetime]:
    """The hours, and those next to them, which they may decide about."""
    return {hour + HOUR * near for hour in hours for near in range(-MOST_REACH, MOST_REACH + 1)}


def grains(kpi: Kpi, scope: Scope) -> Grains:
    """Of which grains what is kept of the KPI may answer for a scope: of everybody's, told by one dimension, or days by two."""
    dimensions = len({*scope.by, *scope.where})
    if not kpi.hourly or scope.users is not None or scope.every is Step.MINUTE or dimensions > len(_COLUMNS):
        return Grains()
    able = {Step.HOUR, Step.DAY}
    if kpi.aggregate.counts_people:
        # Who is there in two hours is one person: only steps that are kept can be told.
        able &= {scope.every} if scope.middle is None else set()
    return Grains(able - {Step.HOUR} if dimensions == len(_COLUMNS) else able)


def cover(scope: Scope, usable: Grains, distrust: NotBelieved) -> Cover:
    """How to read a scope of what is kept in these grains."""
    stale = neighbours(distrust.hours)
    days: list[Span] = []
    hours: list[Span] = []
    for start, end, every in _halves(scope):
        left = [(start, end)]
        if Step.DAY in usable and every in _WITHIN_DAYS and (run := _longest(start, end, stale, distrust.days)):
            days.append(run)
            left = [(start, run[0]), (run[1], end)]
        if Step.HOUR in usable:
            hours += [whole for span in left if (whole := _whole(*span, Step.HOUR))]
    disbelieved = sorted(hour for hour in stale if _in(hour, hours))
    rest = sorted([*_outside(Step.HOUR.floor(scope.start), scope.end, [*days, *hours]), *disbelieved])
    return Cover(tuple(days), tuple(hours), tuple(disbelieved), _rest(scope, rest))


def kept_questions(chosen: Iterable[Kpi], scope: Scope, found: Cover) -> list[Question]:
    """How to read the cells of these KPIs from what is kept."""
    groups: dict[_Way, list[Kpi]] = defaultdict(list)
    for kpi in chosen:
        groups[_way(kpi, scope)].append(kpi)
    return [_question(group, scope, found, way) for way, group in groups.items()]


def _way(kpi: Kpi, scope: Scope) -> _Way:
    if kpi.aggregate.percentile is None or _is_as_kept(kpi, scope):
        return _SUMS, sums_of_steps
    if _alone(scope) is None:
        return "kept_histograms.sql", _histograms
    return "kept_steps.sql", _histograms_beside_steps


def _is_as_kept(kpi: Kpi, scope: Scope) -> bool:
    """Whether it is a percentile that is asked for by the hour, with nothing to be added up."""
    by_the_hour = scope.every is Step.HOUR and scope.middle is None and not scope.where
    return kpi.aggregate.percentile is not None and by_the_hour


def _question(group: Collection[Kpi], scope: Scope, found: Cover, way: _Way) -> Question:
    wrapper, cells = way
    of_hours, of_days = _labelled(scope, _COLUMNS[:1]), _labelled(scope, _COLUMNS)
    sql = compose_kept(
        wrapper,
        scope,
        hours=within("hour", found.hours),
        days=within("day", found.days),
        believed="AND hour NOT IN UNNEST(@stale)" if found.stale else "",
        alone=_alone(scope) or "FALSE",
        hour_labels=of_hours,
        day_labels=of_days,
    )
    people = {kpi.name for kpi in group if kpi.aggregate.counts_people}
    percentiles = {kpi.name for kpi in group if _is_as_kept(kpi, scope)}

    def read(rows: Iterable[Row]) -> Cells:
        told = cells(rows, partial(_series, scope=scope))
        for (name, _, _), cell in told.items() if people or percentiles else ():
            if name in people:
                cell.samples = round(cell.numerator)
            elif name in percentiles:
                cell.count({bucket_of(cell.numerator): cell.samples})
        return told

    parameters = _parameters(group, scope, found)
    return Question(sql, parameters if wrapper != _SUMS else {**parameters, "as_kept": sorted(percentiles)}, read)


def _histograms(rows: Iterable[Row], series: Callable[[Row], tuple[str, Labels]]) -> Cells:
    return histograms(rows, lambda row: (*series(row), row["step"]))


def _histograms_beside_steps(rows: Iterable[Row], series: Callable[[Row], tuple[str, Labels]]) -> Cells:
    return histograms_beside_steps(rows, lambda row: (*series(row), row["step"]))


def _series(row: Row, scope: Scope) -> tuple[str, Labels]:
    """The KPI and the labels of the cells of a row. A filter leaves several rows to one cell."""
    labels = told_in(*(row[column] for column in _COLUMNS))
    if not scope.apart:
        labels = tuple((name, value) for name, value in labels if name in scope.by)
    return row["kpi"], labels


def _parameters(chosen: Iterable[Kpi], scope: Scope, found: Cover) -> dict[str, Parameter]:
    told: dict[str, Parameter] = {"kpis": [kpi.name for kpi in chosen], "end": scope.end}
    told |= {f"apart_{number}": f"{dimension}=" for number, dimension in enumerate(scope.apart)}
    for column, dimension in zip(_COLUMNS, _dimensions(scope), strict=False):
        if dimension in scope.where:
            told[f"{column}s"] = [f"{dimension}={value}" for value in scope.where[dimension]]
        else:
            told[f"{column}_of"] = f"{dimension}="
    told |= spanned("hour", found.hours) | spanned("day", found.days)
    if found.stale:
        told["stale"] = list(found.stale)
    return {**told, **({"middle": scope.middle} if scope.middle is not None else {})}


def _dimensions(scope: Scope) -> list[Dimension]:
    """What the scope is told by, in the order in which labels are kept."""
    return sorted({*scope.by, *scope.where})


def _labelled(scope: Scope, columns: tuple[str, ...]) -> str:
    """The condition that rows are those under the labels of the scope; none is where there are not as many columns."""
    if scope.apart:
        each = ["label = ''", *(f"STARTS_WITH(label, @apart_{number})" for number in range(len(scope.apart)))]
        return " AND ".join([f"({' OR '.join(each)})", *(f"{column} = ''" for column in columns[1:])])
    dimensions = _dimensions(scope)
    if len(dimensions) > len(columns):
        return "FALSE"
    conditions = [
        f"{column} IN UNNEST(@{column}s)" if dimension in scope.where else f"STARTS_WITH({column}, @{column}_of)"
        for column, dimension in zip(columns, dimensions, strict=False)
    ]
    return " AND ".join([*conditions, *(f"{column} = ''" for column in columns[len(dimensions) :])])


def _alone(scope: Scope) -> str | None:
    """The condition that a row is all that there is of a step and its labels; None where none is."""
    if scope.where or scope.every not in (Step.HOUR, Step.DAY):
        return None
    told = f"grain = '{scope.every}'"
    return told if scope.middle is None else f"{told} AND occurred_at >= @middle"


def _halves(scope: Scope) -> list[tuple[datetime, datetime, Step | None]]:
    """Start, end, and the steps that it is told by."""
    if scope.middle is None:
        return [(scope.start, scope.end, scope.every)]
    return [(scope.start, scope.middle, None), (scope.middle, scope.end, scope.every)]


def _longest(
    start: datetime, end: datetime, stale: Collection[datetime], outdated: Collection[datetime]
) -> Span | None:
    """The longest time of whole days in a row that may be believed."""
    whole = _whole(start, end, Step.DAY)
    doubtful = {*outdated, *(Step.DAY.floor(hour) for hour in stale)}
    best: Span | None = None
    run: Span | None = None
    for day in _steps(*whole, Step.DAY) if whole else ():
        run = None if day in doubtful else (run[0] if run else day, Step.DAY.after(day))
        if run and (best is None or run[1] - run[0] > best[1] - best[0]):
            best = run
    return best


def _whole(start: datetime, end: datetime, grain: Step) -> Span | None:
    """What of a time is whole hours, or days; None if nothing is."""
    floor, last = grain.floor(start), grain.floor(end)
    first = floor if floor == start else grain.after(floor)
    return (first, last) if first < last else None


def _steps(start: datetime, end: datetime, grain: Step) -> Iterator[datetime]:
    while start < end:
        yield start
        start = grain.after(start)


def _in(moment: datetime, spans: Iterable[Span]) -> bool:
    return any(start <= moment < end for start, end in spans)


def _outside(start: datetime, end: datetime, spans: Iterable[Span]) -> Iterator[datetime]:
    """The hours of a time that are in none of the spans, which are of whole hours."""
    for begin, until in sorted(spans):
        yield from _steps(start, min(begin, end), Step.HOUR)
        start = max(start, until)
    yield from _steps(start, end, Step.HOUR)


def _rest(scope: Scope, hours: Sequence[datetime]) -> Scope | None:
    """The scope with just these hours, in spans that are not many, and none of which reaches far over others."""
    if not hours:
        return None
    runs: list[list[datetime]] = []
    for hour in hours:
        if runs and hour - runs[-1][-1] <= _APART:
            runs[-1].append(hour)
        else:
            runs.append([hour])
    if len(runs) > _MOST_SPANS:
        runs = [list(hours)]
    spans = tuple((run[0], run[-1] + HOUR) for run in runs)
    start, end = max(spans[0][0], scope.start), min(spans[-1][1], scope.end)
    return replace(scope, start=start, end=end, hours=tuple(hours), spans=spans)
