"""Kept hours: what of a scope `metrics_hourly` answers, and what is left for the events themselves to answer.

An hour is answered for if its events, and those of the hours next to it, are the ones that it was computed from: then its sums
and histograms are just what the events would give. The rest is read from the events: the parts of hours at the edges, hours
that are not computed yet, and those with late, changed or erased events."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from shared.events import Parameter, run_query
from shared.insights.composing import Scope, compose_kept
from shared.insights.kpi import MOST_REACH, SQL_FOLDER, Kpi
from shared.insights.measurement import Labels
from shared.insights.period import Step
from shared.insights.reading import Question, Row, histograms, sums

HOUR = timedelta(hours=1)
_APART = timedelta(days=2)
"""Hours further apart than this are read from the events apart: what lies between them need not be looked at."""
_MOST_PARTS = 4


def is_kept(kpi: Kpi, scope: Scope) -> bool:
    """Whether hours that are kept of the KPI can answer for a scope: everybody's, and told by one dimension at most."""
    dimensions = {*scope.by, *scope.where}
    return (
        kpi.hourly
        and kpi.aggregate.mergeable
        and scope.users is None
        and scope.every is not Step.MINUTE
        and len(dimensions) <= 1
        and _whole_hours(scope) is not None
    )


def gaps(scope: Scope) -> tuple[list[datetime], list[Scope]]:
    """The hours of the scope that are kept and must not be believed, and the parts of the scope that the events are to answer."""
    whole = _whole_hours(scope)
    assert whole is not None
    start, end = whole
    around = {"start": start - HOUR * MOST_REACH, "end": end + HOUR * MOST_REACH}
    found = [row["hour"] for row in run_query(SQL_FOLDER / "stale_hours.sql", around)]
    stale = {hour + HOUR * near for hour in found for near in range(-MOST_REACH, MOST_REACH + 1)}
    stale = {hour for hour in stale if start <= hour < end}
    edges = {Step.HOUR.floor(scope.start)} if scope.start < start else set()
    edges |= {end} if end < scope.end else set()
    if scope.middle is not None and (halved := Step.HOUR.floor(scope.middle)) != scope.middle:
        stale |= {halved} if start <= halved < end else set()
        edges.add(halved)
    return sorted(stale), list(_parts(scope, sorted(stale | edges)))


def kept_questions(chosen: Iterable[Kpi], scope: Scope, stale: list[datetime]) -> list[Question]:
    """How to read the cells of these KPIs from the hours that are kept, but the stale ones."""
    groups: dict[bool, list[Kpi]] = defaultdict(list)
    for kpi in chosen:
        groups[kpi.aggregate.percentile is not None].append(kpi)
    return [_question(group, scope, stale, counted=counted) for counted, group in groups.items()]


def _question(group: Iterable[Kpi], scope: Scope, stale: list[datetime], *, counted: bool) -> Question:
    wrapper, cells = ("kept_histograms.sql", histograms) if counted else ("kept_sums.sql", sums)
    sql = compose_kept(wrapper, scope, but_stale=bool(stale))
    return Question(sql, _parameters(group, scope, stale), partial(cells, key=partial(_key, scope=scope)))


def _key(row: Row, scope: Scope) -> tuple[str, Labels, datetime | None]:
    """Where there are labels, they are those of one dimension; a filter leaves several rows to one cell."""
    dimension, _, value = row["label"].partition("=")
    return row["kpi"], ((dimension, value),) if scope.by else (), row["step"]


def _parameters(chosen: Iterable[Kpi], scope: Scope, stale: list[datetime]) -> dict[str, Parameter]:
    whole = _whole_hours(scope)
    assert whole is not None
    values = [f"{dimension}={value}" for dimension, values in scope.where.items() for value in values]
    return {
        "from": whole[0],
        "until": whole[1],
        **({"stale": stale} if stale else {}),
        **({"middle": scope.middle} if scope.middle is not None else {}),
        "kpis": [kpi.name for kpi in chosen],
        "by": f"{scope.by[0]}=" if scope.by and not scope.where else "",
        "labels": values if scope.where else [""],
    }


def _whole_hours(scope: Scope) -> tuple[datetime, datetime] | None:
    """The start of the first hour that is wholly in the scope, and the end of the last; None if there is none."""
    start = Step.HOUR.floor(scope.start)
    if start < scope.start:
        start += HOUR
    end = Step.HOUR.floor(scope.end)
    return (start, end) if start < end else None


def _parts(scope: Scope, hours: Collection[datetime]) -> Iterator[Scope]:
    """Scopes that together have just these hours of the scope, not many, and none that reaches far over others."""
    runs: list[list[datetime]] = []
    for hour in hours:
        if runs and hour - runs[-1][-1] <= _APART:
            runs[-1].append(hour)
        else:
            runs.append([hour])
    if len(runs) > _MOST_PARTS:
        runs = [list(hours)]
    for run in runs:
        start, end = max(run[0], scope.start), min(run[-1] + HOUR, scope.end)
        yield replace(scope, start=start, end=end, hours=tuple(run))
