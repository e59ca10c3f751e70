"""The documents of kompositions: `users/{uid}/kompositions/{id}`, its versions and conflicts, and `users/{uid}/trash/{id}`."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from google.cloud.firestore import DocumentReference
from pydantic import Field

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel
from shared.core.versions import version_of

if TYPE_CHECKING:
    from shared.kompositions.model import Komposition

MAX_TAGS = 50
MAX_READERS = 100
"""How many people a komposition can be shared with by name."""


class Visibility(StrEnum):
    """Who may read."""

    PRIVATE = "private"
    PUBLIC = "public"
    SHARED = "shared"


class Metadata(StoredModel):
    """When, in which version, from which platform; who saved this version, and what they said about it."""

    created: datetime
    modified: datetime
    version: int = Field(ge=1)
    platform: str = "webapp"
    author: str | None = None
    message: str = ""


class Sharing(StoredModel):
    """Who besides the owner may read; `sharedWith` counts when visibility is `shared`."""

    visibility: Visibility = Visibility.PRIVATE
    shared_with: list[str] = Field(default_factory=list)

    def lets_in(self, uid: str) -> bool:
        """Whether someone who is not the owner may read."""
        if self.visibility is Visibility.SHARED:
            return uid in self.shared_with
        return self.visibility is Visibility.PUBLIC


class Fork(StoredModel):
    """What a komposition was copied from."""

    user_id: str
    komposition_id: str
    version: int


class KompositionSummary(StoredModel):
    """A user's komposition without its content: what lists show, and what a write needs to know of what is there."""

    id: str
    user_id: str
    title: str
    description: str = ""
    metadata: Metadata
    sharing: Sharing = Sharing()
    tags: list[str] = Field(default_factory=list)
    project_id: str | None = None
    forked_from: Fork | None = None
    deleted_at: datetime | None = None

    @property
    def etag(self) -> str:
        """Changes with every version, and with the tags, the project and the sharing, which make no version."""
        labels = self.model_dump_json(include={"sharing", "tags", "project_id"}).encode()
        return f"v{self.metadata.version}-{hashlib.sha256(labels).hexdigest()[:8]}"

    @property
    def reference(self) -> DocumentReference:
        """Where the document is."""
        return komposition_reference(self.user_id, self.id)

    def fields(self) -> dict[str, Any]:
        """As Firestore keeps it: camelCase, with real timestamps; everything but the content."""
        told = self.model_dump(by_alias=True, include=set(KompositionSummary.model_fields), exclude_none=True)
        return {**told, "sharing": self.sharing.model_dump(by_alias=True, mode="json")}


class KompositionDocument(KompositionSummary):
    """A user's komposition with its content: canonical JSON, as `Komposition.to_json` gives it."""

    komposition: dict[str, Any]

    def parse(self) -> "Komposition":
        """The content as a model. Raises InvalidKomposition, for a document that a browser wrote past the API's checks."""
        from shared.kompositions.parsing import parse_komposition

        return parse_komposition(self.komposition)


class Conflict(KompositionDocument):
    """A save that was refused because somebody had saved before it. `metadata.version` is the version that was there."""

    conflict_id: str


def komposition_reference(user_id: str, komposition_id: str) -> DocumentReference:
    """Where a komposition's document is. Its versions lie below it, also while it is in the trash."""
    return firestore_client().collection("users", user_id, "kompositions").document(komposition_id)


def trash_reference(user_id: str, komposition_id: str) -> DocumentReference:
    """Where the document of a deleted komposition is."""
    return firestore_client().collection("users", user_id, "trash").document(komposition_id)


def version_reference(user_id: str, komposition_id: str, version: int) -> DocumentReference:
    """Where a version is."""
    return version_of(komposition_reference(user_id, komposition_id), version)


def conflict_reference(user_id: str, komposition_id: str, conflict_id: str) -> DocumentReference:
    """Where a refused save is kept."""
    found: DocumentReference = (
        komposition_reference(user_id, komposition_id).collection("conflicts").document(conflict_id)
    )
    return found


def parse_summary(stored: dict[str, Any]) -> KompositionSummary:
    """What Firestore has, without the content."""
    return KompositionSummary.model_validate(stored)
