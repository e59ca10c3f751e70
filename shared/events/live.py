"""Live counters: what was taken in, minute by minute, for displays that cannot wait for a query. Kept for two days in Firestore.

`live_counters/{minute}/shards/{n}` sum up to the minute; several shards, because Firestore takes about one write a second to a
document. A message is counted once, however often it arrives: its mark is written in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from shared.core.clients import firestore_client
from shared.core.errors import Unavailable
from shared.events.rows import Row

if TYPE_CHECKING:
    from google.cloud import firestore

COUNTERS = "live_counters"
MARKS = "ingested_messages"
SHARDS = 10
_KEPT = timedelta(days=2)
_REDELIVERED = timedelta(days=8)
"""Pub/Sub keeps an unacknowledged message for 7 days."""


@dataclass(frozen=True)
class LiveCounts:
    """Counts of one minute, by the time of arrival."""

    accepted: int = 0
    invalid: int = 0
    operations: int = 0
    failures: int = 0
    processing_ms: float = 0


def already_counted(digest: str) -> bool:
    """Whether a message with this digest was taken in before."""
    return bool(_mark(digest).get([]).exists)


def count_once(digest: str, rows: Sequence[Row], *, invalid: int, at: datetime) -> bool:
    """Add the rows of a message to the minute `at`, unless a message with this digest was counted. Whether it was added."""
    from google.api_core.exceptions import GoogleAPIError
    from google.cloud import firestore

    shard = _minute(at).collection("shards").document(str(int(digest[:8], 16) % SHARDS))
    amounts = {name: firestore.Increment(value) for name, value in _amounts(rows, invalid).items() if value}

    @firestore.transactional
    def add(transaction: "firestore.Transaction") -> bool:
        if _mark(digest).get([], transaction=transaction).exists:
            return False
        transaction.create(_mark(digest), {"at": at, "expireAt": at + _REDELIVERED})
        transaction.set(shard, amounts | {"expireAt": at + _KEPT}, merge=True)
        return True

    try:
        return bool(add(firestore_client().transaction()))
    except GoogleAPIError as error:
        raise Unavailable(f"Firestore does not answer: {error}") from error


def live_counts(minute: datetime) -> LiveCounts:
    """What was taken in during the minute of `minute`."""
    shards = [cast("dict[str, Any]", shard.to_dict()) for shard in _minute(minute).collection("shards").stream()]
    return LiveCounts(**{name: sum(shard.get(name, 0) for shard in shards) for name in LiveCounts.__dataclass_fields__})


def _amounts(rows: Sequence[Row], invalid: int) -> dict[str, int | float]:
    operations = [row for row in rows if row["event_type"] == "operation"]
    metrics = [cast("dict[str, Any]", row.get("metrics") or {}) for row in operations]
    return {
        "accepted": len(rows),
        "invalid": invalid,
        "operations": len(operations),
        "failures": sum(metric.get("success") is False for metric in metrics),
        "processing_ms": sum(metric.get("processing_time") or 0 for metric in metrics),
    }


def _mark(digest: str) -> Any:
    return firestore_client().collection(MARKS).document(digest)


def _minute(at: datetime) -> Any:
    return firestore_client().collection(COUNTERS).document(at.strftime("%Y-%m-%dT%H:%MZ"))
