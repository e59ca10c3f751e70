"""A cache in the user's own objects: films that jobs have rendered, found by documents that say which part is where.

`users/{uid}/render_parts/{key}` names the object, its generation and the frames. A film is cached by being there: the result of
the render itself. Windows on the way to a long film are put under `tmp/`, where the bucket's lifecycle removes them."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from google.api_core.exceptions import GoogleAPIError
from pydantic import Field

from shared.assets import StoredObject, download_to
from shared.core.clients import firestore_client, storage_client
from shared.core.clock import now
from shared.core.documents import StoredModel
from shared.core.settings import settings
from shared.kompositions.passes.cache import Entry, Place
from shared.media.machines import moved

if TYPE_CHECKING:
    from google.cloud.firestore import CollectionReference

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
"""How long parts are looked for after their film was made. As in the lifecycle of `tmp/`."""
_AT_A_TIME = 300
_SPEEDS = "speeds"


class _StoredPart(StoredModel):
    """A document: where a part is; `start` and `stop` are frames, left out for sound. removed at `expireAt`."""

    name: str
    generation: int
    start: int | None = None
    stop: int | None = None
    expire_at: datetime


class _StoredSpeeds(StoredModel):
    """The document `speeds`."""

    speeds: dict[str, float] = Field(default_factory=dict)


class CloudCache:
    """The cache of one user during one job. `results` are the files that the job stores itself: `published` tells where."""

    def __init__(self, user_id: str, results: Collection[Path] = ()) -> None:
        self._user = user_id
        self._results = frozenset(results)
        self._waiting: dict[Path, Mapping[str, Place]] = {}

    def find(self, keys: Sequence[str]) -> Mapping[str, Entry]:
        """Those of the keys that are known, in as few round trips as there are hundreds of them."""
        found = {}
        for some in _batches(keys):
            references = [self._documents.document(key) for key in some]
            for snapshot in firestore_client().get_all(references):
                if snapshot.exists:
                    part = _StoredPart.model_validate(snapshot.to_dict())
                    if part.expire_at > now() and self._is_own(part.name):
                        found[snapshot.id] = Entry(f"{part.generation}/{part.name}", Place(part.start, part.stop))
        return found

    def fetch(self, file: str, folder: Path) -> Path | None:
        """Download the object, in exactly the generation that was indexed."""
        generation, _, name = file.partition("/")
        path = folder / f"{token_hex(4)}{Path(name).suffix}"
        stored = StoredObject(bucket=settings().bucket("renders"), name=name, generation=int(generation))
        try:
            download_to(stored, path)
        except GoogleAPIError:
            log.info("a cached film is gone", extra={"fields": {"object": name}})
            path.unlink(missing_ok=True)
            return None
        return path

    def keep(self, path: Path, places: Mapping[str, Place]) -> None:
        """Upload a window and index it. A result is indexed once the job has stored it."""
        if path in self._results:
            self._waiting[path] = places
            return
        name = f"tmp/users/{self._user}/parts/{token_hex(12)}{path.suffix}"
        try:
            blob = storage_client().bucket(settings().bucket("renders")).blob(name)
            blob.upload_from_filename(str(path), checksum="crc32c")
            self._index(places, name, int(blob.generation))
        except GoogleAPIError:
            log.warning("a window was not cached", exc_info=True)

    def published(self, path: Path, stored: StoredObject) -> None:
        """The result at `path` is stored as an object: index its parts."""
        try:
            self._index(self._waiting.pop(path, {}), stored.name, stored.generation)
        except GoogleAPIError:
            log.warning("a film was not cached", exc_info=True)

    def speeds(self) -> Mapping[str, float]:
        """How fast earlier steps were for this user's films."""
        return _StoredSpeeds.model_validate(self._documents.document(_SPEEDS).get().to_dict() or {}).speeds

    def learn(self, speeds: Mapping[str, float]) -> None:
        """Remember how fast steps were."""
        self._documents.document(_SPEEDS).set({"speeds": moved(self.speeds(), speeds)})

    @property
    def _documents(self) -> "CollectionReference":
        return firestore_client().collection("users", self._user, "render_parts")

    def _is_own(self, name: str) -> bool:
        return name.startswith((f"users/{self._user}/", f"tmp/users/{self._user}/"))

    def _index(self, places: Mapping[str, Place], name: str, generation: int) -> None:
        expire_at = now() + KEPT
        for some in _batches(list(places)):
            batch = firestore_client().batch()
            for key in some:
                place = places[key]
                part = _StoredPart(
                    name=name, generation=generation, start=place.start, stop=place.stop, expire_at=expire_at
                )
                batch.set(self._documents.document(key), part.model_dump(by_alias=True))
            batch.commit()


def _batches(keys: Sequence[str]) -> Iterator[list[str]]:
    waiting = iter(dict.fromkeys(keys))
    while some := list(islice(waiting, _AT_A_TIME)):
        yield some
