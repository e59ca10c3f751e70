"""Saving, reading and deleting projects, as their owner may."""

from typing import Any

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import newest_first
from shared.core.errors import InvalidInput, NotFound
from shared.core.paging import Page
from shared.core.versions import CurrentCheck, write_next
from shared.kompositions import KompositionService
from shared.projects.project import Project, parse_project, project_reference


def save_project(
    user_id: str,
    project_id: str,
    *,
    name: str,
    description: str = "",
    komposition_ids: list[str] | None = None,
    asset_ids: list[str] | None = None,
    check: CurrentCheck | None = None,
) -> tuple[Project, bool]:
    """Create or change a project; lists of None stay as they were. The project, and whether it is new."""

    def following(current: Project | None) -> tuple[tuple[Project, bool], dict[str, Any]]:
        moment = now()
        kept = current or Project(id=project_id, user_id=user_id, name=name, created=moment, modified=moment)
        lists = {"komposition_ids": komposition_ids, "asset_ids": asset_ids}
        changes = {field: ids for field, ids in lists.items() if ids is not None}
        saved = kept.model_copy(update={**changes, "name": name, "description": description, "modified": moment})
        return (saved, current is None), saved.document()

    return write_next(project_reference(user_id, project_id), parse_project, check, following, versions=False)


def get_project(user_id: str, project_id: str, pointer: str | None = None) -> Project:
    """A project of the user. Raises NotFound; or InvalidInput at `pointer`, where a document names it."""
    stored = project_reference(user_id, project_id).get().to_dict()
    if stored is not None:
        return parse_project(stored)
    detail = f"There is no project {project_id}."
    if pointer is not None:
        raise InvalidInput(f"{detail} Create it, or name another one.", pointer=pointer)
    raise NotFound(detail)


def list_projects(user_id: str, limit: int, page_token: str | None = None) -> Page[Project]:
    """The user's projects, last changed first."""
    projects = firestore_client().collection("users", user_id, "projects")
    return newest_first(projects, parse_project, limit, page_token, time="modified")


def delete_project(user_id: str, project_id: str, check: CurrentCheck | None = None) -> None:
    """Delete a project. What was in it stays, in no project. Raises NotFound, and what `check` raises."""
    project = get_project(user_id, project_id)
    if check is not None:
        check(project.etag)
    KompositionService().leave_project(user_id, project_id)
    project.reference.delete()
