"""Reading: the cells of KPIs, added up from their rows in BigQuery."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from shared.events import Parameter, run_sql
from shared.insights.composing import Scope, compose
from shared.insights.kpi import Aggregate, Kpi
from shared.insights.measurement import Cell, Cells, Labels

Way = Callable[[], Cells]
"""A query, and the cells that come of it. Raises Unavailable."""
ACTIVE = timedelta(days=30)
_TIMEOUT = 60.0


def ways_to_read(chosen: Iterable[Kpi], scope: Scope) -> list[Way]:
    """How to read the cells of these KPIs from the rows that they are computed from: with as few queries as there can be."""
    ways: dict[tuple[Callable[[Collection[Kpi], Scope, timedelta], Cells], int], list[Kpi]] = defaultdict(list)
    for kpi in chosen:
        ways[_WAYS[kpi.aggregate], kpi.reach_hours].append(kpi)
    return [partial(way, alike, scope, timedelta(hours=reach)) for (way, reach), alike in ways.items()]


def labels_in(row: Mapping[str, Any], scope: Scope) -> Labels:
    """The labels of a row of a composed query."""
    return tuple((dimension.value, row[dimension.value]) for dimension in scope.by)


def _sums(alike: Collection[Kpi], scope: Scope, reach: timedelta) -> Cells:
    rows = run_sql(compose("sums.sql", alike, scope), scope.parameters(reach), timeout=_TIMEOUT)
    return {_key(row, scope): Cell(row["numerator"], row["denominator"], row["samples"]) for row in rows}


def _histograms(alike: Collection[Kpi], scope: Scope, reach: timedelta) -> Cells:
    cells: Cells = defaultdict(Cell)
    for row in run_sql(compose("histograms.sql", alike, scope), scope.parameters(reach), timeout=_TIMEOUT):
        cells[_key(row, scope)].count(row["bucket"], row["samples"])
    return cells


def _people(alike: Collection[Kpi], scope: Scope, reach: timedelta) -> Cells:
    rows = run_sql(compose("people.sql", alike, scope, each_once=False), scope.parameters(reach), timeout=_TIMEOUT)
    return {_key(row, scope): Cell(row["numerator"], row["denominator"], row["numerator"]) for row in rows}


def _actives(alike: Collection[Kpi], scope: Scope, _reach: timedelta) -> Cells:
    """At the ends of the steps, or of the period."""
    if scope.every is None:
        steps: list[datetime | None] = [None]
        ends = [scope.end]
    else:
        starts = list(scope.period.steps(scope.every))
        steps, ends = [*starts], [min(scope.every.after(start), scope.end) for start in starts]
    return _by_number("actives.sql", alike, replace(scope, start=ends[0] - ACTIVE), {"ends": ends}, steps)


def _returning(alike: Collection[Kpi], scope: Scope, _reach: timedelta) -> Cells:
    """Of a step before, in the step; without steps, of the period before, in the period."""
    if scope.every is None:
        steps: list[datetime | None] = [None, None]
        edges = [scope.period.before.start, scope.start]
    else:
        starts = list(scope.period.steps(scope.every))
        edges = [scope.every.before(starts[0]), *starts]
        steps = [*edges]
    return _by_number("returning.sql", alike, replace(scope, start=edges[0]), {"steps": edges}, steps)


def _by_number(
    wrapper: str,
    alike: Collection[Kpi],
    scope: Scope,
    moments: Mapping[str, Parameter],
    steps: list[datetime | None],
) -> Cells:
    """What a query says of its moments by their numbers, each of which stands for a step."""
    sql = compose(wrapper, alike, scope, each_once=False)
    rows = run_sql(sql, {**scope.parameters(), **moments}, timeout=_TIMEOUT)
    return {
        (row["kpi"], labels_in(row, scope), steps[row["number"]]): Cell(
            row["numerator"], row["denominator"], row["numerator"]
        )
        for row in rows
    }


def _key(row: Mapping[str, Any], scope: Scope) -> tuple[str, Labels, datetime | None]:
    return row["kpi"], labels_in(row, scope), row["step"]


_WAYS: Mapping[Aggregate, Callable[[Collection[Kpi], Scope, timedelta], Cells]] = {
    Aggregate.SUM: _sums,
    Aggregate.RATIO: _sums,
    Aggregate.P50: _histograms,
    Aggregate.P95: _histograms,
    Aggregate.PEOPLE: _people,
    Aggregate.PEOPLE_SHARE: _people,
    Aggregate.ACTIVES: _actives,
    Aggregate.RETURNING: _returning,
}
