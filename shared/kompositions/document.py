"""KompositionDocument: the document `users/{uid}/kompositions/{id}` around a komposition."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from google.cloud.firestore import DocumentReference
from pydantic import Field

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel


class Visibility(StrEnum):
    """Who may read."""

    PRIVATE = "private"
    PUBLIC = "public"
    SHARED = "shared"


class Metadata(StoredModel):
    """When, in which version, and from which platform."""

    created: datetime
    modified: datetime
    version: int = Field(ge=1)
    platform: str = "webapp"


class Sharing(StoredModel):
    """Who besides the owner may read; `sharedWith` counts when visibility is `shared`."""

    visibility: Visibility = Visibility.PRIVATE
    shared_with: list[str] = Field(default_factory=list)


class KompositionDocument(StoredModel):
    """A user's komposition. `komposition` is kept as it was validated: shared.kompositions.model.Komposition as JSON."""

    id: str
    user_id: str
    title: str
    description: str = ""
    metadata: Metadata
    komposition: dict[str, Any]
    sharing: Sharing = Sharing()

    @property
    def etag(self) -> str:
        """Changes with every save."""
        return f"v{self.metadata.version}"

    @property
    def reference(self) -> DocumentReference:
        """Where the document is."""
        return komposition_reference(self.user_id, self.id)

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it: camelCase, with real timestamps."""
        sharing = self.sharing.model_dump(by_alias=True, mode="json")
        return {**self.model_dump(by_alias=True), "sharing": sharing}


def komposition_reference(user_id: str, komposition_id: str) -> DocumentReference:
    """Where a komposition's document is."""
    return firestore_client().collection("users", user_id, "kompositions").document(komposition_id)


def parse_document(stored: dict[str, Any]) -> KompositionDocument:
    """A komposition document as Firestore has it."""
    return KompositionDocument.model_validate(stored)
