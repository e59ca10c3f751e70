"""Measuring: the figures of KPIs for any period, step, label and filter."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from shared.core.errors import InvalidInput
from shared.events import run_sql
from shared.insights.attendance import Attendance
from shared.insights.composing import Scope, Span
from shared.insights.kept import Cover, Grains, NotBelieved, cover, grains, kept_questions, not_believed_around
from shared.insights.kpi import Dimension, Kpi, kpi
from shared.insights.measurement import Cell, Cells, Labels, Measurement, merge
from shared.insights.period import Period, Step
from shared.insights.reading import TIMEOUT, Question, questions
from shared.insights.turnout import Crowd, Turnout

Shown = set[Labels] | None
"""The labels that may be told of: those of at least five people. None where all may be: of the whole, and of one person's."""
Distrust = Future[NotBelieved]
"""What must not be believed of what is kept, once it is known."""


_CROWD = "unique_users"
"""Whom there must be enough of."""


def measure(
    names: Collection[str],
    period: Period,
    *,
    by: Collection[Dimension] = (),
    every: Step | None = None,
    where: Mapping[Dimension, Collection[str]] | None = None,
    users: Collection[str] | None = None,
    k_anonymous: bool = True,
    crowd: "Attending | None" = None,
    distrust: Distrust | None = None,
) -> list[Measurement]:
    """Measure KPIs over a period: as a whole, or in each step of it; for all, or for each value of the dimensions `by`.

    Rows without a value in one of `by` are left out. `where` lets only rows with one of the values count, `users` only events of
    these hashes: those of one person. Unless it is one person's, labels and filters that tell of fewer than five people are left
    out, but with `k_anonymous=False`, which is for rules that nobody reads the figures of. Who measures several times has
    `distrust` asked for once, of all that time; who measures a long time in parts, `begin_crowd` too: what may be told of the
    whole may be told of each part, and a quiet part has no fewer rows for it.

    The measurements come in the order of the names, then of the labels, then of time. Every step of the period has one for each
    set of labels: 0 of what is counted or summed, None of what is a mean, a rate or a percentile of nothing. Percentiles are at
    most 1 % off. Raises InvalidInput (an unknown KPI; a dimension that a KPI cannot be told by; a person's share of what is
    nobody's; too many steps), Unavailable."""
    chosen = [kpi(name) for name in dict.fromkeys(names)]
    scope = Scope.of(period, by, every, where, users)
    check(chosen, scope)
    if crowd is None and k_anonymous:
        crowd = Attending.begin([], [scope])
    cells = read_cells(chosen, scope, distrust)
    return measurements(chosen, scope, cells, crowd.shown()[0] if crowd is not None else None)


def check(chosen: Iterable[Kpi], scope: Scope) -> None:
    """Raise InvalidInput unless these KPIs can be told so."""
    for one in chosen:
        if unknown := {*scope.by, *scope.where} - set(one.dimensions):
            told = f"It can be told by {', '.join(one.dimensions)}." if one.dimensions else "It is a whole."
            raise InvalidInput(f"{one.name} cannot be told by {', '.join(sorted(unknown))}. {told}")
        if scope.users is not None and not one.personal:
            raise InvalidInput(f"{one.name} is about the system: nobody has a share of their own in it.")


def begin_distrust(start: datetime, end: datetime) -> Distrust:
    """Ask what of [start, end) is kept and must not be believed."""
    return _readers().submit(not_believed_around, start, end)


def read_cells(chosen: Collection[Kpi], scope: Scope, distrust: Distrust | None = None) -> Cells:
    """From what is kept where that can answer, else from the rows; what can be read at the same time is.

    Raises Unavailable."""
    kept: dict[Grains, list[Kpi]] = defaultdict(list)
    for one in chosen:
        kept[grains(one, scope)].append(one)
    reading = _begin(questions(kept.pop(Grains(), []), scope))
    covered: dict[tuple[Sequence[Span], ...], tuple[Cover, list[Kpi]]] = {}
    for usable, alike in kept.items():
        distrust = distrust or begin_distrust(scope.start, scope.end)
        found = cover(scope, usable, distrust.result())
        # Grains that cannot be used alike may well come to the same.
        covered.setdefault((found.days, found.hours), (found, []))[1].extend(alike)
    for found, alike in covered.values():
        if found.days or found.hours:
            reading += _begin(kept_questions(alike, scope, found))
            reading += _begin(questions(alike, found.rest) if found.rest is not None else ())
        else:
            reading += _begin(questions(alike, scope))
    return merge(each.result() for each in reading)


