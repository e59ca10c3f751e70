"""Histories: the last sessions of each person, in `operation_histories/{hash}`, for their own recommendations.

They are kept by the hash of the present salt, bounded by `histories.sql`, and vanish 35 days after the person was last active.
Events erased are gone from them with the next night's training at the latest; erasing a user deletes the document."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Unavailable
from shared.core.salts import salt_at
from shared.core.settings import settings
from shared.patterns.recommending.own import OwnHistory

log = logging.getLogger(__name__)

COLLECTION = "operation_histories"
_KEPT = timedelta(days=35)
_BATCH = 400
"""Writes in one commit; Firestore takes 500."""
_REMEMBERED_SECONDS = 60.0
"""How long a history, and whether its person has opted out, are believed without looking again."""
_REMEMBERED_PEOPLE = 10_000
_DEADLINE = 1.0
"""Seconds to wait for a history; without it, the model answers alone."""


@dataclass(frozen=True)
class Person:
    """Who asks: the hash of their id and the version of its salt, None if they have opted out of analytics, and what they did
    before, if that is known."""

    hash: str | None = None
    salt_version: str | None = None
    own: OwnHistory | None = None


_people: OrderedDict[str, tuple[float, Person]] = OrderedDict()
_lock = threading.Lock()


def person(user_id: str) -> Person:
    """The person with this id, as looked up within the last minute."""
    moment = time.monotonic()
    with _lock:
        known = _people.get(user_id)
        if known and known[0] > moment:
            _people.move_to_end(user_id)
            return known[1]
    found = _look_up(user_id)
    with _lock:
        _people[user_id] = (moment + _REMEMBERED_SECONDS, found)
        while len(_people) > _REMEMBERED_PEOPLE:
            _people.popitem(last=False)
    return found


def forget_people() -> None:
    """Look everybody up again."""
    with _lock:
        _people.clear()


def store_histories(histories: Sequence[tuple[str, Sequence[str]]], at: datetime) -> None:
    """Keep these sessions, each as operations with spaces between, by the hash of their person."""
    client = firestore_client()
    for start in range(0, len(histories), _BATCH):
        batch = client.batch()
        for user_hash, sessions in histories[start : start + _BATCH]:
            document = {"sessions": list(sessions), "modified": at, "expireAt": at + _KEPT}
            batch.set(client.collection(COLLECTION).document(user_hash), document)
        batch.commit()


def _look_up(user_id: str) -> Person:
    from google.api_core.exceptions import GoogleAPIError

    if not settings().analytics_enabled:
        return Person()
    client = firestore_client()
    account = client.collection("users").document(user_id)
    try:
        salt = salt_at(now())
        user_hash = salt.digest(user_id).hex()
        history = client.collection(COLLECTION).document(user_hash)
        found: dict[str, Any] = {
            document.reference.parent.id: document.to_dict() or {}
            for document in client.get_all([account, history], ["analyticsOptOut", "sessions"], timeout=_DEADLINE)
        }
    except (GoogleAPIError, Unavailable) as error:
        log.warning("a history was not read", extra={"fields": {"error": str(error)}})
        return Person()
    if found.get("users", {}).get("analyticsOptOut", False):
        return Person()
    sessions = [session.split() for session in found.get(COLLECTION, {}).get("sessions", [])]
    return Person(user_hash, salt.version, OwnHistory(sessions) if sessions else None)
