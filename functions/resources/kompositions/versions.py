"""/v1/kompositions/{id}/versions, /diff and /conflicts: what was, what changed, and saves that came too late."""

import json
from typing import Any

from flask import Response, make_response
from pydantic import Field, JsonValue

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import principal
from functions.http.idempotency import idempotent
from functions.http.openapi import resource
from functions.resources.kompositions.models import (
    ConflictId,
    Komposition,
    Message,
    Platform,
    StoredKomposition,
    conflict_problem,
    service,
    stored,
    summary,
)
from shared.kompositions import SaveConflict

api = resource("versions")
api.register_error_handler(SaveConflict, conflict_problem)

SIDE = r"^([1-9][0-9]{0,14}|conflict-[0-9a-f]{20})$"


class VersionPath(WireModel):
    """A version of a komposition."""

    id: Id
    version: int = Field(ge=1, le=2**53)


class ConflictPath(WireModel):
    """A refused save of a komposition."""

    id: Id
    conflict: ConflictId


class VersionList(WireModel):
    """A page of versions, the newest first."""

    items: list[Komposition]
    next_page_token: str | None


class Conflict(Komposition):
    """A save that came too late. `metadata.version` is the version that had been saved before it."""

    conflict_id: str


class StoredConflict(Conflict):
    """A save that came too late, with its content."""

    komposition: dict[str, JsonValue]


class ConflictList(WireModel):
    """Saves that came too late, the newest first."""

    items: list[Conflict]


class OriginalDocument(WireModel):
    """A version as it was sent, in its own format."""

    variant: str
    document: JsonValue


class Restoring(WireModel):
    """What to say of the version that restoring makes."""

    message: Message = ""
    platform: Platform = "webapp"


class DiffQuery(WireModel):
    """The two sides: numbers of versions or ids of conflicts."""

    from_: str = Field(alias="from", pattern=SIDE)
    to: str = Field(pattern=SIDE)


class Difference(WireModel):
    """One thing that is different."""

    kind: str
    pointer: str = Field(description="Where in the later one; in the earlier one for what is gone")
    more: list[str] = Field(description="Other places that the sentence speaks of")
    text: str = Field(description="As a person would say it")
    before: JsonValue
    after: JsonValue


class Diff(WireModel):
    """What changed."""

    changes: list[Difference]


@api.get("/v1/kompositions/<string:id>/versions", responses={200: VersionList})
def list_versions(path: IdPath, query: PageQuery) -> Response:
    """The versions of a komposition, the newest first: who saved them, when, and why"""
    page = service.list_versions(principal().uid, path.id, query.limit, query.page_token)
    items = [Komposition.of(each) for each in page.items]
    return answer(VersionList(items=items, next_page_token=page.next_page_token))


@api.get("/v1/kompositions/<string:id>/versions/<int:version>", responses={200: StoredKomposition})
def get_version(path: VersionPath) -> Response:
    """A komposition as it was in one version"""
    return stored(service.get_komposition(principal().uid, path.id, path.version))


@api.get("/v1/kompositions/<string:id>/versions/<int:version>/original", responses={200: OriginalDocument})
def get_original(path: VersionPath) -> Response:
    """A version as it was sent, before it was read into the canonical form"""
    original = service.get_original(principal().uid, path.id, path.version)
    # Byte for byte what was sent, also the halves of characters that no other answer holds.
    response = make_response(json.dumps({"variant": original.variant, "document": original.document}))
    response.content_type = "application/json"
    return response


@api.post("/v1/kompositions/<string:id>/versions/<int:version>/restore", responses={200: Komposition})
@idempotent
def restore_version(path: VersionPath, body: Restoring) -> Response:
    """Make an old version the next one"""
    return summary(
        service.restore_version(
            principal().uid,
            path.id,
            path.version,
            message=body.message,
            platform=body.platform,
            check=precondition().check,
        )
    )


@api.get("/v1/kompositions/<string:id>/diff", responses={200: Diff})
def diff_versions(path: IdPath, query: DiffQuery) -> Response:
    """What changed from one version or conflict to another"""
    changes = service.diff(principal().uid, path.id, query.from_, query.to)
    return answer(Diff(changes=[_change(each) for each in changes]))


@api.get("/v1/kompositions/<string:id>/conflicts", responses={200: ConflictList})
def list_conflicts(path: IdPath) -> Response:
    """Saves that came too late and are kept, the newest first"""
    found = service.list_conflicts(principal().uid, path.id)
    items = [Conflict(**dict(Komposition.of(each)), conflict_id=conflict_id) for conflict_id, each in found]
    return answer(ConflictList(items=items))


@api.get("/v1/kompositions/<string:id>/conflicts/<string:conflict>", responses={200: StoredConflict})
def get_conflict(path: ConflictPath) -> Response:
    """A save that came too late, with its content"""
    found = service.get_conflict(principal().uid, path.id, path.conflict)
    told = dict(Komposition.of(found))
    return answer(StoredConflict.model_construct(**told, conflict_id=found.conflict_id, komposition=found.komposition))


@api.delete("/v1/kompositions/<string:id>/conflicts/<string:conflict>", responses={204: None})
def delete_conflict(path: ConflictPath) -> Response:
    """Let go of a save that came too late"""
    service.delete_conflict(principal().uid, path.id, path.conflict)
    return no_content()


@api.post("/v1/kompositions/<string:id>/conflicts/<string:conflict>/restore", responses={200: Komposition})
@idempotent
def restore_conflict(path: ConflictPath, body: Restoring) -> Response:
    """Make a save that came too late the next version"""
    return summary(
        service.restore_conflict(
            principal().uid,
            path.id,
            path.conflict,
            message=body.message,
            platform=body.platform,
            check=precondition().check,
        )
    )


def _change(change: Any) -> Difference:
    return Difference(
        kind=change.kind,
        pointer=change.pointer,
        more=list(change.more),
        text=change.text,
        before=change.before,
        after=change.after,
    )
