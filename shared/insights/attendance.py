"""Attendance: how many people were there, in all the times that are asked about, read once.

The edges of these times cut time into slots. Of each person it is read in which slots they were there, as bits: whether
that was in a time, or in two, is a matter of masks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.events import K_ANONYMITY, Parameter
from shared.insights.composing import Scope, Span, compose
from shared.insights.kpi import Aggregate, Dimension, Kpi
from shared.insights.measurement import Cell, Cells, Labels, Row, labels_in
from shared.insights.slots import BITS, Slots

ACTIVE = timedelta(days=30)
ENOUGH = f"SUM(people) >= {K_ANONYMITY} * GREATEST(COUNT(DISTINCT salt_version), 1)"
"""As `k_anonymous.sql` has it, where people are counted."""


@dataclass(frozen=True)
class Stay:
    """Whom to count for a KPI in a step of a scope (numbered): those who were there at `first`, and at `second`."""

    scope: int
    kpi: Kpi
    step: datetime | None
    first: Span
    second: Span


@dataclass(frozen=True)
class Attendance:
    """The query that answers for KPIs that count people by the same rows, in scopes that differ in time only."""

    sql: str
    parameters: Mapping[str, Parameter]
    stays: Sequence[Stay]
    by: Sequence[Dimension]
    scopes: int

    @classmethod
    def of(cls, chosen: Sequence[Kpi], scopes: Sequence[Scope], *, crowds: bool = False) -> "Attendance":
        """Of these KPIs; it says of which `crowds` may be told, or that of all."""
        stays = [stay for number, scope in enumerate(scopes) for one in chosen for stay in _stays(one, scope, number)]
        slots = Slots.of(span for stay in stays for span in (stay.first, stay.second))
        scope = replace(scopes[0], start=slots.edges[0], end=slots.edges[-1], every=None, middle=None)
        read = {"counted": "numerator"}
        if any(one.aggregate is Aggregate.PEOPLE_SHARE for one in chosen):
            read["asked"] = "denominator"
        counted, asked = _in("first", "counted", slots), _in("first", list(read)[-1], slots)
        sql = compose(
            "attendance.sql",
            chosen[:1],
            scope,
            each_once=False,
            slot=slots.sql,
            bit=f"1 << MOD(slot, {BITS})" if len(slots.words) > 1 else "1 << slot",
            word=f"DIV(slot, {BITS})" if len(slots.words) > 1 else "0",
            words=", ".join(_word(name, what, word, slots) for name, what in read.items() for word in slots.words),
            bits=", ".join(f"{name}_{word}" for name in read for word in slots.words),
            salt="ANY_VALUE(salt_version)" if crowds else "NULL",
            masks=", ".join(_mask(side, word, slots) for side in _SIDES for word in slots.words),
            counted=counted,
            asked=asked,
            stayed=f"{counted} AND {_in('second', 'counted', slots)}",
            enough=ENOUGH if crowds else "TRUE",
        )
        parameters: dict[str, Parameter] = {**scope.parameters(), **slots.parameters}
        for side in _SIDES:
            spans: list[Span] = [getattr(stay, side) for stay in stays]
            parameters[f"{side}_begins"] = [slots.number(start) for start, _ in spans]
            parameters[f"{side}_ends"] = [slots.number(end) for _, end in spans]
        return cls(sql, parameters, stays, scope.by, len(scopes))

    def cells(self, rows: Iterable[Row]) -> list[Cells]:
        """Those of each scope."""
        found: list[Cells] = [defaultdict(Cell) for _ in range(self.scopes)]
        for row in rows:
            stay, key = self._place(row)
            found[stay.scope][key].add(row["numerator"], row["denominator"], row["numerator"])
        return found

    def crowds(self, rows: Iterable[Row], of: str) -> list[set[Labels]]:
        """The labels of each scope that may be told by how many this KPI counts in the whole of it."""
        found: list[set[Labels]] = [set() for _ in range(self.scopes)]
        for row in rows:
            stay, (name, labels, step) = self._place(row)
            if row["enough"] and name == of and step is None:
                found[stay.scope].add(labels)
        return found

    def _place(self, row: Row) -> tuple[Stay, tuple[str, Labels, datetime | None]]:
        stay = self.stays[row["number"]]
        return stay, (stay.kpi.name, labels_in(row, self.by), stay.step)


_SIDES = ("first", "second")


def _word(name: str, what: str, word: int, slots: Slots) -> str:
    """The column with the bits of the slots in which a person has so many of what."""
    within = f" AND word = {word}" if len(slots.words) > 1 else ""
    return f"BIT_OR(IF({what} > 0{within}, bit, 0)) AS {name}_{word}"


def _mask(side: str, word: int, slots: Slots) -> str:
    """The column with the bits of a word that are of the slots of a side of a stay."""
    edges = [f"{side}_end", f"{side}_begin"]
    if len(slots.words) > 1:
        edges = [f"LEAST(GREATEST({edge} - {word * BITS}, 0), {BITS})" for edge in edges]
    return f"(1 << {edges[0]}) - (1 << {edges[1]}) AS {side}_{word}"


def _in(side: str, name: str, slots: Slots) -> str:
    """The condition that some bits of a column are in a side of a stay."""
    return "(" + " OR ".join(f"({name}_{word} & {side}_{word}) <> 0" for word in slots.words) + ")"


def _stays(one: Kpi, scope: Scope, number: int) -> Iterator[Stay]:
    for step, first, second in _SPANS[one.aggregate](scope) if one.aggregate in _SPANS else _there(scope):
        yield Stay(number, one, step, first, second)


_Told = Iterator[tuple[datetime | None, Span, Span]]


def _there(scope: Scope) -> _Told:
    """In the steps, or in the whole."""
    for step, start, end in _steps(scope):
        span = max(start, scope.start), end
        yield step, span, span


def _actives(scope: Scope) -> _Told:
    """In the 30 days up to the ends of the steps, or of the whole."""
    for step, _, end in _steps(scope):
        yield step, (end - ACTIVE, end), (end - ACTIVE, end)


def _returning(scope: Scope) -> _Told:
    """In a step, or in the whole, and in the one before."""
    for step, start, end in _steps(scope):
        before = scope.every.before(start) if scope.every else scope.period.before.start
        yield step, (before, start), (start, end)


_SPANS = {Aggregate.ACTIVES: _actives, Aggregate.RETURNING: _returning}


def _steps(scope: Scope) -> Iterator[tuple[datetime | None, datetime, datetime]]:
    """The steps with their starts and ends, of which the last is that of the scope; only those that hours which count are in."""
    every = scope.every
    if every is None:
        yield None, scope.start, scope.end
        return
    within = {every.floor(hour) for hour in scope.hours} if scope.hours is not None else None
    for start in scope.period.steps(every):
        if within is None or start in within:
            yield start, start, min(every.after(start), scope.end)
