"""/v1/me: who the caller is, and whether their work is told of."""

from flask import Response
from pydantic import Field, StrictBool

from functions.http.answers import WireModel, answer
from functions.http.authentication import principal
from functions.http.openapi import resource
from shared.accounts import get_account
from shared.core.principal import Role
from shared.privacy import set_opt_out

api = resource("me")


class Me(WireModel):
    """The caller."""

    uid: str
    email: str | None
    plan: str
    roles: list[Role]
    status: str
    analytics_opt_out: bool


class MeChange(WireModel):
    """What the caller can change of it."""

    analytics_opt_out: StrictBool = Field(description="True: no event of yours is collected any more")


@api.get("/v1/me", responses={200: Me})
def get_me() -> Response:
    """The caller's account, roles and plan"""
    return answer(_me())


@api.patch("/v1/me", responses={200: Me})
def change_me(body: MeChange) -> Response:
    """Opt out of analytics, or in again; it holds at once, also for events that are on their way

    What was collected before stays until you have it erased: `POST /v1/privacy/erasure`."""
    get_account(principal())
    set_opt_out(principal().uid, body.analytics_opt_out)
    return answer(_me())


def _me() -> Me:
    caller = principal()
    account = get_account(caller)
    return Me(
        uid=caller.uid,
        email=caller.email,
        plan=caller.plan,
        roles=sorted(caller.roles),
        status=account.status,
        analytics_opt_out=account.analytics_opt_out,
    )
