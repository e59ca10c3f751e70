"""/v1/escalation-policies: whom to tell, one step after the other, until somebody answers."""

from flask import Response

from functions.http.answers import IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import require_role
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from shared.alerts import escalation
from shared.alerts.escalation import POLICIES, EscalationPolicy, PolicyContent
from shared.alerts.routing import Kept
from shared.core.principal import Role

api = resource("escalation-policies")


class PolicyList(WireModel):
    """A page of policies, by id."""

    items: list[EscalationPolicy]
    next_page_token: str | None


@api.get("/v1/escalation-policies", responses={200: PolicyList})
def list_policies(query: PageQuery) -> Response:
    """Escalation policies by id; for operators"""
    require_role(Role.OPERATOR)
    page = POLICIES.listed(query.limit, query.page_token)
    return answer(PolicyList(items=page.items, next_page_token=page.next_page_token))


@api.post("/v1/escalation-policies", responses={201: EscalationPolicy})
@idempotent
def create_policy(body: PolicyContent) -> Response:
    """Create an escalation policy under an id of our choice; for operators"""
    operator = require_role(Role.OPERATOR)
    kept, _ = escalation.save_policy(EscalationPolicy(id=resource_id(), **dict(body)), by=operator.uid)
    return _told(kept, 201, Location=f"/v1/escalation-policies/{kept.setting.id}")


@api.get("/v1/escalation-policies/<string:id>", responses={200: EscalationPolicy})
def get_policy(path: IdPath) -> Response:
    """An escalation policy; for operators"""
    require_role(Role.OPERATOR)
    return _told(POLICIES.get(path.id))


@api.put("/v1/escalation-policies/<string:id>", responses={200: EscalationPolicy, 201: EscalationPolicy})
def put_policy(path: IdPath, body: PolicyContent) -> Response:
    """Create or change an escalation policy; what is under way goes on by the new one; for operators"""
    operator = require_role(Role.OPERATOR)
    kept, new = escalation.save_policy(
        EscalationPolicy(id=path.id, **dict(body)), precondition().check, by=operator.uid
    )
    return _told(kept, 201 if new else 200)


@api.delete("/v1/escalation-policies/<string:id>", responses={204: None})
def delete_policy(path: IdPath) -> Response:
    """Delete an escalation policy that no route names; for operators"""
    operator = require_role(Role.OPERATOR)
    escalation.delete_policy(path.id, precondition().check, by=operator.uid)
    return no_content()


def _told(kept: Kept[EscalationPolicy], status: int = 200, **headers: str) -> Response:
    return answer(kept.setting, status, etag=kept.etag, **headers)