@dataclass(frozen=True)
class Attending:
    """How many people there are in some scopes that differ in time only, and which labels may be told of each; asked for."""

    asked: Sequence[tuple[Attendance, "Future[list[dict[str, Any]]]"]]
    scopes: int
    hiding: bool

    @classmethod
    def begin(cls, chosen: Iterable[Kpi], scopes: Sequence[Scope]) -> "Attending":
        """Ask by these KPIs, which count people, with one query for each kind of rows."""
        hiding = scopes[0].users is None and bool(scopes[0].by or scopes[0].where)
        alike: dict[str, dict[str, Kpi]] = defaultdict(dict)
        for one in (*chosen, *((kpi(_CROWD),) if hiding else ())):
            alike[one.sql][one.name] = one
        stepped = hiding and any(scope.every for scope in scopes)
        told = [*scopes, *(replace(scope, every=None) for scope in scopes if stepped)]
        asked = [Attendance.of([*group.values()], told, crowds=hiding and _CROWD in group) for group in alike.values()]
        rows = [_readers().submit(run_sql, each.sql, each.parameters, timeout=TIMEOUT) for each in asked]
        return cls([*zip(asked, rows, strict=True)], len(scopes), hiding)

    def cells(self) -> list[Cells]:
        """Those of each scope. Raises Unavailable."""
        found = [each.cells(rows.result()) for each, rows in self.asked]
        return [merge(each[number] for each in found) for number in range(self.scopes)]

    def shown(self) -> list[Shown]:
        """Which labels may be told of each scope. Raises Unavailable."""
        if not self.hiding:
            return [None] * self.scopes
        found = [each.crowds(rows.result(), _CROWD)[-self.scopes :] for each, rows in self.asked]
        return [set().union(*(each[number] for each in found)) for number in range(self.scopes)]


def begin_crowd(
    period: Period,
    by: Collection[Dimension] = (),
    where: Mapping[Dimension, Collection[str]] | None = None,
    users: Collection[str] | None = None,
) -> Attending:
    """Ask which labels may be told of a period; see `measure`."""
    return Attending.begin([], [Scope.of(period, by, where=where, users=users)])


def begin_turnout(scope: Scope) -> Future[Crowd]:
    """Ask how many people did anything in a scope that is told apart by some dimensions."""
    return _readers().submit(Turnout(kpi(_CROWD), scope).ask)


def measurements(chosen: Iterable[Kpi], scope: Scope, cells: Cells, shown: Shown) -> list[Measurement]:
    """What the cells of a scope come to, in the order of `measure`. Of labels that are not `shown` (None: all are), it is that
    there is nothing to say."""
    found: dict[str, set[Labels]] = defaultdict(set)
    for name, labels, _ in cells if scope.by else ():
        found[name].add(labels)
    steps: list[datetime | None] = [*scope.period.steps(scope.every)] if scope.every else [None]
    return [
        measurement
        for one in chosen
        for labels in (sorted(found[one.name]) if scope.by else [()])
        for measurement in _measurements(one, labels, steps, cells, shown if one.personal else None)
    ]


@cache
def _readers() -> ThreadPoolExecutor:
    """They wait for BigQuery."""
    return ThreadPoolExecutor(8, "measuring")


def _begin(asked: Iterable[Question]) -> list[Future[Cells]]:
    """Ask them side by side."""
    return [_readers().submit(question.ask) for question in asked]


def _measurements(
    one: Kpi, labels: Labels, steps: Sequence[datetime | None], cells: Cells, shown: Shown
) -> Iterator[Measurement]:
    """Of labels that are shown; of a whole that is not, that there is nothing to say."""
    if shown is None or labels in shown:
        nothing = Cell()
        for step in steps:
            yield cells.get((one.name, labels, step), nothing).measurement(one, labels, step)
    elif not labels:
        for step in steps:
            yield Measurement(one.name, labels, step, None, None, None, 0)
