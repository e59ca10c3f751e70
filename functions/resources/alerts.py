"""/v1/alerts: what is wrong now and was before, and operators' answers to it."""

from flask import Response
from pydantic import Field

from functions.http.answers import IdPath, PageQuery, WireModel, answer
from functions.http.authentication import require_role
from functions.http.idempotency import idempotent
from functions.http.openapi import resource
from shared.alerts import AlertInstance, AlertManager, AlertState
from shared.core.principal import Role

api = resource("alerts")
manager = AlertManager()


class AlertList(WireModel):
    """A page of alerts, newest first."""

    items: list[AlertInstance]
    next_page_token: str | None


class AlertsQuery(PageQuery):
    """Which alerts."""

    state: AlertState | None = None


class Answer(WireModel):
    """What an operator says about an alert."""

    comment: str = Field(default="", max_length=1000)


@api.get("/v1/alerts", responses={200: AlertList})
def list_alerts(query: AlertsQuery) -> Response:
    """Alerts, newest first, with every transition; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    page = manager.list_alerts(query.limit, query.page_token, query.state)
    return answer(AlertList(items=page.items, next_page_token=page.next_page_token))


@api.get("/v1/alerts/<string:id>", responses={200: AlertInstance})
def get_alert(path: IdPath) -> Response:
    """An alert, with every transition and the last hundred of its notifications; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    return answer(manager.get_alert(path.id))


@api.post("/v1/alerts/<string:id>/acknowledge", responses={200: AlertInstance})
@idempotent
def acknowledge_alert(path: IdPath, body: Answer) -> Response:
    """Take care of a firing alert; for operators"""
    operator = require_role(Role.OPERATOR)
    return answer(manager.acknowledge_alert(path.id, operator.uid, body.comment))


@api.post("/v1/alerts/<string:id>/resolve", responses={200: AlertInstance})
@idempotent
def resolve_alert(path: IdPath, body: Answer) -> Response:
    """Declare an open alert over; for operators"""
    operator = require_role(Role.OPERATOR)
    return answer(manager.resolve_alert(path.id, operator.uid, body.comment))
