"""The documents of paper edits: `users/{uid}/paper_edits/{id}` and its versions.

They name a version of a transcript, which never changes, and hold what was done to its words, packed."""

from datetime import datetime
from typing import Any

from google.cloud.firestore import DocumentReference
from pydantic import Field

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel
from shared.core.packed import Packed, download, unpack
from shared.core.versions import version_of
from shared.paper_editing.edit import PaperEdit

INLINE_BYTES = 500_000
"""The largest content in a document, packed: some 50 000 operations."""


class PaperEditSummary(StoredModel):
    """A paper edit without what was done: what lists show. `before` and `after`: seconds of the recording and of the film.

    `komposition_version` is the version of the komposition that last followed the paper, or that it last followed."""

    id: str
    user_id: str
    title: str
    transcript_id: str
    transcript_version: int = Field(ge=1)
    asset_id: str | None = None
    komposition_id: str | None = None
    komposition_version: int | None = None
    version: int = Field(ge=1)
    cuts: int = Field(default=0, ge=0)
    before: float = 0.0
    after: float = 0.0
    created: datetime
    modified: datetime
    message: str = ""

    @property
    def etag(self) -> str:
        """Changes with every version."""
        return f"v{self.version}"

    def fields(self) -> dict[str, Any]:
        """As Firestore keeps it: camelCase, with real timestamps; everything but the content."""
        return self.model_dump(by_alias=True, include=set(PaperEditSummary.model_fields))


class StoredPaperEdit(PaperEditSummary):
    """A paper edit at one of its versions."""

    edit: PaperEdit


def edit_reference(user_id: str, edit_id: str) -> DocumentReference:
    """Where a paper edit's document is; its versions lie below it."""
    return firestore_client().collection("users", user_id, "paper_edits").document(edit_id)


def version_reference(user_id: str, edit_id: str, version: int) -> DocumentReference:
    """Where a version is."""
    return version_of(edit_reference(user_id, edit_id), version)


def is_inline(packed: Packed) -> bool:
    """Whether the content has room in the document."""
    return len(packed.data) <= INLINE_BYTES


def content_of(edit: PaperEdit) -> dict[str, Any]:
    """What was done, without the transcript."""
    return edit.model_dump(mode="json", by_alias=True, exclude={"transcript"})


def content_fields(packed: Packed) -> dict[str, Any]:
    """The field of a document that has the content, or names it."""
    kept = {"gzip": packed.data} if is_inline(packed) else {"object": packed.name}
    return {"content": {**kept, "size": packed.size}}


def load_content(stored: dict[str, Any]) -> dict[str, Any]:
    """What was done, of a document as Firestore has it."""
    content = stored["content"]
    done: dict[str, Any] = unpack(content["gzip"]) if "gzip" in content else download(content["object"])
    return done


SUMMARY_FIELDS = [field.alias or name for name, field in PaperEditSummary.model_fields.items()]
"""What to ask Firestore for when the content is not needed."""
