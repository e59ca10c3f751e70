"""/v1/events: what was run, told by those who ran it."""

from typing import Any

from flask import Response
from pydantic import Field, GetJsonSchemaHandler, JsonValue, RootModel, TypeAdapter
from pydantic.json_schema import JsonSchemaValue

from functions.http.answers import WireModel, answer
from functions.http.authentication import principal
from functions.http.idempotency import idempotent
from functions.http.openapi import resource
from shared.core.errors import InvalidInput
from shared.events import AnyEvent, Outcome, Verdict, take_in

api = resource("events")


class EventBatch(WireModel):
    """Several events at once."""

    events: list[AnyEvent] = Field(min_length=1, max_length=1000)


class EventsBody(RootModel[dict[str, JsonValue]]):
    """An event of any version, or several. They are checked one by one, so that one bad event does not hold up the others."""

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        documented: TypeAdapter[AnyEvent | EventBatch] = TypeAdapter(AnyEvent | EventBatch)
        return handler(documented.core_schema)

    @property
    def batched(self) -> bool:
        """Whether these are several."""
        return "events" in self.root

    def events(self) -> list[JsonValue]:
        """The events, unchecked. Raises InvalidInput if they are not a list."""
        if not self.batched:
            return [dict(self.root)]
        events = self.root["events"]
        if not isinstance(events, list):
            raise InvalidInput("`events` must be a list of events.", pointer="/events")
        if extra := self.root.keys() - {"events"}:
            raise InvalidInput("Beside `events` nothing else is known here.", pointer=f"/{min(extra)}")
        return events


class EventProblem(WireModel):
    """One thing wrong in an event: a JSON pointer into the request, a stable code, and what to do about it."""

    pointer: str
    detail: str
    code: str


class EventVerdict(WireModel):
    """What became of an event."""

    event_id: str | None
    outcome: Outcome
    errors: list[EventProblem] = Field(default=[], description="The first five things wrong")

    @classmethod
    def of(cls, verdict: Verdict, prefix: str) -> "EventVerdict":
        """The wire form of a verdict on the event at `prefix`."""
        errors = [
            EventProblem(pointer=prefix + error.pointer, detail=error.detail, code=error.code)
            for error in verdict.errors
        ]
        return cls(event_id=verdict.event_id, outcome=verdict.outcome, errors=errors)


class Receipt(WireModel):
    """What became of the events: the counts add up to what was sent, the verdicts are in the order of the events."""

    received: int
    accepted: int
    invalid: int
    filtered: int
    duplicate: int
    verdicts: list[EventVerdict]


@api.post("/v1/events", responses={200: Receipt, 202: Receipt})
@idempotent
def send_events(body: EventsBody) -> Response:
    """Send one event, or up to 1,000 as `{"events": […]}`

    202 if any was accepted, 200 if none was. An event sent again under its `eventId` counts once."""
    verdicts = take_in(principal().uid, body.events())
    counts = {outcome.value: sum(verdict.outcome is outcome for verdict in verdicts) for outcome in Outcome}
    named = [
        EventVerdict.of(verdict, f"/events/{index}" if body.batched else "") for index, verdict in enumerate(verdicts)
    ]
    return answer(Receipt(received=len(verdicts), **counts, verdicts=named), 202 if counts["accepted"] else 200)
