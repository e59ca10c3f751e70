"""Kept answers: JSON that was made once and is told with its age, some of it in Firestore, for all processes.

`kept_answers/{id}` is there so that a process that has just started does not keep people waiting for what its neighbour has
computed a minute ago. Only answers that are the same for all who may see them are there."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from google.api_core.exceptions import GoogleAPIError

from shared.core.clients import firestore_client
from shared.core.clock import now

if TYPE_CHECKING:
    from pydantic import BaseModel

log = logging.getLogger(__name__)

COLLECTION = "kept_answers"
MOST_SHARED_BYTES = 900_000
"""A document of Firestore holds a mebibyte."""
_TIMEOUT = 2.0


class Key(NamedTuple):
    """What an answer is found by: whom it is for (empty: all who are shown everybody's), what it is, and as it was asked for."""

    whose: str
    name: str
    asked: str


class Made(NamedTuple):
    """An answer as it was made: the model, whose `freshness`, if it has one, gives way to a stamp; when the newest event in it
    had come in; for how long it may be told, and for how long after that while it is made anew."""

    model: "BaseModel"
    newest_event_at: datetime | None
    good: timedelta
    stale: timedelta = timedelta(0)


Make = Callable[[], Made]


@dataclass(frozen=True)
class KeptAnswer:
    """An answer in JSON without its stamp. It may be told for `good`, and for `stale` after that while it is made anew."""

    body: bytes
    computed_at: datetime
    newest_event_at: datetime | None
    good: timedelta
    stale: timedelta

    @classmethod
    def made(cls, make: Make) -> "KeptAnswer":
        """The answer that is made now. Raises what `make` raises."""
        computed_at = now()
        made = make()
        body = made.model.model_dump_json(by_alias=True, exclude={"freshness"}).encode()
        return cls(body, computed_at, made.newest_event_at, made.good, made.stale)

    @property
    def age(self) -> timedelta:
        """How long ago it was computed."""
        return max(timedelta(0), now() - self.computed_at)

    @property
    def is_good(self) -> bool:
        """Whether it may be told as it is."""
        return self.age < self.good

    @property
    def is_usable(self) -> bool:
        """Whether it may be told at all."""
        return self.age < self.good + self.stale


def keep_ahead(key: Key, make: Make, until: timedelta) -> bool:
    """Make an answer that somebody may ask for, unless one is kept that may still be told in so long. Whether it was made.

    Raises what `make` raises."""
    kept = read_shared(key)
    if kept is not None and kept.age + until < kept.good + kept.stale:
        return False
    write_shared(key, KeptAnswer.made(make))
    return True


def read_shared(key: Key) -> KeptAnswer | None:
    """What another process has kept under the key, if it may still be told. Firestore's silence is as good as nothing."""
    try:
        stored: dict[str, Any] | None = _reference(key).get(timeout=_TIMEOUT).to_dict()
    except GoogleAPIError as error:
        log.warning("kept answers cannot be read: %s", error)
        return None
    if stored is None:
        return None
    kept = KeptAnswer(
        body=stored["body"],
        computed_at=stored["computedAt"],
        newest_event_at=stored["newestEventAt"],
        good=timedelta(seconds=stored["goodSeconds"]),
        stale=timedelta(seconds=stored["staleSeconds"]),
    )
    return kept if kept.is_usable else None


def write_shared(key: Key, kept: KeptAnswer) -> None:
    """Keep it for the other processes, unless it is too large. A failure is logged: it is only a copy."""
    if len(kept.body) > MOST_SHARED_BYTES:
        return
    document = {
        "body": kept.body,
        "computedAt": kept.computed_at,
        "newestEventAt": kept.newest_event_at,
        "goodSeconds": kept.good.total_seconds(),
        "staleSeconds": kept.stale.total_seconds(),
        "expireAt": kept.computed_at + kept.good + kept.stale,
    }
    try:
        _reference(key).set(document, timeout=_TIMEOUT)
    except GoogleAPIError as error:
        log.warning("an answer is kept for this process only: %s", error)


def _reference(key: Key) -> Any:
    name = hashlib.sha256(f"{key.name}\0{key.asked}".encode()).hexdigest()[:40]
    return firestore_client().collection(COLLECTION).document(name)
