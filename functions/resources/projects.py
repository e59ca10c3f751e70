"""/v1/projects: what belongs together. A komposition is in a project by its `projectId`."""

from typing import Any

from flask import Response
from pydantic import Field

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from shared import projects

api = resource("projects")


class Project(WireModel):
    """A project. Its kompositions are those of `GET /v1/kompositions?projectId=`; the ids here are what is put up in it."""

    id: str
    name: str
    description: str
    komposition_ids: list[str]
    asset_ids: list[str]
    created: str
    modified: str

    @classmethod
    def of(cls, project: projects.Project) -> "Project":
        """The wire form of a project."""
        fields: dict[str, Any] = project.model_dump(mode="json", include=set(cls.model_fields))
        return cls.model_validate(fields)


class ProjectList(WireModel):
    """A page of projects, last changed first."""

    items: list[Project]
    next_page_token: str | None


class NewProject(WireModel):
    """A project to save. Lists that are left out stay as they were."""

    name: str = Field(min_length=1, max_length=200)
    description: str = Field(default="", max_length=5000)
    komposition_ids: list[Id] | None = Field(default=None, max_length=500)
    asset_ids: list[Id] | None = Field(default=None, max_length=500)


@api.get("/v1/projects", responses={200: ProjectList})
def list_projects(query: PageQuery) -> Response:
    """Your projects, last changed first"""
    page = projects.list_projects(principal().uid, query.limit, query.page_token)
    items = [Project.of(project) for project in page.items]
    return answer(ProjectList(items=items, next_page_token=page.next_page_token))


@api.post("/v1/projects", responses={201: Project})
@idempotent
def create_project(body: NewProject) -> Response:
    """Create a project under an id of our choice"""
    project, _ = projects.save_project(principal().uid, resource_id(), **dict(body))
    return _told(project, 201, Location=f"/v1/projects/{project.id}")


@api.get("/v1/projects/<string:id>", responses={200: Project})
def get_project(path: IdPath) -> Response:
    """A project"""
    return _told(projects.get_project(principal().uid, path.id))


@api.put("/v1/projects/<string:id>", responses={200: Project, 201: Project})
def put_project(path: IdPath, body: NewProject) -> Response:
    """Create or change a project; send If-Match so that nobody's work is lost"""
    project, new = projects.save_project(principal().uid, path.id, **dict(body), check=precondition().check)
    return _told(project, 201 if new else 200)


@api.delete("/v1/projects/<string:id>", responses={204: None})
def delete_project(path: IdPath) -> Response:
    """Delete a project; what was in it stays"""
    projects.delete_project(principal().uid, path.id, precondition().check)
    return no_content()


def _told(project: projects.Project, status: int = 200, **headers: str) -> Response:
    return answer(Project.of(project), status, etag=project.etag, **headers)
