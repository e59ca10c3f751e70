"""/v1/kompositions/{id}/share and /fork: who may read, and copies."""

from flask import Response
from pydantic import Field

from functions.http.answers import IdPath, WireModel, precondition
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.kompositions.models import (
    Komposition,
    Platform,
    StoredKomposition,
    Title,
    Uid,
    service,
    stored,
    summary,
)
from shared.kompositions import MAX_READERS, Visibility

api = resource("sharing")


class Share(WireModel):
    """Who may read: `private` nobody else, `shared` those in sharedWith, `public` everybody."""

    visibility: Visibility
    shared_with: list[Uid] = Field(default_factory=list, max_length=MAX_READERS)


class Forking(WireModel):
    """What to copy."""

    owner: Uid | None = Field(default=None, description="The user who shares it with you; left out: you")
    version: int | None = Field(default=None, ge=1, le=2**53, description="Of your own, any; of others, the newest")
    title: Title | None = None
    platform: Platform = "webapp"


@api.post("/v1/kompositions/<string:id>/share", responses={200: Komposition})
@idempotent
def share_komposition(path: IdPath, body: Share) -> Response:
    """Say who may read a komposition of yours"""
    return summary(
        service.share_komposition(principal().uid, path.id, body.shared_with, body.visibility, precondition().check)
    )


@api.post("/v1/kompositions/<string:id>/fork", responses={201: StoredKomposition})
@idempotent
def fork_komposition(path: IdPath, body: Forking) -> Response:
    """Copy a komposition that you may read into your own ones"""
    uid = principal().uid
    fork = service.fork_komposition(
        uid,
        body.owner or uid,
        path.id,
        fork_id=resource_id(),
        title=body.title,
        version=body.version,
        platform=body.platform,
    )
    return stored(fork, 201, Location=f"/v1/kompositions/{fork.id}")
