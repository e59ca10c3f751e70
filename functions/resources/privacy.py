"""/v1/privacy: what of the events of your work is erased or made nobody's, and the receipts for it."""

from flask import Response
from pydantic import AwareDatetime, Field

from functions.http.answers import IdPath, WireModel, answer
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from shared import privacy
from shared.core.errors import Forbidden, NotFound
from shared.core.principal import Principal, Role
from shared.privacy import ErasureAction, ErasureReceipt, PrivacyRequestState

api = resource("privacy")


class ErasureBody(WireModel):
    """What is to be erased: your own events, unless an operator names another user, or nobody and a period."""

    action: ErasureAction = Field(default=ErasureAction.ERASE, description="`anonymise` keeps the rows, as nobody's")
    user_id: str | None = Field(default=None, min_length=1, max_length=128, description="Whose events; for operators")
    everybody: bool = Field(default=False, description="All events of the period; for operators")
    start: AwareDatetime | None = Field(default=None, description="Only events that occurred at this moment or later")
    end: AwareDatetime | None = Field(default=None, description="Only events that occurred before this moment")


class ErasureProgress(WireModel):
    """How far a table is."""

    found: int = Field(description="Rows found so far")
    removed: bool = Field(description="Whether those are gone")


class PrivacyRequest(WireModel):
    """A request, and the receipt once it is done. `waiting`: some rows cannot be changed yet; nobody needs to do anything."""

    id: str
    action: ErasureAction
    state: PrivacyRequestState
    reason: str | None = Field(description="What it waits for")
    start: AwareDatetime | None
    end: AwareDatetime | None
    created: AwareDatetime
    finished: AwareDatetime | None
    tables: dict[str, ErasureProgress]
    receipt: ErasureReceipt | None

    @classmethod
    def of(cls, request: privacy.PrivacyRequest, receipt: ErasureReceipt | None) -> "PrivacyRequest":
        """The wire form of a request."""
        fields = request.model_dump(include={*cls.model_fields} - {"tables", "receipt"})
        tables = {
            name: ErasureProgress(found=each.found, removed=each.removed) for name, each in request.tables.items()
        }
        return cls(**fields, tables=tables, receipt=receipt)


@api.post("/v1/privacy/erasure", responses={202: PrivacyRequest})
@idempotent
def request_erasure(body: ErasureBody) -> Response:
    """Have your events erased, or made nobody's; operators: another user's, or everybody's of a period

    It takes some minutes, up to two hours for events that have just come in. Events that are on their way are not kept."""
    caller = principal()
    request = privacy.request_erasure(
        resource_id(), body.action, caller.uid, user_id=_subject(body, caller), start=body.start, end=body.end
    )
    return answer(PrivacyRequest.of(request, None), 202, Location=f"/v1/privacy/requests/{request.id}")


@api.get("/v1/privacy/requests/<string:id>", responses={200: PrivacyRequest})
def get_request(path: IdPath) -> Response:
    """A privacy request: how far it is, and the receipt once it is done"""
    caller, request = principal(), privacy.get_request(path.id)
    if request.requested_by != caller.uid and not caller.has(Role.OPERATOR):
        raise NotFound(f"There is no privacy request {path.id}.")
    return answer(PrivacyRequest.of(request, privacy.find_receipt(path.id)))


def _subject(body: ErasureBody, caller: Principal) -> str | None:
    """Whose events are meant, None for everybody's. Raises Forbidden."""
    if (body.everybody or body.user_id not in (None, caller.uid)) and not caller.has(Role.OPERATOR):
        raise Forbidden("You can have your own events erased. For those of others this needs the role operator.")
    return None if body.everybody else body.user_id or caller.uid
