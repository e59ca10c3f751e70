"""Hourly metrics: events become `metrics_hourly` in BigQuery and `system_performance_metrics/{hour}` in Firestore.

Which hours to compute follows from the data: those that hold another number of events than was counted when they were last
computed, and those that somebody who changed their events has marked. So late and redelivered events, a missed run and a killed
one all mend themselves at the next.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from shared.core.clients import firestore_client
from shared.events import forget_stale, run_query, stale_hours

COLLECTION = "system_performance_metrics"
LOOK_BACK = timedelta(days=7)
"""How late an event may come and still be aggregated by the schedule. Pub/Sub delivers for as long."""
LOOK_AHEAD = timedelta(days=1)
"""Senders' clocks may be ahead."""
_RETOLD = timedelta(hours=1)
"""Documents of hours computed this recently are written again, in case the run that computed them was killed."""
_HERE = Path(__file__).parent
_TIMEOUT = 120.0


@dataclass(frozen=True)
class Aggregation:
    """The hours that were computed anew, and how many documents were written."""

    hours: list[datetime]
    documents: int


def aggregate_metrics(now: datetime, look_back: timedelta = LOOK_BACK) -> Aggregation:
    """Bring the metrics of the hours since `now - look_back` up to date. Raises Unavailable; what is done is done."""
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    end = this_hour + LOOK_AHEAD
    stale = {hour: mark for hour, mark in stale_hours().items() if hour < end}
    window = {"start": min([this_hour - look_back, *stale]), "end": end}
    touched: set[datetime] = {row["hour"] for row in run_query(_HERE / "touched_hours.sql", window)}
    hours = sorted(touched | stale.keys())
    if hours:
        only = {"start": hours[0], "end": hours[-1] + timedelta(hours=1)}
        run_query(_HERE / "aggregate.sql", {**only, "hours": hours, "computed_at": now}, timeout=_TIMEOUT)
    documents = _tell(window, since=now - _RETOLD, recomputed=hours)
    forget_stale(stale)
    return Aggregation(hours, documents)


def _tell(window: dict[str, datetime], since: datetime, recomputed: list[datetime]) -> int:
    """Write the documents of the hours computed since, and delete those of recomputed hours that hold no event any more."""
    rows = run_query(_HERE / "system_performance.sql", {**window, "since": since})
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
