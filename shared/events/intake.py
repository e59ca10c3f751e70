"""Intake: events as a client sends them get a verdict each; the good ones are published. No event ends without a verdict."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue, ValidationError

from shared.core.clock import now
from shared.core.errors import FieldError, InvalidInput
from shared.events.publish import publish_events
from shared.events.schema import MAX_EVENT_BYTES, Event, parse_event, timestamp_problem

MAX_BATCH = 1000
_MAX_ERRORS = 5
_CLOCK = {
    "timestamp_in_future": "This is more than 23 hours ahead of our clock. Check the sender's.",
    "timestamp_too_old": "Events are kept for a year; this one is older.",
}


class Outcome(StrEnum):
    """What became of an event. Filtered: the user has opted out, or analytics are off. Duplicate: its id came before it."""

    ACCEPTED = "accepted"
    INVALID = "invalid"
    FILTERED = "filtered"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Verdict:
    """What became of an event; for an invalid one, the first five things wrong, with pointers into the event."""

    event_id: str | None
    outcome: Outcome
    errors: tuple[FieldError, ...] = ()


def take_in(user_id: str, events: Sequence[JsonValue]) -> list[Verdict]:
    """Check the events of a user and publish the good ones. One verdict for each, in order.

    Raises InvalidInput for none or more than 1,000 events, Unavailable if they could not be published (send all again)."""
    if not 1 <= len(events) <= MAX_BATCH:
        raise InvalidInput(f"Send 1 to {MAX_BATCH} events at a time.", pointer="/events")
    seen: set[str] = set()
    checked = [_check(event, seen) for event in events]
    good = [event for event in checked if isinstance(event, Event)]
    outcome = Outcome.ACCEPTED if not good or publish_events(user_id, good) else Outcome.FILTERED
    return [Verdict(item.event_id, outcome) if isinstance(item, Event) else item for item in checked]


def _check(document: JsonValue, seen: set[str]) -> Event | Verdict:
    """The event, or why there is none. `seen` are the ids of the good events before it."""
    try:
        event = parse_event(document)
    except ValidationError as invalid:
        return Verdict(_id_of(document), Outcome.INVALID, _field_errors(invalid))
    if problem := timestamp_problem(event.timestamp, now()):
        return _invalid(event, FieldError("/timestamp", _CLOCK[problem], problem))
    # All else in an event is bounded: only parameters can make it large.
    if event.operation and event.operation.parameters and len(json.dumps(document)) > MAX_EVENT_BYTES:
        return _invalid(event, FieldError("", "An event has at most 1 MB.", "too_large"))
    if event.event_id in seen:
        return Verdict(event.event_id, Outcome.DUPLICATE)
    seen.add(event.event_id)
    return event


def _invalid(event: Event, error: FieldError) -> Verdict:
    return Verdict(event.event_id, Outcome.INVALID, (error,))


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
