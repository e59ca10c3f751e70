"""/v1/me: who the caller is."""

from flask import Response

from functions.http.answers import WireModel, answer
from functions.http.authentication import principal
from functions.http.openapi import resource
from shared.accounts import get_account
from shared.core.principal import Role

api = resource("me")


class Me(WireModel):
    """The caller."""

    uid: str
    email: str | None
    plan: str
    roles: list[Role]
    status: str
    analytics_opt_out: bool


@api.get("/v1/me", responses={200: Me})
def get_me() -> Response:
    """The caller's account, roles and plan"""
    caller = principal()
    account = get_account(caller)
    me = Me(
        uid=caller.uid,
        email=caller.email,
        plan=caller.plan,
        roles=sorted(caller.roles),
        status=account.status,
        analytics_opt_out=account.analytics_opt_out,
    )
    return answer(me)
