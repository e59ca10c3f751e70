"""/v1/privacy: your data: what of it is erased or made nobody's, the receipts for it, and all of it to take away."""

from typing import Self

from flask import Response
from pydantic import AwareDatetime, Field, StrictBool, model_validator

from functions.http.answers import IdPath, WireModel, answer
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.job_files import JobFile
from functions.resources.jobs import Job
from shared import privacy
from shared.core.errors import Forbidden, NotFound
from shared.core.principal import Principal, Role
from shared.privacy import ErasureAction, ErasureReceipt, PrivacyRequestState, archiving

api = resource("privacy")


class ErasureBody(WireModel):
    """What is to be erased: your own events, or your account with all that is in it, unless an operator names another user, or
    nobody and a period."""

    action: ErasureAction = Field(default=ErasureAction.ERASE, description="`anonymise` keeps the rows, as nobody's")
    account: StrictBool = Field(
        default=False, description="Everything: documents, files, events, and the account itself. It cannot be undone"
    )
    user_id: str | None = Field(default=None, min_length=1, max_length=128, description="Whose events; for operators")
    everybody: bool = Field(default=False, description="All events of the period; for operators")
    start: AwareDatetime | None = Field(default=None, description="Only events that occurred at this moment or later")
    end: AwareDatetime | None = Field(default=None, description="Only events that occurred before this moment")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.account and (self.everybody or self.start or self.end or self.action is not ErasureAction.ERASE):
            raise ValueError("An account is erased whole: leave out action, everybody, start and end.")
        return self


class ErasureProgress(WireModel):
    """How far a table, or another place, is."""

    found: int = Field(description="Found so far")
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
    places: dict[str, ErasureProgress] = Field(description="Of an account: files, documents, mentions, signIn")
    receipt: ErasureReceipt | None

    @classmethod
    def of(cls, request: privacy.PrivacyRequest, receipt: ErasureReceipt | None) -> "PrivacyRequest":
        """The wire form of a request."""
        fields = request.model_dump(include={*cls.model_fields} - {"tables", "places", "receipt"})
        tables, places = (
            {name: ErasureProgress(found=each.found, removed=each.removed) for name, each in found.items()}
            for found in (request.tables, request.places)
        )
        return cls(**fields, tables=tables, places=places, receipt=receipt)


class Archive(JobFile):
    """All that is yours, once it is made: a zip of JSON lines with links to your files."""

    lines: int | None


@api.post("/v1/privacy/erasure", responses={202: PrivacyRequest})
@idempotent
def request_erasure(body: ErasureBody) -> Response:
    """Have your events erased, or made nobody's, or your account erased with all that is in it; operators: another user's, or
    everybody's events of a period

    It takes some minutes, up to two hours for events that have just come in. Events that are on their way are not kept. With
    `account`, it is closed at once: nobody can sign in to it, its jobs are cancelled, and only operators see how far it is."""
    caller = principal()
    if body.account:
        whole = privacy.request_account_erasure(resource_id(), caller.uid, _subject(body, caller) or caller.uid)
        return answer(PrivacyRequest.of(whole, None), 202, Location=f"/v1/privacy/requests/{whole.id}")
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


@api.post("/v1/privacy/export", responses={202: Job})
@idempotent
def request_export() -> Response:
    """Have all that is yours made into one file: documents, events, what was computed for you, and links to your files"""
    job = archiving.request_archive(principal().uid, resource_id())
    return answer(Job.of(job), 202, Location=f"/v1/privacy/export/{job.id}")


@api.get("/v1/privacy/export/<string:id>", responses={200: Archive})
def get_export(path: IdPath) -> Response:
    """The file with all that is yours, with a URL once it is made; it is kept for 7 days"""
    job, link = archiving.archive_of(principal().uid, path.id)
    return answer(Archive.of(job, link, lines=job.outputs.get("lines")))


def _subject(body: ErasureBody, caller: Principal) -> str | None:
    """Whose events are meant, None for everybody's. Raises Forbidden."""
    if (body.everybody or body.user_id not in (None, caller.uid)) and not caller.has(Role.OPERATOR):
        raise Forbidden("You can have your own events erased. For those of others this needs the role operator.")
    return None if body.everybody else body.user_id or caller.uid
