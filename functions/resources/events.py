"""/v1/events: what was run, told by those who ran it."""

from collections import Counter
from typing import Any

from flask import Response, request
from pydantic import Field, GetJsonSchemaHandler, JsonValue, RootModel, TypeAdapter
from pydantic.json_schema import JsonSchemaValue

from functions.http.answers import Id, WireModel, answer
from functions.http.authentication import principal, require_role
from functions.http.idempotency import idempotent
from functions.http.openapi import resource
from shared.core.errors import InvalidInput
from shared.core.ids import is_id
from shared.core.principal import Role
from shared.events import AnyEvent, Outcome, Verdict, take_in

api = resource("events")


class EventBatch(WireModel):
    """Several events at once, of one user."""

    user_id: Id | None = Field(
        default=None, description="Whose they are, if not the caller's: for the role integrator alone"
    )
    events: list[AnyEvent] = Field(min_length=1, max_length=1000)


class EventsBody(RootModel[dict[str, Any]]):
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
        if extra := self.root.keys() - {"events", "userId"}:
            raise InvalidInput("Beside `events` and `userId` nothing else is known here.", pointer=f"/{min(extra)}")
        return events

    def user(self) -> str:
        """Whose events they are: the caller's, or those of the user that an integrator names for a batch.

        Raises InvalidInput for what can be no user, Forbidden for callers who may not name one."""
        named = self.root.get("userId") if self.batched else None
        if named is None or named == principal().uid:
            return principal().uid
        if not isinstance(named, str) or not is_id(named):
            raise InvalidInput("`userId` must be the id of a user.", pointer="/userId")
        require_role(Role.INTEGRATOR)
        return named


class EventProblem(WireModel):
    """One thing wrong in an event: a JSON pointer into the request, a stable code, and what to do about it."""

    pointer: str
    detail: str
    code: str


class EventVerdict(WireModel):
    """What became of an event."""

    event_id: str | None
    outcome: Outcome
    reason: str | None = Field(default=None, description="Code of why it was not accepted")
    errors: list[EventProblem] = Field(default=[], description="The first five things wrong in an invalid event")

    @classmethod
    def of(cls, verdict: Verdict, prefix: str) -> "EventVerdict":
        """The wire form of a verdict on the event at `prefix`."""
        errors = [
            EventProblem(pointer=prefix + error.pointer, detail=error.detail, code=error.code)
            for error in verdict.errors
        ]
        return cls.model_construct(
            event_id=verdict.event_id, outcome=verdict.outcome, reason=verdict.reason, errors=errors
        )


class EventsReceipt(WireModel):
    """What became of the events: the counts add up to what was sent, the verdicts are in the order of the events."""

    received: int
    accepted: int
    filtered: int
    limited: int
    invalid: int
    duplicate: int
    retry_after: int | None = Field(
        default=None, description="Seconds until the limited events can be sent again; also in Retry-After"
    )
    verdicts: list[EventVerdict]


@api.post("/v1/events", responses={200: EventsReceipt, 202: EventsReceipt})
@idempotent
def send_events(body: EventsBody) -> Response:
    """Send one event, or up to 1,000 as `{"events": […]}`; the body may be gzip-compressed

    202 if any was accepted, 200 if none was. An event sent again under its `eventId` counts once. Events over the budget of
    their user are `limited`: not taken, and to be sent again after `Retry-After` seconds. An integrator names the user whose
    events a batch holds in `userId`; an event itself never says whose it is."""
    receipt = take_in(body.user(), body.events(), size=request.content_length)
    counts = Counter(verdict.outcome for verdict in receipt.verdicts)
    told = EventsReceipt(
        received=len(receipt.verdicts),
        **{outcome.value: counts[outcome] for outcome in Outcome},
        retry_after=receipt.retry_after,
        verdicts=[
            EventVerdict.of(verdict, f"/events/{index}" if body.batched else "")
            for index, verdict in enumerate(receipt.verdicts)
        ],
    )
    response = answer(told, 202 if told.accepted else 200)
    if receipt.retry_after is not None:
        response.headers["Retry-After"] = str(receipt.retry_after)
    return response
