"""Account: the document `users/{uid}` with a user's profile, plan and status."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.accounts.closing import is_closed
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import StoredModel
from shared.core.errors import Unauthenticated
from shared.core.principal import Principal


class Status(StrEnum):
    """Whether the account may write. Closed: it is being erased, and may not even read."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Account(StoredModel):
    """A user's account."""

    uid: str
    email: str | None = None
    plan: str = "free"
    status: Status = Status.ACTIVE
    analytics_opt_out: bool = False
    created: datetime

    @property
    def suspended(self) -> bool:
        """Whether the account may only read."""
        return self.status is Status.SUSPENDED


def get_account(principal: Principal) -> Account:
    """The caller's account, made at the first call; its plan follows the caller's. Two first calls at once make one account.

    Raises Unauthenticated for one that is being erased, or was: the tokens of a user outlive the user."""
    from google.api_core.exceptions import AlreadyExists

    reference = firestore_client().collection("users").document(principal.uid)
    stored: dict[str, Any] | None = reference.get().to_dict()
    closed = is_closed(principal.uid) if stored is None else stored.get("status") == Status.CLOSED
    if closed:
        raise Unauthenticated("This account was closed to be erased. Nothing of it can be used any more.")
    if stored is None:
        fresh = Account(uid=principal.uid, email=principal.email, plan=principal.plan, created=now())
        try:
            reference.create(fresh.model_dump(by_alias=True))
        except AlreadyExists:
            return get_account(principal)
        return fresh
    if stored.get("plan") != principal.plan:
        reference.update({"plan": principal.plan})
        stored["plan"] = principal.plan
    return Account.model_validate({"created": now(), **stored, "uid": principal.uid})
