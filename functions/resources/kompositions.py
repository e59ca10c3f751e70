"""/v1/kompositions: users' kompositions, versioned, and rendering them."""

from typing import Any

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.jobs import Job
from shared.kompositions import (
    Komposition,
    KompositionDocument,
    KompositionService,
    Visibility,
    request_render,
)

api = resource("kompositions")
service = KompositionService()


class Metadata(WireModel):
    """When, in which version, from where."""

    created: str
    modified: str
    version: int
    platform: str


class Sharing(WireModel):
    """Who besides the owner may read."""

    visibility: Visibility
    shared_with: list[str]


class KompositionSummary(WireModel):
    """A komposition in a list."""

    id: str
    user_id: str
    title: str
    description: str
    metadata: Metadata
    sharing: Sharing


class StoredKomposition(KompositionSummary):
    """A komposition with its content."""

    komposition: dict[str, JsonValue]


class KompositionList(WireModel):
    """A page of kompositions, last changed first."""

    items: list[KompositionSummary]
    next_page_token: str | None


class NewKomposition(WireModel):
    """A komposition to save."""

    title: str = Field(min_length=1, max_length=200)
    description: str = Field(default="", max_length=5000)
    platform: str = Field(default="webapp", pattern="^(mcp|komposteur|webapp|api)$")
    komposition: Komposition


class VersionPath(WireModel):
    """A version of a komposition."""

    id: Id
    version: int = Field(ge=1, le=2**53)


def _stored(document: KompositionDocument, status: int = 200, **headers: str) -> Response:
    fields: dict[str, Any] = document.model_dump(mode="json")
    return answer(StoredKomposition.model_validate(fields), status, etag=document.etag, **headers)


@api.get("/v1/kompositions", responses={200: KompositionList})
def list_kompositions(query: PageQuery) -> Response:
    """Your kompositions, last changed first"""
    page = service.get_user_kompositions(principal().uid, query.limit, query.page_token)
    items = [KompositionSummary.model_validate(d.model_dump(mode="json", exclude={"komposition"})) for d in page.items]
    return answer(KompositionList(items=items, next_page_token=page.next_page_token))


@api.post("/v1/kompositions", responses={201: StoredKomposition})
@idempotent
def create_komposition(body: NewKomposition) -> Response:
    """Save a new komposition under an id of our choice"""
    document = _save(resource_id(), body)
    return _stored(document, 201, Location=f"/v1/kompositions/{document.id}")


@api.get("/v1/kompositions/<string:id>", responses={200: StoredKomposition})
def get_komposition(path: IdPath) -> Response:
    """A komposition at its newest version"""
    return _stored(service.get_komposition(principal().uid, path.id))


@api.get("/v1/kompositions/<string:id>/versions/<int:version>", responses={200: StoredKomposition})
def get_version(path: VersionPath) -> Response:
    """A komposition as it was in one version"""
    return _stored(service.get_komposition(principal().uid, path.id, path.version))


@api.put("/v1/kompositions/<string:id>", responses={200: StoredKomposition, 201: StoredKomposition})
def put_komposition(path: IdPath, body: NewKomposition) -> Response:
    """Create the komposition or save its next version; send If-Match so that nobody's work is lost"""
    document = _save(path.id, body)
    return _stored(document, 201 if document.metadata.version == 1 else 200)


@api.delete("/v1/kompositions/<string:id>", responses={204: None})
def delete_komposition(path: IdPath) -> Response:
    """Delete a komposition and its versions"""
    service.delete_komposition(principal().uid, path.id, precondition().check)
    return no_content()


@api.post("/v1/kompositions/<string:id>/render", responses={202: Job})
@idempotent
def render_komposition(path: IdPath) -> Response:
    """Render the newest version into an asset; follow the job"""
    document = service.get_komposition(principal().uid, path.id)
    job = request_render(document, resource_id())
    return answer(Job.of(job), 202, Location=f"/v1/jobs/{job.id}")


def _save(komposition_id: str, body: NewKomposition) -> KompositionDocument:
    return service.save_komposition(
        principal().uid,
        body.komposition,
        komposition_id=komposition_id,
        title=body.title,
        description=body.description,
        platform=body.platform,
        check=precondition().check,
    )
