"""Tracing: where a figure comes from. Its SQL, the rows that went into it, and what was left out of it and why."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.core.paging import Page, cut_page, decode_cursor
from shared.events import Parameter, run_query, run_sql
from shared.insights.composing import Scope, compose, compose_page
from shared.insights.kpi import SQL_FOLDER, Dimension, Kpi, kpi
from shared.insights.measurement import Measurement
from shared.insights.measuring import check, measure
from shared.insights.period import Period
from shared.insights.reading import questions

_SAID = {
    "rejected": "refused: the event can never be taken in",
    "repeated": "there more than once: each counts once",
    "duplicate": "came before",
    "filtered": "of people who are not watched",
    "limited": "over its sender's budget",
    "too_few_people": "under labels that fewer than five people are in",
}


@dataclass(frozen=True)
class TracedRow:
    """A row that a KPI is computed from. Without `event_id`, and to the minute, where it is not one's own."""

    at: datetime
    event_id: str | None
    labels: Mapping[str, str]
    numerator: float
    denominator: float


@dataclass(frozen=True)
class LeftOut:
    """Events that did not count: of what kind, with which code of a reason, in words, and how many."""

    kind: str
    reason: str
    detail: str
    events: int


@dataclass(frozen=True)
class Trace:
    """Where the figure of a KPI comes from.

    `sql` with `parameters` gives its numerator and denominator, or its histogram; `rows` are a page of what went into it, the
    newest first. `next_page_token` is None on the last page."""

    kpi: Kpi
    measurement: Measurement
    sql: str
    parameters: Mapping[str, Parameter]
    rows: list[TracedRow]
    next_page_token: str | None
    left_out: tuple[LeftOut, ...]


def trace(
    name: str,
    period: Period,
    *,
    by: Collection[Dimension] = (),
    where: Mapping[Dimension, Collection[str]] | None = None,
    users: Collection[str] | None = None,
    limit: int = 100,
    page_token: str | None = None,
) -> Trace:
    """Trace the figure of a KPI over a period. `by` is only for what it leaves out: the figure is that of the whole.

    Of everybody's rows none tells whose it is, and none of anything that fewer than five people share. Raises InvalidInput as
    `measure` does, and for a page token of something else; Unavailable."""
    one = kpi(name)
    scope = Scope.of(period, where=where, users=users)
    told = Scope.of(period, by, where=where, users=users)
    check([one], told)
    [measurement] = measure([name], period, where=where, users=users)
    [question] = questions([one], scope)
    page = _page(one, scope, limit, page_token)
    left_out = tuple(_left_out(one, told)) if one.personal else ()
    return Trace(one, measurement, question.sql, question.parameters, page.items, page.next_page_token, left_out)


def _page(one: Kpi, scope: Scope, limit: int, page_token: str | None) -> Page[TracedRow]:
    offset = decode_cursor(page_token, int)[0] if page_token else 0
    parameters = {**scope.parameters(one.reach), "offset": offset, "limit": limit + 1}
    found = [_row(row, one) for row in run_sql(compose_page(one, scope), parameters)]
    return cut_page(found, limit, lambda _: [offset + limit])


def _row(row: Mapping[str, Any], one: Kpi) -> TracedRow:
    labels = {dimension.value: row[dimension.value] for dimension in one.dimensions}
    known = {name: value for name, value in labels.items() if value is not None}
    return TracedRow(row["occurred_at"], row["event_id"], known, row["numerator"], row["denominator"])


def _left_out(one: Kpi, scope: Scope) -> Iterator[LeftOut]:
    """What was left out of the whole period, whatever it is filtered by."""
    parameters = scope.parameters()
    asked = {name: parameters[name] for name in ("from", "until", "everybody", "users")}
    for row in run_query(SQL_FOLDER / "left_out.sql", asked):
        if row["events"]:
            yield LeftOut(row["kind"], row["reason"], _SAID[row["kind"]], row["events"])
    if scope.by and scope.users is None:
        [few] = run_sql(compose("too_few.sql", [one], scope, each_once=False), scope.parameters(one.reach))
        if few["events"]:
            yield LeftOut("too_few_people", "", _SAID["too_few_people"], few["events"])
