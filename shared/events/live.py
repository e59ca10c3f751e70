"""Live counters: what was taken in, minute by minute, for displays that cannot wait for a query. Kept for two days in Firestore.

`live_counters/{minute}/shards/{n}` sum up to the minute; several shards, because Firestore takes about one write a second to a
document. What is counted is written in the same commit as the ledger's entries: an event counts once, however often it comes.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from shared.core.clients import firestore_client
from shared.core.errors import Unavailable
from shared.events.outcomes import Outcome, Series, Stage, Tally
from shared.events.rows import Row

if TYPE_CHECKING:
    from google.cloud import firestore

COUNTERS = "live_counters"
SHARDS = 10
KEPT = timedelta(days=2)
_AT_ONCE = 2.0
"""Seconds that somebody who looks at the present waits for it."""
_OPERATION_COUNTS = ("operations", "decided", "failures", "timed", "processing_ms")


@dataclass(frozen=True)
class LiveCounts:
    """Counts of one minute, by the time of arrival. Of the operations, the outcome of those `decided` is known, and those `timed`
    say how long they took, `processing_ms` together."""

    accepted: int = 0
    invalid: int = 0
    duplicate: int = 0
    operations: int = 0
    decided: int = 0
    failures: int = 0
    timed: int = 0
    processing_ms: float = 0


def count(batch: "firestore.WriteBatch", at: datetime, tally: Tally, rows: Sequence[Row] = ()) -> None:
    """Add the tally, and what the accepted `rows` tell, to the minute of `at` when `batch` is committed.

    They tell of operations, and how long ago the API took them in."""
    from google.cloud import firestore

    outcomes = {series.name: firestore.Increment(events) for series, events in tally.items() if events}
    amounts = {name: firestore.Increment(value) for name, value in _operation_counts(rows).items() if value}
    minute = at.replace(second=0, microsecond=0)
    # Which shard is of no importance to anybody.
    shard = _minute(minute).collection("shards").document(str(random.randrange(SHARDS)))  # noqa: S311
    age = {"oldestSeconds": firestore.Maximum(_oldest(at, rows))} if rows else {}
    batch.set(shard, {**amounts, **age, "outcomes": outcomes, "minute": minute, "expireAt": at + KEPT}, merge=True)


def count_now(at: datetime, tally: Tally) -> None:
    """Add the tally to the minute of `at`. Raises Unavailable."""
    from google.api_core.exceptions import GoogleAPIError

    batch = firestore_client().batch()
    count(batch, at, tally)
    try:
        batch.commit()
    except GoogleAPIError as error:
        raise Unavailable(f"Firestore does not answer: {error}") from error


def live_counts(minute: datetime) -> LiveCounts:
    """What finally became of what came in during the minute of `minute`, at the API or, of what that took in, in ingest.

    Raises GoogleAPIError if that is not known in two seconds."""
    stored = _minute(minute).collection("shards").stream(retry=None, timeout=_AT_ONCE)
    shards = [cast("dict[str, Any]", shard.to_dict()) for shard in stored]
    tally = sum((_tally(shard) for shard in shards), Tally())
    final = Counter[Outcome]()
    for series, events in tally.items():
        if (series.stage, series.outcome) != (Stage.API, Outcome.ACCEPTED):
            final[series.outcome] += events
    return LiveCounts(
        **{outcome.value: final[outcome] for outcome in (Outcome.ACCEPTED, Outcome.INVALID, Outcome.DUPLICATE)},
        **{name: sum(shard.get(name, 0) for shard in shards) for name in _OPERATION_COUNTS},
    )


def live_outcomes(minute: datetime) -> Tally:
    """What became of the events of the minute of `minute`, at the API and in ingest."""
    shards = _minute(minute).collection("shards").stream()
    return sum((_tally(cast("dict[str, Any]", shard.to_dict())) for shard in shards), Tally())


def outcomes_since(since: datetime) -> Iterator[tuple[datetime, Tally]]:
    """The tallies of all minutes from that of `since` on, in order. Raises Unavailable."""
    from google.api_core.exceptions import GoogleAPIError
    from google.cloud.firestore import FieldFilter

    first = since.replace(second=0, microsecond=0)
    shards = firestore_client().collection_group("shards").where(filter=FieldFilter("minute", ">=", first))
    minutes: dict[datetime, Tally] = {}
    try:
        for shard in shards.stream():
            stored = cast("dict[str, Any]", shard.to_dict())
            minute = datetime.fromtimestamp(stored["minute"].timestamp(), UTC)
            minutes.setdefault(minute, Tally()).update(_tally(stored))
    except GoogleAPIError as error:
        raise Unavailable(f"Firestore does not answer: {error}") from error
    yield from sorted(minutes.items(), key=lambda item: item[0])


def ages_between(start: datetime, end: datetime) -> Iterator[tuple[datetime, float]]:
    """How many seconds the oldest event had been on its way that came in, by minutes of [start, end). Raises GoogleAPIError."""
    from google.cloud.firestore import FieldFilter

    shards = firestore_client().collection_group("shards").where(filter=FieldFilter("minute", ">=", start))
    oldest: dict[datetime, float] = {}
    for shard in shards.where(filter=FieldFilter("minute", "<", end)).stream():
        stored = cast("dict[str, Any]", shard.to_dict())
        minute = datetime.fromtimestamp(stored["minute"].timestamp(), UTC)
        oldest[minute] = max(oldest.get(minute, 0.0), stored.get("oldestSeconds", 0.0))
    yield from sorted(oldest.items())


def _oldest(at: datetime, rows: Sequence[Row]) -> float:
    """How many seconds before `at` the first of the rows was received."""
    return max((at - datetime.fromisoformat(row["received_at"])).total_seconds() for row in rows)


def _tally(shard: Mapping[str, Any]) -> Tally:
    return Tally({Series.named(name): events for name, events in shard.get("outcomes", {}).items()})


def _operation_counts(rows: Sequence[Row]) -> dict[str, int | float]:
    operations = [row for row in rows if row["event_type"] == "operation"]
    metrics = [cast("dict[str, Any]", row.get("metrics") or {}) for row in operations]
    outcomes = [metric["success"] for metric in metrics if metric.get("success") is not None]
    times = [metric["processing_time"] for metric in metrics if metric.get("processing_time") is not None]
    amounts = len(operations), len(outcomes), outcomes.count(False), len(times), sum(times)
    return dict(zip(_OPERATION_COUNTS, amounts, strict=True))


def _minute(at: datetime) -> Any:
    return firestore_client().collection(COUNTERS).document(at.strftime("%Y-%m-%dT%H:%MZ"))
