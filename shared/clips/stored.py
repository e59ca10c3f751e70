"""StoredClip: the document `users/{uid}/clips/{id}`."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from google.cloud.firestore import CollectionReference, DocumentReference
from pydantic import Field

from shared.clips.clip import Clip
from shared.clips.feedback import Outcome
from shared.core.clients import firestore_client
from shared.core.documents import StoredModel


class ClipState(StrEnum):
    """What its owner thinks of a clip: not looked at yet, or decided."""

    PROPOSED = "proposed"
    KEPT = "kept"
    DISCARDED = "discarded"


class StoredClip(StoredModel):
    """A clip of a user. `place`: 0 for the best of its job. `komposition_version`: the one that was composed; a newer one was
    edited. `predicted`: how well it was expected to do when it was made, 0 to 1 as `Evidence.success` is. `variant_of`: the clip,
    by its id here, that it is in another length."""

    id: str
    user_id: str
    asset_id: str
    transcript_id: str
    job_id: str
    komposition_id: str
    komposition_version: int = Field(ge=1)
    place: int = Field(ge=0)
    variant_of: str | None = None
    category: str
    prompt_name: str
    prompt_version: int = Field(ge=1)
    prompt_id: str | None = None
    ranker: str
    clip: Clip
    state: ClipState = ClipState.PROPOSED
    predicted: float = Field(ge=0, le=1)
    outcome: Outcome = Outcome()
    export_job_id: str | None = None
    created: datetime
    modified: datetime

    @property
    def etag(self) -> str:
        """Changes with every save."""
        return f"m{self.modified.timestamp():.6f}"

    @property
    def reference(self) -> DocumentReference:
        """Where the document is."""
        return clip_reference(self.user_id, self.id)

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it: camelCase, with real timestamps. What is computed of a clip is not kept."""
        told = self.model_dump(by_alias=True, exclude={"clip"})
        clip = self.clip.model_dump(mode="json", by_alias=True)
        return {**told, "state": self.state.value, "clip": clip}


def clips_of(user_id: str) -> CollectionReference:
    """Where the clips of a user are."""
    found: CollectionReference = firestore_client().collection("users", user_id, "clips")
    return found


def clip_reference(user_id: str, clip_id: str) -> DocumentReference:
    """Where a clip's document is."""
    return clips_of(user_id).document(clip_id)


def parse_clip(stored: dict[str, Any]) -> StoredClip:
    """A clip as Firestore has it."""
    return StoredClip.model_validate(stored)
