"""Kept metrics: events become `metrics_hourly` and `metrics_daily` in BigQuery, `system_performance_metrics/{hour}` in Firestore.

Which hours to compute follows from the data: those whose events are not those that they were last computed from, and those that
somebody who changed their events has marked. So late and redelivered events, a missed run and a killed one all mend themselves
at the next. With an hour those next to it are computed: what begins in the one may end in the other. Days are computed once they
are over, after their hours; one that is not, because a run was killed in between, is older than they are, and not believed. When
KPIs have changed, what was computed before is computed again, too, a day in each run, from the newest on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.core.clients import firestore_client
from shared.events import Parameter, forget_stale, run_query, run_sql, stale_hours
from shared.insights.composing import DAILY, HOURLY, Keeping, compose_aggregation, definitions
from shared.insights.kept import HOUR, neighbours, not_believed
from shared.insights.kpi import MOST_REACH, SQL_FOLDER, Aggregate, kpis
from shared.insights.period import Step

COLLECTION = "system_performance_metrics"
LOOK_BACK = timedelta(days=7)
"""How late an event may come and still be aggregated by the schedule. Pub/Sub delivers for as long."""
LOOK_AHEAD = timedelta(days=1)
"""Senders' clocks may be ahead."""
_RETOLD = timedelta(hours=1)
"""Documents of hours computed this recently are written again, in case the run that computed them was killed."""
_AT_ONCE = timedelta(days=1)
"""Hours this far apart at most are computed by one statement."""
_TIMEOUT = 120.0


@dataclass(frozen=True)
class Aggregation:
    """The hours that had other events, and how many documents were written."""

    hours: list[datetime]
    documents: int


def aggregate_metrics(now: datetime, look_back: timedelta = LOOK_BACK) -> Aggregation:
    """Bring the metrics of the hours since `now - look_back` up to date, and those of the days that are over.

    Raises Unavailable; what is done is done."""
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    end = this_hour + LOOK_AHEAD
    marked = {hour: mark for hour, mark in stale_hours().items() if hour < end}
    window = {"start": min([this_hour - look_back, *marked]), "end": end}
    found = not_believed(**window)
    hours = found.hours | marked.keys() | _outdated(window["start"])
    around = neighbours(hours)
    for batch in _batches(around):
        _compute(HOURLY, batch, now)
    # A day of which the window begins in the middle always looks outdated: it is one if its hours are.
    days = {Step.DAY.floor(hour) for hour in around} | {day for day in found.days if day >= window["start"]}
    for day in sorted(day for day in days if Step.DAY.after(day) <= now):
        _compute(DAILY, [day], now)
    told = {"start": min([window["start"], *hours]), "end": end}
    documents = _tell(told, since=now - _RETOLD, recomputed=hours)
    forget_stale(marked)
    return Aggregation(sorted(hours), documents)


def _outdated(before: datetime) -> set[datetime]:
    """Hours of a day, the newest before then, that KPIs have changed since: so many at a time that a run is soon over; the
    first of a day that is not computed again though its hours are, as a run was killed in between."""
    rows = run_query(SQL_FOLDER / "outdated.sql", {"before": before, "definitions": definitions()})
    return {row["hour"] for row in rows}


def _batches(hours: Iterable[datetime]) -> Iterator[list[datetime]]:
    batch: list[datetime] = []
    for hour in sorted(hours):
        if batch and hour - batch[0] >= _AT_ONCE:
            yield batch
            batch = []
        batch.append(hour)
    if batch:
        yield batch


def _compute(keeping: Keeping, moments: list[datetime], now: datetime) -> None:
    kept = [kpi for kpi in kpis().values() if kpi.hourly]
    shares = (Aggregate.RATIO, Aggregate.PEOPLE_SHARE)
    parameters: dict[str, Parameter] = {
        "moments": moments,
        "start": moments[0] - HOUR * MOST_REACH,
        "end": keeping.grain.after(moments[-1]) + HOUR * MOST_REACH,
        "ratios": [kpi.name for kpi in kept if kpi.aggregate in shares],
        "everybody": True,
        "users": [],
        "computed_at": now,
        "definitions": definitions(),
    }
    run_sql(compose_aggregation(kept, keeping), parameters, timeout=_TIMEOUT)


def _tell(window: dict[str, datetime], since: datetime, recomputed: Iterable[datetime]) -> int:
    """Write the documents of the hours computed since, and delete those of recomputed hours that hold no event any more."""
    rows = run_query(SQL_FOLDER / "hourly_values.sql", {**window, "since": since})
    documents: dict[datetime, dict[str, Any]] = {}
    for row in rows:
        document = documents.setdefault(row["hour"], {"hour": row["hour"], "metrics": {}})
        document["computedAt"] = row["computed_at"]
        document["metrics"][row["kpi"]] = {"value": row["value"], "sampleCount": row["sample_count"]}
    collection = firestore_client().collection(COLLECTION)
    for hour, document in documents.items():
        collection.document(_document_id(hour)).set(document)
    for hour in set(recomputed) - documents.keys():
        collection.document(_document_id(hour)).delete()
    return len(documents)


def _document_id(hour: datetime) -> str:
    return hour.strftime("%Y-%m-%dT%H:00Z")
