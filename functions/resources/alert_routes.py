"""/v1/alerts/routes: who is told of which alerts, with which others, how soon and how often."""

from flask import Response
from pydantic import Field

from functions.http.answers import WireModel, answer, precondition
from functions.http.authentication import require_role
from functions.http.openapi import resource
from shared.alerts import routing
from shared.alerts.escalation import save_routing
from shared.alerts.routing import Destination, Kept, Routing, Target
from shared.alerts.routing.model import Duration
from shared.core.clock import now
from shared.core.principal import Role

api = resource("alert-routes")


class RouteQuestion(WireModel):
    """The labels of an alert, as routes see them: its own, and `rule`, `severity`, `kpi`, `condition`."""

    labels: dict[str, str] = Field(max_length=30)


class Arrival(WireModel):
    """Where an alert arrives: the route, with all that it inherits."""

    route: str = Field(description="JSON pointer of the route")
    group_labels: dict[str, str] = Field(description="What the alerts that are told together share")
    notify: list[Target]
    policy: str | None
    group_wait: Duration
    group_interval: Duration
    repeat_interval: Duration
    muted_by: str | None = Field(description="The times that mute it now")


class Arrivals(WireModel):
    """All the routes at which an alert arrives."""

    items: list[Arrival]


@api.get("/v1/alerts/routes", responses={200: Routing})
def get_routes() -> Response:
    """The tree of routes, inhibitions and the times that routes name; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    current, etag = routing.get_routing()
    return answer(current, etag=etag)


@api.put("/v1/alerts/routes", responses={200: Routing})
def put_routes(body: Routing) -> Response:
    """Set all of it; send If-Match so that nobody's work is lost; for operators"""
    operator = require_role(Role.OPERATOR)
    return _told(save_routing(body, precondition().check, by=operator.uid))


@api.delete("/v1/alerts/routes", responses={200: Routing})
def reset_routes() -> Response:
    """Set what a deployment starts with: groups by rule, told to nobody; for operators"""
    operator = require_role(Role.OPERATOR)
    return _told(save_routing(routing.default_routing(), precondition().check, by=operator.uid))


@api.post("/v1/alerts/routes:match", responses={200: Arrivals})
def match_routes(body: RouteQuestion) -> Response:
    """Where an alert with these labels would arrive; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    current = routing.load_routing()
    return answer(Arrivals(items=[_arrival(current, each, body) for each in current.tree().destinations(body.labels)]))


def _arrival(current: Routing, destination: Destination, question: RouteQuestion) -> Arrival:
    return Arrival(
        route=destination.pointer,
        group_labels=destination.group_labels(question.labels),
        notify=list(destination.notify),
        policy=destination.policy,
        group_wait=destination.group_wait,
        group_interval=destination.group_interval,
        repeat_interval=destination.repeat_interval,
        muted_by=current.is_muted(destination, now()),
    )


def _told(kept: Kept[Routing]) -> Response:
    return answer(kept.setting, etag=kept.etag)
