"""/v1/alerts/responses: what was done by itself because alerts fired, and operators' way to end it."""

from datetime import datetime

from flask import Response
from pydantic import AwareDatetime, Field

from functions.http.answers import IdPath, PageQuery, WireModel, answer
from functions.http.authentication import require_role
from functions.http.idempotency import idempotent
from functions.http.openapi import resource
from shared.alerts.responses import ResponseRecord, end_response, list_responses
from shared.core.principal import Role
from shared.patterns import Example, open_session

api = resource("alert-responses")


class ResponseList(WireModel):
    """A page of responses, those that were due last first."""

    items: list[ResponseRecord]
    next_page_token: str | None


class SessionPath(WireModel):
    """The operation that a session is known by."""

    operation: str = Field(pattern="^[0-9a-f]{64}$")


class SessionQuery(WireModel):
    """When that operation ended."""

    at: AwareDatetime


class SessionOperation(WireModel):
    """An operation of a session."""

    operation: str
    at: datetime
    success: bool
    duration: float = Field(description="Milliseconds")
    platform: str
    error: str | None


class Session(WireModel):
    """What one person ran, in order."""

    operations: list[SessionOperation]


@api.get("/v1/alerts/responses", responses={200: ResponseList})
def list_alert_responses(query: PageQuery) -> Response:
    """What was done because alerts fired, would have been, or was not because it had been too short a time before"""
    require_role(Role.OPERATOR, Role.ANALYST)
    page = list_responses(query.limit, query.page_token)
    return answer(ResponseList(items=page.items, next_page_token=page.next_page_token))


@api.post("/v1/alerts/responses/<string:id>/end", responses={200: ResponseRecord})
@idempotent
def end_alert_response(path: IdPath) -> Response:
    """End what was done because an alert fired, before its time is over; for operators"""
    operator = require_role(Role.OPERATOR)
    return answer(end_response(path.id, operator.uid))


@api.get("/v1/alerts/sessions/<string:operation>", responses={200: Session})
def get_example_session(path: SessionPath, query: SessionQuery) -> Response:
    """A session that the alert of a sequence rule names as an example; for operators"""
    require_role(Role.OPERATOR)
    found = open_session(Example(path.operation, query.at))
    return answer(Session(operations=[SessionOperation.model_validate(vars(each)) for each in found]))
