"""What earlier transcodes of a user have shown of how fast they go: the document `users/{uid}/speeds/transcode`."""

from collections.abc import Mapping

from google.cloud.firestore import DocumentReference
from pydantic import Field

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel
from shared.media.chunking import Speeds
from shared.media.machines import moved


class StoredSpeeds(StoredModel):
    """The document: speeds by the names of `shared.media.chunking`."""

    speeds: dict[str, float] = Field(default_factory=dict)


def known_speeds(user_id: str) -> Speeds:
    """The speeds to predict with."""
    return Speeds(StoredSpeeds.model_validate(_document(user_id).get().to_dict() or {}).speeds)


def learn_speeds(user_id: str, seen: Mapping[str, float]) -> None:
    """Take what a job has shown into account."""
    speeds = moved(known_speeds(user_id).measured, seen)
    _document(user_id).set(StoredSpeeds(speeds=speeds).model_dump(by_alias=True))


def _document(user_id: str) -> DocumentReference:
    return firestore_client().collection("users", user_id, "speeds").document("transcode")
