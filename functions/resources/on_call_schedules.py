"""/v1/on-call-schedules: who is on call at which time."""

from datetime import datetime, timedelta

from flask import Response
from pydantic import Field

from functions.http.answers import IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import require_role
from functions.http.idempotency import idempotent, resource_id
from functions.http.moments import Moment
from functions.http.openapi import resource
from shared.alerts import escalation
from shared.alerts.escalation import SCHEDULES, OnCallSchedule, Override, ScheduleContent, Shift
from shared.alerts.routing import Kept
from shared.core.clock import now
from shared.core.errors import InvalidInput
from shared.core.principal import Role

api = resource("on-call-schedules")

LONGEST = timedelta(days=400)


class ToldShift(WireModel):
    """Who is on call from `start` until before `end`; null: nobody."""

    start: datetime
    end: datetime
    person: str | None

    @classmethod
    def of(cls, shift: Shift) -> "ToldShift":
        """The wire form."""
        return cls(start=shift.start, end=shift.end, person=shift.person)


class OnCall(WireModel):
    """Who is on call at a time, and who takes over from them."""

    schedule_id: str
    at: datetime
    person: str | None = Field(description="Id of a contact; null: nobody")
    hand_overs: list[ToldShift] = Field(description="The shifts that follow, within 400 days")


class OnCallScheduleList(WireModel):
    """A page of schedules, by id."""

    items: list[OnCallSchedule]
    next_page_token: str | None


class OnCallQuery(WireModel):
    """When, and how far ahead."""

    at: Moment | None = Field(default=None, description="Now, if left out")
    count: int = Field(default=5, ge=0, le=100, description="Hand-overs that follow")


class ShiftsQuery(WireModel):
    """A time, 400 days at most."""

    start: Moment
    end: Moment


class Shifts(WireModel):
    """The shifts in a time: without gaps, as nobody has shifts too."""

    items: list[ToldShift]


@api.get("/v1/on-call-schedules", responses={200: OnCallScheduleList})
def list_schedules(query: PageQuery) -> Response:
    """On-call schedules by id; for operators"""
    require_role(Role.OPERATOR)
    page = SCHEDULES.listed(query.limit, query.page_token)
    return answer(OnCallScheduleList(items=page.items, next_page_token=page.next_page_token))


@api.post("/v1/on-call-schedules", responses={201: OnCallSchedule})
@idempotent
def create_schedule(body: ScheduleContent) -> Response:
    """Create an on-call schedule under an id of our choice; for operators"""
    operator = require_role(Role.OPERATOR)
    kept, _ = escalation.save_schedule(OnCallSchedule(id=resource_id(), **dict(body)), by=operator.uid)
    return _told(kept, 201, Location=f"/v1/on-call-schedules/{kept.setting.id}")


@api.get("/v1/on-call-schedules/<string:id>", responses={200: OnCallSchedule})
def get_schedule(path: IdPath) -> Response:
    """An on-call schedule; for operators"""
    require_role(Role.OPERATOR)
    return _told(SCHEDULES.get(path.id))


@api.put("/v1/on-call-schedules/<string:id>", responses={200: OnCallSchedule, 201: OnCallSchedule})
def put_schedule(path: IdPath, body: ScheduleContent) -> Response:
    """Create or change an on-call schedule; for operators"""
    operator = require_role(Role.OPERATOR)
    kept, new = escalation.save_schedule(
        OnCallSchedule(id=path.id, **dict(body)), precondition().check, by=operator.uid
    )
    return _told(kept, 201 if new else 200)


@api.delete("/v1/on-call-schedules/<string:id>", responses={204: None})
def delete_schedule(path: IdPath) -> Response:
    """Delete an on-call schedule that nothing names; for operators"""
    operator = require_role(Role.OPERATOR)
    escalation.delete_schedule(path.id, precondition().check, by=operator.uid)
    return no_content()


@api.get("/v1/on-call-schedules/<string:id>/on-call", responses={200: OnCall})
def get_on_call(path: IdPath, query: OnCallQuery) -> Response:
    """Who is on call, and the next hand-overs; for operators"""
    require_role(Role.OPERATOR)
    schedule, at = SCHEDULES.get(path.id).setting, query.at or now()
    following = [ToldShift.of(shift) for shift in escalation.next_hand_overs(schedule, at, query.count)]
    return answer(OnCall(schedule_id=path.id, at=at, person=schedule.person_at(at), hand_overs=following))


@api.get("/v1/on-call-schedules/<string:id>/shifts", responses={200: Shifts})
def list_shifts(path: IdPath, query: ShiftsQuery) -> Response:
    """Who is on call when, and when nobody is; for operators"""
    require_role(Role.OPERATOR)
    if not timedelta(0) < query.end - query.start <= LONGEST:
        raise InvalidInput(f"Ask for a time that ends after it starts, of at most {LONGEST.days} days.")
    found = escalation.shifts(SCHEDULES.get(path.id).setting, query.start, query.end)
    return answer(Shifts(items=[ToldShift.of(shift) for shift in found]))


@api.post("/v1/on-call-schedules/<string:id>/overrides", responses={201: OnCallSchedule})
@idempotent
def add_override(path: IdPath, body: Override) -> Response:
    """Let somebody stand in for whoever is on call; for operators"""
    operator = require_role(Role.OPERATOR)
    return _told(escalation.add_override(path.id, body, by=operator.uid), 201)


def _told(kept: Kept[OnCallSchedule], status: int = 200, **headers: str) -> Response:
    return answer(kept.setting, status, etag=kept.etag, **headers)
