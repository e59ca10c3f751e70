"""The documents of transcripts: `users/{uid}/transcripts/{id}` and its versions, each with its content packed.

A transcript of four hours has 40 000 words: 4 MB of JSON, 600 KB packed. Firestore takes one mebibyte: what is larger than a
fifth of that lies in the bucket of documents, and callers never see the difference."""

from datetime import datetime
from typing import Any

from google.cloud.firestore import DocumentReference
from pydantic import Field

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel
from shared.core.packed import Packed, download, unpack
from shared.core.versions import version_of
from shared.transcripts.transcript import Origin, Transcript

INLINE_BYTES = 200_000
"""The largest content in a document, packed."""


class TranscriptSummary(StoredModel):
    """A user's transcript without what is said: what lists show. `undo` and `redo`: the versions that a step back and a step
    forward lead to, None where there is none."""

    id: str
    user_id: str
    asset_id: str | None = None
    title: str
    version: int = Field(ge=1)
    language: str | None = None
    duration: float | None = None
    words: int = 0
    speakers: list[str] = Field(default_factory=list)
    origin: Origin | None = None
    created: datetime
    modified: datetime
    author: str | None = None
    message: str = ""
    digest: str
    undo: int | None = None
    redo: int | None = None

    @property
    def etag(self) -> str:
        """Changes with every version."""
        return f"v{self.version}-{self.digest[:8]}"

    def fields(self) -> dict[str, Any]:
        """As Firestore keeps it: camelCase, with real timestamps; everything but the content."""
        return self.model_dump(by_alias=True, include=set(TranscriptSummary.model_fields))


class StoredTranscript(TranscriptSummary):
    """A user's transcript at one of its versions."""

    transcript: Transcript


def transcript_reference(user_id: str, transcript_id: str) -> DocumentReference:
    """Where a transcript's document is; its versions and the saves that came too late lie below it."""
    return firestore_client().collection("users", user_id, "transcripts").document(transcript_id)


def version_reference(user_id: str, transcript_id: str, version: int) -> DocumentReference:
    """Where a version is."""
    return version_of(transcript_reference(user_id, transcript_id), version)


def is_inline(packed: Packed) -> bool:
    """Whether the content has room in the document."""
    return len(packed.data) <= INLINE_BYTES


def content_fields(packed: Packed) -> dict[str, Any]:
    """The field of a document that has the content, or names it."""
    kept = {"gzip": packed.data} if is_inline(packed) else {"object": packed.name}
    return {"content": {**kept, "size": packed.size}}


def parse_summary(stored: dict[str, Any]) -> TranscriptSummary:
    """What Firestore has, without what is said."""
    return TranscriptSummary.model_validate(stored)


def parse_transcript(stored: dict[str, Any]) -> StoredTranscript:
    """What Firestore has, with what is said."""
    content = stored["content"]
    said = unpack(content["gzip"]) if "gzip" in content else download(content["object"])
    return StoredTranscript.model_validate({**stored, "transcript": said})


SUMMARY_FIELDS = [field.alias or name for name, field in TranscriptSummary.model_fields.items()]
"""What to ask Firestore for when the content is not needed."""
