"""Store: where the recommender is between a training and those who answer from it.

It is an object of the bucket `documents`, named by its content; `recommenders/current` in Firestore names the one that serves.
That document is written when the object is whole: whoever is killed before leaves the one before in place."""

import gzip
import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.core.clients import firestore_client, storage_client
from shared.core.clock import now
from shared.core.errors import Unavailable
from shared.core.settings import settings
from shared.patterns.recommending.card import LiveQuality, ModelCard
from shared.patterns.recommending.recommender import Recommender

log = logging.getLogger(__name__)

COLLECTION = "recommenders"
CURRENT = "current"
_BUCKET = "documents"
_FOLDER = "recommenders/"
_KEPT = timedelta(days=2)
"""How long a recommender that serves no more can still be read by a process that has just looked."""
_TIMEOUT = 30.0


@dataclass(frozen=True)
class Pointer:
    """What `recommenders/current` says: the object that serves, the digest of its JSON, and its card."""

    object: str
    sha256: str
    card: ModelCard


def store(recommender: Recommender) -> Pointer:
    """Make this the recommender that serves; then delete those that no longer can. Raises GoogleAPIError."""
    content = json.dumps(recommender.document(), separators=(",", ":")).encode()
    digest = hashlib.sha256(content).hexdigest()
    name = f"{_FOLDER}{digest}.json.gz"
    bucket = storage_client().bucket(settings().bucket(_BUCKET))
    bucket.blob(name).upload_from_string(gzip.compress(content, mtime=0), "application/gzip", timeout=_TIMEOUT)
    card = recommender.card.model_copy(update={"model": digest})
    _current().set({"object": name, "sha256": digest, "card": card.model_dump(mode="json", by_alias=True)})
    _delete_old(bucket, name)
    return Pointer(name, digest, card)


def pointer() -> Pointer | None:
    """Which recommender serves; None before the first training."""
    document: dict[str, Any] | None = _current().get().to_dict()
    if document is None:
        return None
    return Pointer(document["object"], document["sha256"], ModelCard.model_validate(document["card"]))


def load(at: Pointer) -> Recommender:
    """The recommender that `at` names. Raises Unavailable if the object is gone or is not what it was."""
    from google.api_core.exceptions import NotFound

    bucket = storage_client().bucket(settings().bucket(_BUCKET))
    try:
        content = gzip.decompress(bucket.blob(at.object).download_as_bytes(timeout=_TIMEOUT))
    except NotFound:
        raise Unavailable("The model of recommendations was replaced meanwhile. Ask again.") from None
    except (OSError, EOFError) as error:
        raise Unavailable(f"The model of recommendations cannot be read: {error}") from error
    if hashlib.sha256(content).hexdigest() != at.sha256:
        raise Unavailable("The model of recommendations is not the one that was stored. Train it again.")
    return Recommender.of_document(json.loads(content))


def tell_live(live: list[LiveQuality], at: datetime) -> None:
    """Write the live quality on the card of the recommender that serves, if one does."""
    from google.api_core.exceptions import NotFound

    told = [quality.model_dump(mode="json", by_alias=True) for quality in live]
    try:
        _current().update({"card.live": told, "card.liveMeasuredAt": at.isoformat()})
    except NotFound:
        log.info("nothing was trained yet: there is no card to write on")


def _current() -> Any:
    return firestore_client().collection(COLLECTION).document(CURRENT)


def _delete_old(bucket: Any, current: str) -> None:
    """Another training may have stored its object and not yet said so: only what is old goes."""
    for blob in bucket.list_blobs(prefix=_FOLDER, timeout=_TIMEOUT):
        if blob.name != current and blob.time_created and blob.time_created < now() - _KEPT:
            blob.delete(timeout=_TIMEOUT)
