"""Reading: the cells of KPIs, added up from the rows that they are computed from."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from shared.events import Parameter, run_sql
from shared.insights.composing import Half, Scope, compose
from shared.insights.kpi import Aggregate, Kpi
from shared.insights.measurement import Cell, Cells, Labels
from shared.insights.period import Step

Row = Mapping[str, Any]
ACTIVE = timedelta(days=30)
_GRAINS = (Step.DAY, Step.HOUR, Step.MINUTE)
_TIMEOUT = 60.0


@dataclass(frozen=True)
class Question:
    """A query with its parameters, and what cells come of the rows that answer it."""

    sql: str
    parameters: Mapping[str, Parameter]
    cells: Callable[[Iterable[Row]], Cells]

    def ask(self) -> Cells:
        """The cells. Raises Unavailable."""
        return self.cells(run_sql(self.sql, self.parameters, timeout=_TIMEOUT))


def questions(chosen: Iterable[Kpi], scope: Scope) -> list[Question]:
    """As few as the cells of these KPIs can be read with."""
    alike: dict[Callable[[Sequence[Kpi], Scope], Question], list[Kpi]] = defaultdict(list)
    for kpi in chosen:
        alike[_QUESTIONS[kpi.aggregate]].append(kpi)
    return [question(group, scope) for question, group in alike.items()]


def compared_people(chosen: Sequence[Kpi], scope: Scope) -> tuple[dict[Half, Cells], Cells]:
    """The cells of KPIs that count people: of the halves of a scope as wholes, and of the steps after the middle; read at once.

    Raises Unavailable."""
    sql = compose("compared_people.sql", chosen, scope, each_once=False)
    wholes: dict[Half, Cells] = {half: defaultdict(Cell) for half in Half}
    steps: Cells = defaultdict(Cell)
    for row in run_sql(sql, scope.parameters(), timeout=_TIMEOUT) if chosen else ():
        cells = wholes[Half.AFTER if row["after"] else Half.BEFORE] if row["whole"] else steps
        cells[key_in(row, scope)].add(row["numerator"], row["denominator"], row["numerator"])
    return wholes, steps


def labels_in(row: Row, scope: Scope) -> Labels:
    """The labels of a row of a composed query."""
    return tuple((dimension.value, row[dimension.value]) for dimension in scope.by)


def key_in(row: Row, scope: Scope) -> tuple[str, Labels, datetime | None]:
    """The key of the cell that a row of a composed query belongs to."""
    return row["kpi"], labels_in(row, scope), row["step"]


def sums(rows: Iterable[Row], key: Callable[[Row], tuple[str, Labels, datetime | None]]) -> Cells:
    """The cells of rows that are sums."""
    cells: Cells = defaultdict(Cell)
    for row in rows:
        cells[key(row)].add(row["numerator"], row["denominator"], row["samples"])
    return cells


def histograms(rows: Iterable[Row], key: Callable[[Row], tuple[str, Labels, datetime | None]]) -> Cells:
    """The cells of rows that are buckets of histograms."""
    cells: Cells = defaultdict(Cell)
    for row in rows:
        said = list(map(int, row["buckets"].replace(":", " ").split()))
        cells[key(row)].count(dict(zip(said[::2], said[1::2], strict=True)))
    return cells


def _reach(alike: Iterable[Kpi]) -> timedelta:
    """How far around the period events are read for all of them."""
    return max(kpi.reach for kpi in alike)


def _sums(alike: Sequence[Kpi], scope: Scope) -> Question:
    key = partial(key_in, scope=scope)
    return Question(compose("sums.sql", alike, scope), scope.parameters(_reach(alike)), partial(sums, key=key))


def _histograms(alike: Sequence[Kpi], scope: Scope) -> Question:
    key = partial(key_in, scope=scope)
    sql = compose("histograms.sql", alike, scope)
    return Question(sql, scope.parameters(_reach(alike)), partial(histograms, key=key))


def _people(alike: Sequence[Kpi], scope: Scope) -> Question:
    key = partial(key_in, scope=scope)
    sql = compose("people.sql", alike, scope, each_once=False)
    return Question(sql, scope.parameters(_reach(alike)), partial(sums, key=key))


def _actives(alike: Sequence[Kpi], scope: Scope) -> Question:
    """At the ends of the steps, or of the period."""
    if scope.every is None:
        return _people(alike, replace(scope, start=scope.end - ACTIVE))
    starts = list(scope.period.steps(scope.every))
    ends = [min(scope.every.after(start), scope.end) for start in starts]
    grain = next(grain for grain in _GRAINS if all(grain.floor(end) == end for end in ends[:-1]))
    # Who was there in the time that all the moments look back on counts at each of them, whenever exactly that was.
    shared = (ends[-1] - ACTIVE, ends[0])
    moments: dict[str, Parameter] = {
        "ends": ends,
        "cut": ends[-1] - ACTIVE,
        "shared_from": min(shared),
        "shared_until": shared[1],
    }
    return _numbered("actives.sql", alike, replace(scope, start=ends[0] - ACTIVE), moments, starts, grain=grain.sql)


def _returning(alike: Sequence[Kpi], scope: Scope) -> Question:
    """Of a step before, in the step; without steps, of the period before, in the period."""
    if scope.every is None:
        steps: list[datetime | None] = [None, None]
        edges = [scope.period.before.start, scope.start]
    else:
        starts = list(scope.period.steps(scope.every))
        edges = [scope.every.before(starts[0]), *starts]
        steps = [*edges]
    return _numbered("returning.sql", alike, replace(scope, start=edges[0]), {"steps": edges}, steps)


def _numbered(
    wrapper: str,
    alike: Sequence[Kpi],
    scope: Scope,
    moments: Mapping[str, Parameter],
    steps: Sequence[datetime | None],
    **parts: str,
) -> Question:
    """What a query says of its moments by their numbers, each of which stands for a step."""

    def key(row: Row) -> tuple[str, Labels, datetime | None]:
        return row["kpi"], labels_in(row, scope), steps[row["number"]]

    sql = compose(wrapper, alike, scope, each_once=False, **parts)
    return Question(sql, {**scope.parameters(), **moments}, partial(sums, key=key))


_QUESTIONS: Mapping[Aggregate, Callable[[Sequence[Kpi], Scope], Question]] = {
    Aggregate.SUM: _sums,
    Aggregate.RATIO: _sums,
    Aggregate.P50: _histograms,
    Aggregate.P95: _histograms,
    Aggregate.PEOPLE: _people,
    Aggregate.PEOPLE_SHARE: _people,
    Aggregate.ACTIVES: _actives,
    Aggregate.RETURNING: _returning,
}
