"""Replay: quarantined rows are tried again after a fix, and those that are good now go to `events`, each once.

`events_rejected` only grows: a row streamed into BigQuery cannot be changed for a while. So that a row is done is written
beside it, in `events_replayed`. A replay that was killed in between finds its events in the ledger when it runs again.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from shared.core.clock import now
from shared.core.errors import Unavailable
from shared.events.ingest import Delivery, rows_of
from shared.events.insertion import insert_rows
from shared.events.ledger import Mark
from shared.events.outcomes import SYNTHETIC_DUPLICATE
from shared.events.query import run_query
from shared.events.rows import REPLAYED, Rejection, Row, check_row, event_mark
from shared.events.stale import mark_stale

_PENDING = Path(__file__).with_name("pending_rejections.sql")
_YEAR = timedelta(days=366)
_PAGE = 500


@dataclass(frozen=True)
class Replay:
    """How many rejections were looked at, how many were taken in, and how many events that made (or would make)."""

    examined: int = 0
    taken: int = 0
    events: int = 0

    @property
    def left(self) -> int:
        """Rejections that are still bad."""
        return self.examined - self.taken

    def __add__(self, other: "Replay") -> "Replay":
        return Replay(self.examined + other.examined, self.taken + other.taken, self.events + other.events)


@dataclass(frozen=True)
class _Rejected:
    """A rejection, and the rows in it if all of them are good now."""

    rejection_id: str
    rows: tuple[Row, ...]

    @property
    def marks(self) -> frozenset[Mark]:
        return frozenset(map(event_mark, self.rows))


def replay(*, reason: str | None = None, since: datetime | None = None, dry_run: bool = False) -> Replay:
    """Take in what was rejected for `reason` (None: any) since `since` (None: ever) and would not be now.

    Synthetic duplicates stay where they are. With `dry_run` nothing is changed. Raises Unavailable: then it can be run again."""
    done = Replay()
    for page in _pages(reason, since or now() - _YEAR):
        good = [rejected for rejected in map(_looked_at, page) if rejected.rows]
        taken = good if dry_run else _take_in(good)
        done += Replay(len(page), len(taken), sum(len(rejected.rows) for rejected in taken))
    return done


def _pages(reason: str | None, since: datetime) -> Iterator[list[dict[str, Any]]]:
    after = ""
    while True:
        parameters = {"reason": reason, "since": since, "never": SYNTHETIC_DUPLICATE, "after": after, "size": _PAGE}
        page = run_query(_PENDING, parameters)
        if not page:
            return
        yield page
        after = page[-1]["rejection_id"]


def _looked_at(row: dict[str, Any]) -> _Rejected:
    try:
        rows = _rows_in(row["payload"])
        for good in rows:
            check_row(good)
    except Rejection:
        return _Rejected(row["rejection_id"], ())
    return _Rejected(row["rejection_id"], tuple(cast("list[Row]", rows)))


def _rows_in(payload: str) -> list[object]:
    """The rows in a payload: that of one event, or a whole message that could not be read."""
    value = json.loads(payload)
    if isinstance(value, str):
        return rows_of(value.encode())
    return list(value["events"]) if isinstance(value, dict) and isinstance(value.get("events"), list) else [value]


def _take_in(good: Sequence[_Rejected]) -> list[_Rejected]:
    """Take the rows in, and note it. The rejections that are settled by that."""
    if not good:
        return []
    hours = {_hour(row["occurred_at"]) for rejected in good for row in rejected.rows}
    mark_stale(hours)
    delivery = Delivery(now())
    for rejected in good:
        for row in rejected.rows:
            delivery.add(row)
    delivery.take_in()
    # Once more: metrics may have been computed between the mark and the rows.
    mark_stale(hours)
    settled = [rejected for rejected in good if rejected.marks <= delivery.taken]
    _note(settled)
    return settled


def _note(settled: Sequence[_Rejected]) -> None:
    at = now().isoformat()
    rows = [{"rejection_id": rejected.rejection_id, "replayed_at": at} for rejected in settled]
    if failures := insert_rows(REPLAYED, rows, [row["rejection_id"] for row in rows]):
        raise Unavailable(f"BigQuery did not take {len(failures)} notes of replayed rows: {failures[0]['errors']}.")


def _hour(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
