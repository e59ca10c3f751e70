"""Project: the document `users/{uid}/projects/{id}`."""

from datetime import datetime
from typing import Any

from google.cloud.firestore import DocumentReference
from pydantic import Field

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel

MAX_MEMBERS = 500


class Project(StoredModel):
    """A project. The ids are what its owner has put up in it, in their order; a komposition is in it by its own `projectId`."""

    id: str
    user_id: str
    name: str
    description: str = ""
    komposition_ids: list[str] = Field(default_factory=list)
    asset_ids: list[str] = Field(default_factory=list)
    created: datetime
    modified: datetime

    @property
    def etag(self) -> str:
        """Changes with every save."""
        return f"m{self.modified.timestamp():.6f}"

    @property
    def reference(self) -> DocumentReference:
        """Where the document is."""
        return project_reference(self.user_id, self.id)

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it: camelCase, with real timestamps."""
        return self.model_dump(by_alias=True)


def project_reference(user_id: str, project_id: str) -> DocumentReference:
    """Where a project's document is."""
    return firestore_client().collection("users", user_id, "projects").document(project_id)


def parse_project(stored: dict[str, Any]) -> Project:
    """A project as Firestore has it."""
    return Project.model_validate(stored)
