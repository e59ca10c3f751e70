"""Ingest: rows of a message go to BigQuery; what cannot go there is quarantined with the reason. Nothing is lost.

A message can arrive twice, and an event in two messages. The order makes that harmless: rows are inserted first, and entered
into the ledger, together with what they add to the counters, in one commit afterwards. A process killed before the commit
inserts again, under the same insert ids, what every query reads only once (`deduplicated_events`); one killed after it finds
everything in the ledger. Of two at once one commits, and the other reads again.
"""

import json
import random
import time
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.collecting import without_collecting
from shared.core.errors import Unavailable
from shared.events.filtering import WITHHELD, withheld_rows
from shared.events.insertion import insert_events, insert_rejected
from shared.events.ledger import Mark, Reading, read_ledger
from shared.events.live import count
from shared.events.outcomes import NATURAL_DUPLICATE, SYNTHETIC_DUPLICATE, Outcome, Stage, Tally, tally_of
from shared.events.rows import Rejection, Row, check_row, event_mark, insert_id, rejected_row, rejection_mark

_ATTEMPTS = 12
_PAUSE = 0.02
"""Seconds before the second attempt to commit, on average; it doubles up to a second."""


_Told = tuple[Outcome, str, object]
"""Outcome, reason, and the platform as the row has it."""


@dataclass(frozen=True)
class IngestResult:
    """What became of a message: `accepted + filtered + invalid + duplicate` is what it carried."""

    accepted: int = 0
    invalid: int = 0
    duplicate: int = 0
    filtered: int = 0


def ingest(data: bytes) -> IngestResult:
    """Write the events of a message to BigQuery. Raises Unavailable if a service does not answer: the message must come again."""
    delivery = Delivery(now())
    try:
        rows = rows_of(data)
    except Rejection as poisoned:
        delivery.reject(data.decode(errors="backslashreplace"), poisoned)
    else:
        for row in rows:
            delivery.add(row)
    return result_of(delivery.take_in())


def quarantine(data: bytes, code: str, reason: str) -> IngestResult:
    """Keep a message as a whole in `events_rejected`. Raises Unavailable."""
    try:
        message: object = json.loads(data)
    except (ValueError, RecursionError):
        message = data.decode(errors="backslashreplace")
    delivery = Delivery(now())
    delivery.reject(message, Rejection(code, reason, [()]))
    return result_of(delivery.take_in())


def result_of(tally: Tally) -> IngestResult:
    """The result that a tally of this stage comes to."""
    counts = dict.fromkeys(Outcome, 0)
    for series, events in tally.items():
        counts[series.outcome] += events
    del counts[Outcome.LIMITED]  # That is for the API alone to say.
    return IngestResult(**{outcome.value: events for outcome, events in counts.items()})


