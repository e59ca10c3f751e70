"""Intake: events as a client sends them get a verdict each; the good ones are published. No event ends without a verdict."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue, ValidationError

from shared.accounts import grant
from shared.core.clock import now
from shared.core.collecting import without_collecting
from shared.core.errors import FieldError, InvalidInput, Unavailable
from shared.core.settings import settings
from shared.events.ledger import Mark, read_ledger
from shared.events.live import count_now
from shared.events.outcomes import NATURAL_DUPLICATE, SYNTHETIC_DUPLICATE, Outcome, Stage, Tally, tally_of
from shared.events.privacy import analytics_allowed
from shared.events.publish import event_rows, publish_texts
from shared.events.rows import event_mark, row_text
from shared.events.schema import MAX_EVENT_BYTES, Event, parse_event, timestamp_problem

MAX_BATCH = 1000
ANALYTICS_DISABLED = "analytics_disabled"
OPTED_OUT = "opted_out"
EVENT_BUDGET = "event_budget"
_MAX_ERRORS = 5
_CLOCK = {
    "timestamp_in_future": "This is more than 23 hours ahead of our clock. Check the sender's.",
    "timestamp_too_old": "Events are kept for a year; this one is older.",
}


Decision = tuple[Outcome, str | None]
"""An outcome, and the code of the reason."""


@dataclass(frozen=True)
class Verdict:
    """What became of an event and, unless it was accepted, the code of the reason.

    An invalid one has the first five things wrong, with pointers into the event; the reason is the code of the first."""

    event_id: str | None
    outcome: Outcome
    reason: str | None = None
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """The verdicts, one for each event, in order. `retry_after`: seconds until the limited ones can be sent again."""

    verdicts: tuple[Verdict, ...]
    retry_after: int | None = None


def take_in(user_id: str, events: Sequence[JsonValue], size: int | None = None) -> Receipt:
    """Check the events of a user, publish the good ones and count what became of all. `size`: bytes that they came in.

    Raises InvalidInput for none or more than 1,000 events, Unavailable if they could not be published (send all again)."""
    if not 1 <= len(events) <= MAX_BATCH:
        raise InvalidInput(f"Send 1 to {MAX_BATCH} events at a time.", pointer="/events")
    small = size is not None and size <= MAX_EVENT_BYTES
    with without_collecting():
        checked = [_check(event, small) for event in events]
    good = {index: event for index, event in enumerate(checked) if isinstance(event, Event)}
    decided, retry_after = _decide(user_id, good) if good else ({}, None)
    receipt = Receipt(
        tuple(
            Verdict(item.event_id, *decided[index]) if isinstance(item, Event) else item
            for index, item in enumerate(checked)
        ),
        retry_after,
    )
    count_now(now(), _tally(events, receipt.verdicts))
    return receipt


def _decide(user_id: str, events: dict[int, Event]) -> tuple[dict[int, Decision], int | None]:
    """Outcome and reason of good events, and seconds until limited ones can come again. Publishes what is to be ingested."""
    if not settings().analytics_enabled:
        return dict.fromkeys(events, (Outcome.FILTERED, ANALYTICS_DISABLED)), None
    received_at = now()  # Before the user is asked: what was received before they opted out is withheld by `ingest`.
    if not analytics_allowed(user_id):
        return dict.fromkeys(events, (Outcome.FILTERED, OPTED_OUT)), None
    with without_collecting():
        rows = dict(zip(events, event_rows(user_id, list(events.values()), received_at), strict=True))
        texts = {index: row_text(row) for index, row in rows.items()}
        marks = {index: event_mark(row, texts[index]) for index, row in rows.items()}
    repeated = _duplicates(marks)
    new = [index for index in rows if index not in repeated]
    budget = grant(f"events:{user_id}", len(new), settings().events_per_minute) if new else None
    granted = new[: budget.remaining] if budget else []
    limited = new[len(granted) :]
    # A synthetic duplicate goes on to ingest, which keeps it where operators see it; unless the first of its id does not.
    flagged = [i for i, (reason, first) in repeated.items() if reason == SYNTHETIC_DUPLICATE and first not in limited]
    publish_texts([texts[index] for index in sorted(granted + flagged)])
    decided: dict[int, Decision] = {
        **{index: (Outcome.DUPLICATE, reason) for index, (reason, _) in repeated.items()},
        **dict.fromkeys(granted, (Outcome.ACCEPTED, None)),
        **dict.fromkeys(limited, (Outcome.LIMITED, EVENT_BUDGET)),
    }
    return decided, budget.reset if budget and limited else None


def _duplicates(marks: dict[int, Mark]) -> dict[int, tuple[str, int | None]]:
    """The reasons of events whose id came before: in this batch, with the index of the first, or in the last 7 days.

    What was published a moment ago and is not ingested yet is not known here: `ingest` finds it."""
    from google.api_core.exceptions import GoogleAPIError

    try:
        reading = read_ledger(list(marks.values()), now())
    except GoogleAPIError as error:
        raise Unavailable(f"Firestore does not answer: {error}") from error
    first: dict[bytes, int] = {}
    repeated: dict[int, tuple[str, int | None]] = {}
    for index, mark in marks.items():
        known, earlier = reading.fingerprint(mark), first.setdefault(mark.key, index)
        if known is None and earlier != index:
            known = marks[earlier].fingerprint
        if known is not None:
            reason = NATURAL_DUPLICATE if known == mark.fingerprint else SYNTHETIC_DUPLICATE
            repeated[index] = (reason, earlier if earlier != index else None)
    return repeated


def _check(document: JsonValue, small: bool) -> Event | Verdict:
    """The event, or why there is none. A `small` one cannot be too large."""
    try:
        event = parse_event(document)
    except ValidationError as invalid:
        return _invalid(_id_of(document), *_field_errors(invalid))
    if problem := timestamp_problem(event.timestamp, now()):
        return _invalid(event.event_id, FieldError("/timestamp", _CLOCK[problem], problem))
    # All else in an event is bounded: only parameters can make it large.
    bounded = small or not (event.operation and event.operation.parameters)
    if not bounded and len(json.dumps(document)) > MAX_EVENT_BYTES:
        return _invalid(event.event_id, FieldError("", "An event has at most 1 MB.", "too_large"))
    return event


def _invalid(event_id: str | None, *errors: FieldError) -> Verdict:
    return Verdict(event_id, Outcome.INVALID, errors[0].code, errors)


def _tally(events: Sequence[JsonValue], verdicts: Sequence[Verdict]) -> Tally:
    platforms = (event.get("platform") if isinstance(event, dict) else None for event in events)
    told = ((verdict.outcome, verdict.reason, at) for verdict, at in zip(verdicts, platforms, strict=True))
    return tally_of(Stage.API, told)


def _id_of(document: JsonValue) -> str | None:
    event_id = document.get("eventId", document.get("id")) if isinstance(document, dict) else None
    return event_id if isinstance(event_id, str) and len(event_id) <= 128 else None


def _field_errors(invalid: ValidationError) -> tuple[FieldError, ...]:
    return tuple(
        FieldError(_pointer(error["loc"]), error["msg"].removeprefix("Value error, "), error["type"])
        for error in invalid.errors(include_url=False, include_input=False, include_context=False)[:_MAX_ERRORS]
    )


def _pointer(steps: tuple[str | int, ...]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
