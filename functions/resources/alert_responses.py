"""/v1/alerts/responses: what was done by itself because alerts fired, and operators' way to end it."""

from flask import Response

from functions.http.answers import IdPath, PageQuery, WireModel, answer
from functions.http.authentication import require_role
from functions.http.idempotency import idempotent
from functions.http.openapi import resource
from shared.alerts.responses import ResponseRecord, end_response, list_responses
from shared.core.principal import Role

api = resource("alert-responses")


class ResponseList(WireModel):
    """A page of responses, those that were due last first."""

    items: list[ResponseRecord]
    next_page_token: str | None


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
