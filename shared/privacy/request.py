"""Requests: what somebody wants erased or made nobody's, and how far that is: `privacy_requests/{id}`, for servers only.

A request names the user by the hashes that exist when it is made, so that it finds their rows even if a salt is destroyed before
it is done. Once it is, the hashes go; who may read it stays for 90 days. One about a whole account also names the user, until it
is done: then it names nobody."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import Field

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import StoredModel
from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import is_id
from shared.events import hashes_of
from shared.events.erasure import TABLES, ErasureAction, Scope, withhold
from shared.events.erasure.withholding import SKEW

COLLECTION = "privacy_requests"
KEPT = timedelta(days=90)
"""How long a request that is done can be asked about. Its receipt is kept for good."""


class PrivacyRequestState(StrEnum):
    """Accepted: nobody has begun. Waiting: some rows cannot be changed yet, or a service did not answer."""

    ACCEPTED = "accepted"
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"


OPEN = (PrivacyRequestState.ACCEPTED, PrivacyRequestState.WORKING, PrivacyRequestState.WAITING)


class ErasureProgress(StoredModel):
    """How far a table, or another place, is: what was found in it so far, and whether all of that is gone."""

    found: int = 0
    removed: bool = False


class PrivacyRequest(StoredModel):
    """A request. `subject` are the hashes of the user by the version of their salt; or it is about `everybody` of a period.

    With `account`, the id of a user, it is about all that is the user's, and `places` are those that it may lie in; `addresses`
    are the user's, `closed` is when the account was."""

    id: str
    action: ErasureAction
    requested_by: str
    operator: bool = False
    subject: dict[str, str] = Field(default_factory=dict)
    everybody: bool = False
    account: str | None = None
    addresses: list[str] = Field(default_factory=list)
    closed: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None
    state: PrivacyRequestState = PrivacyRequestState.ACCEPTED
    created: datetime
    received_before: datetime
    modified: datetime
    attempts: int = 0
    next_attempt: datetime | None
    reason: str | None = None
    secret: str | None = None
    tables: dict[str, ErasureProgress] = Field(default_factory=dict)
    places: dict[str, ErasureProgress] = Field(default_factory=dict)
    first: datetime | None = None
    last: datetime | None = None
    rebuilt: dict[str, int] = Field(default_factory=dict)
    finished: datetime | None = None

    @property
    def scope(self) -> Scope:
        """The events that it is about."""
        hashes = None if self.everybody else tuple(self.subject.values())
        return Scope(self.received_before, hashes, self.start, self.end)

    def table(self, name: str) -> ErasureProgress:
        """How far it is in a table."""
        return self.tables.get(name, ErasureProgress())


def request_erasure(
    request_id: str,
    action: ErasureAction,
    requested_by: str,
    *,
    user_id: str | None,
    start: datetime | None = None,
    end: datetime | None = None,
    account: bool = False,
) -> PrivacyRequest:
    """Ask for the events of a user, or without one of everybody in [start, end), to be erased or made nobody's. Asked again
    under the same id, it is the same request. Events that are on their way are kept out from now on. With `account`, ask for all
    that is the user's to be erased; `request_account_erasure` also closes the account.

    Raises InvalidInput for a period that is empty or, for everybody, not given; Unavailable."""
    from google.api_core.exceptions import AlreadyExists

    if start and end and start >= end:
        raise InvalidInput("The period must end after it starts.", pointer="/end")
    if user_id is None and not (start and end):
        raise InvalidInput("To erase the events of everybody say from when to when.", pointer="/start")
    moment = now()
    request = PrivacyRequest(
        id=request_id,
        action=action,
        requested_by=requested_by,
        operator=user_id != requested_by,
        subject=hashes_of(user_id) if user_id is not None else {},
        everybody=user_id is None,
        account=user_id if account else None,
        start=start,
        end=end,
        created=moment,
        received_before=moment + SKEW,
        modified=moment,
        next_attempt=moment,
        secret=secrets.token_hex(32),
        tables={name: ErasureProgress() for name in TABLES},
    )
    # What is noted knows no periods: events of one that are on their way are found by the attempts until it is done, no longer.
    if user_id is not None and not (start or end):
        withhold(request.subject.values(), request.received_before)
    try:
        reference(request_id).create(request.model_dump(by_alias=True))
    except AlreadyExists:
        return get_request(request_id)
    return request


def get_request(request_id: str) -> PrivacyRequest:
    """A request. Raises NotFound."""
    stored: dict[str, Any] | None = reference(request_id).get().to_dict() if is_id(request_id) else None
    if stored is None:
        raise NotFound(f"There is no privacy request {request_id}.")
    return PrivacyRequest.model_validate(stored)


def reference(request_id: str) -> Any:
    """Where a request is kept."""
    return firestore_client().collection(COLLECTION).document(request_id)