def rows_of(data: bytes) -> list[object]:
    """The rows in a message, unchecked. Raises Rejection if it is none of ours."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise Rejection("not_json", "the message is not JSON", []) from None
    rows = body.get("events") if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise Rejection("not_events", 'the message is not {"events": […]}', [])
    return rows


class Delivery:
    """Rows on their way into the tables. Add them, then `take_in` once."""

    def __init__(self, received_at: datetime) -> None:
        self._received_at = received_at
        self._rows: list[object] = []
        self._good: dict[tuple[str, bytes], tuple[Mark, Row]] = {}
        self._rejected: dict[Mark, Row] = {}
        self._told: list[_Told] = []
        self._inserted: set[Mark] = set()
        self._quarantined: set[Mark] = set()

    def add(self, row: object) -> None:
        """A row, for `events` if it can go there."""
        self._rows.append(row)

    def reject(self, row: object, rejection: Rejection) -> None:
        """A row for `events_rejected`."""
        refused = rejected_row(row, rejection, self._received_at)
        if self._rejected.setdefault(rejection_mark(refused), refused) is not refused:
            self._told.append(_of_rejected(refused, known=True))

    def take_in(self) -> Tally:
        """Write the rows, enter them and count them; what became of each. Raises Unavailable: then all can be done again."""
        from google.api_core.exceptions import Aborted, AlreadyExists, FailedPrecondition, GoogleAPIError

        self._sort()
        for pause in _pauses():
            try:
                return self._attempt()
            except (Aborted, AlreadyExists, FailedPrecondition):
                time.sleep(pause)
            except GoogleAPIError as error:
                raise Unavailable(f"Firestore does not answer: {error}") from error
        raise Unavailable("Too many write into the ledger of this user at once.")

    @property
    def taken(self) -> Set[Mark]:
        """The events that are in the table now, through this delivery or one before it."""
        return {mark for mark, _ in self._good.values()}

    def _sort(self) -> None:
        """Part the rows that were added: what their users do not want kept any more, good ones, and all others."""
        withheld = withheld_rows(self._rows)
        with without_collecting():
            for row in self._rows:
                if id(row) in withheld:
                    self._told.append((Outcome.FILTERED, WITHHELD, cast("Row", row).get("platform")))
                else:
                    self._part(row)
        self._rows = []

    def _part(self, row: object) -> None:
        try:
            check_row(row)
        except Rejection as rejection:
            self.reject(row, rejection)
        else:
            self._accept(cast("Row", row))

    def _accept(self, event: Row) -> None:
        mark = event_mark(event)
        first, kept = self._good.setdefault((mark.owner, mark.key), (mark, event))
        if first.fingerprint != mark.fingerprint:
            self._flag(event)
        elif kept is not event:
            self._told.append(_of_good(event, known=True))

    def _attempt(self) -> Tally:
        reading = self._read()
        while self._flag_known(reading) or self._refused(reading):
            reading = self._read()
        self._quarantine(reading)
        return self._commit(reading)

    def _read(self) -> Reading:
        return read_ledger([*(mark for mark, _ in self._good.values()), *self._rejected], self._received_at)

    def _flag_known(self, reading: Reading) -> bool:
        """Reject the rows with the id, but not the content, of an event that the ledger knows. Whether there were any."""
        flagged = [
            (mark, row)
            for mark, row in self._good.values()
            if reading.fingerprint(mark) not in (None, mark.fingerprint)
        ]
        for mark, row in flagged:
            del self._good[mark.owner, mark.key]
            self._flag(row)
        return bool(flagged)

    def _refused(self, reading: Reading) -> bool:
        """Insert the rows that are new, and reject those that BigQuery itself does not take. Whether there were any."""
        new = [(mark, row) for mark, row in self._good.values() if reading.fingerprint(mark) is None]
        waiting = [(mark, row) for mark, row in new if mark not in self._inserted]
        refused = insert_events([row for _, row in waiting], [insert_id(mark) for mark, _ in waiting])
        for index, (mark, row) in enumerate(waiting):
            if index in refused:
                del self._good[mark.owner, mark.key]
                self.reject(row, refused[index])
            else:
                self._inserted.add(mark)
        return bool(refused)

    def _quarantine(self, reading: Reading) -> None:
        new = [mark for mark in self._rejected if reading.fingerprint(mark) is None and mark not in self._quarantined]
        insert_rejected([self._rejected[mark] for mark in new])
        self._quarantined.update(new)

    def _commit(self, reading: Reading) -> Tally:
        """Enter what is new and count everything, both or neither. Raises GoogleAPIError."""
        new = [(mark, row) for mark, row in self._good.values() if reading.fingerprint(mark) is None]
        tally = self._tally(reading)
        reading.enter(mark for mark, _ in new)
        reading.enter(mark for mark in self._rejected if reading.fingerprint(mark) is None)
        batch = firestore_client().batch()
        reading.write_to(batch)
        count(batch, self._received_at, tally, [row for _, row in new])
        batch.commit()
        return tally

    def _tally(self, reading: Reading) -> Tally:
        good = (_of_good(row, known=reading.fingerprint(mark) is not None) for mark, row in self._good.values())
        rejected = (
            _of_rejected(row, known=reading.fingerprint(mark) is not None) for mark, row in self._rejected.items()
        )
        return tally_of(Stage.INGEST, [*self._told, *good, *rejected])

    def _flag(self, row: Row) -> None:
        reason = "the sender has used this id for an event with other content; that one counts"
        self.reject(row, Rejection(SYNTHETIC_DUPLICATE, reason, []))


def _of_good(row: Row, *, known: bool) -> _Told:
    outcome, reason = (Outcome.DUPLICATE, NATURAL_DUPLICATE) if known else (Outcome.ACCEPTED, "")
    return outcome, reason, row["platform"]


def _of_rejected(row: Row, *, known: bool) -> _Told:
    """A row that was rejected before is a repetition like any other."""
    platform = row.get("platform")
    if row["reason_code"] == SYNTHETIC_DUPLICATE:
        return Outcome.DUPLICATE, SYNTHETIC_DUPLICATE, platform
    return (
        (Outcome.DUPLICATE, NATURAL_DUPLICATE, platform) if known else (Outcome.INVALID, row["reason_code"], platform)
    )


def _pauses() -> Iterator[float]:
    """Seconds to wait after each attempt, at random, so that those who got in each other's way do not meet again."""
    for attempt in range(_ATTEMPTS):
        yield random.uniform(0, min(1.0, 2 * _PAUSE * 2**attempt))  # noqa: S311
