"""/v1/kompositions: saving, reading, listing and deleting them."""

from flask import Response
from pydantic import Field

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.kompositions.models import (
    Komposition,
    KompositionList,
    NewKomposition,
    SavedKomposition,
    StoredKomposition,
    Tags,
    Uid,
    conflict_problem,
    saved,
    service,
    stored,
    summary,
)
from shared.core.errors import InvalidInput
from shared.kompositions import Filter, SaveConflict, Scope, Sort, read_komposition
from shared.projects import get_project

api = resource("kompositions")
api.register_error_handler(SaveConflict, conflict_problem)


class KompositionsQuery(PageQuery):
    """Which kompositions."""

    scope: Scope = Field(
        default=Scope.MINE, description="Your own, your trash, what others share with you, or public ones"
    )
    project_id: Id | None = Field(default=None, description="Only those of this project of yours")
    tag: str | None = Field(default=None, max_length=50)
    text: str = Field(default="", max_length=200, description="Words that title, description or tags must hold")
    sort: Sort | None = Field(default=None, description="Only for your own: by time falling, or by title rising")


class OwnerQuery(WireModel):
    """Whose komposition."""

    owner: Uid | None = Field(default=None, description="The user who shares it with you; left out: you")


class DeleteQuery(WireModel):
    """How to delete."""

    permanently: bool = Field(default=False, description="Delete it for good, out of the trash")


class Labels(WireModel):
    """What can be changed without a new version. What is left out stays; a project of null is none."""

    tags: Tags | None = None
    project_id: Id | None = None


@api.get("/v1/kompositions", responses={200: KompositionList})
def list_kompositions(query: KompositionsQuery) -> Response:
    """Your kompositions, last changed first; or your trash, or those of others that you may read"""
    if query.scope is not Scope.MINE and (query.sort or query.project_id):
        raise InvalidInput(
            "Only your own kompositions can be sorted or listed by project. Leave sort and projectId out."
        )
    page = service.get_user_kompositions(
        principal().uid,
        query.limit,
        query.page_token,
        scope=query.scope,
        wanted=Filter(query.project_id, query.tag, query.text),
        sort=query.sort or Sort.MODIFIED,
    )
    items = [Komposition.of(each) for each in page.items]
    return answer(KompositionList(items=items, next_page_token=page.next_page_token))


@api.post("/v1/kompositions", responses={201: SavedKomposition})
@idempotent
def create_komposition(body: NewKomposition) -> Response:
    """Save a new komposition of any known format under an id of our choice"""
    read = read_komposition(body.komposition)
    _check_project(body.project_id)
    document = service.create_komposition(
        principal().uid,
        resource_id(),
        read,
        title=body.title,
        description=body.description,
        platform=body.platform,
        message=body.message,
        labels=body.labels,
    )
    return saved(document, read, 201, Location=f"/v1/kompositions/{document.id}")


@api.get("/v1/kompositions/<string:id>", responses={200: StoredKomposition})
def get_komposition(path: IdPath, query: OwnerQuery) -> Response:
    """A komposition at its newest version: your own, or one of `owner` that you may read"""
    uid = principal().uid
    return stored(service.get_open_komposition(uid, query.owner or uid, path.id))


@api.put("/v1/kompositions/<string:id>", responses={200: SavedKomposition, 201: SavedKomposition})
def put_komposition(path: IdPath, body: NewKomposition) -> Response:
    """Create the komposition or save its next version. With If-Match, a save that comes too late is kept as a conflict"""
    read = read_komposition(body.komposition)
    _check_project(body.project_id)
    document = service.save_komposition(
        principal().uid,
        read,
        komposition_id=path.id,
        title=body.title,
        description=body.description,
        platform=body.platform,
        message=body.message,
        labels=body.labels,
        check=precondition().check,
    )
    return saved(document, read, 201 if document.metadata.version == 1 else 200)


@api.patch("/v1/kompositions/<string:id>", responses={200: Komposition})
def label_komposition(path: IdPath, body: Labels) -> Response:
    """Change its tags or its project, without a new version"""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    if "tags" in changes and body.tags is None:
        raise InvalidInput("Tags are a list; send an empty one to take all away.", pointer="/tags")
    _check_project(body.project_id)
    return summary(service.label_komposition(principal().uid, path.id, changes, precondition().check))


@api.delete("/v1/kompositions/<string:id>", responses={204: None})
def delete_komposition(path: IdPath, query: DeleteQuery) -> Response:
    """Move a komposition to the trash for 30 days; or delete one that is there for good"""
    if query.permanently:
        service.purge_komposition(principal().uid, path.id)
    else:
        service.delete_komposition(principal().uid, path.id, precondition().check)
    return no_content()


@api.post("/v1/kompositions/<string:id>/restore", responses={200: Komposition})
@idempotent
def restore_komposition(path: IdPath) -> Response:
    """Take a komposition back out of the trash"""
    return summary(service.restore_komposition(principal().uid, path.id))


def _check_project(project_id: str | None) -> None:
    if project_id is not None:
        get_project(principal().uid, project_id, pointer="/projectId")
