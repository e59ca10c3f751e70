"""The store: what was learnt of everybody, in `models/clips`, which only servers read, and of each user, in
`users/{uid}/learning/clips`."""

import time
from threading import Lock

from shared.clips.learning.preferences import Preferences
from shared.clips.ranking import Weights, default_weights
from shared.core.clients import firestore_client

_FRESH = 60.0
"""Seconds for which what everybody's is is not read again: it changes once a night."""


class _Kept:
    """What this process has read last of everybody, and until when that is good."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.preferences = Preferences()
        self.until = 0.0


_kept = _Kept()


def everybodys() -> Preferences:
    """What was learnt of everybody, at most a minute old; nothing before the first night."""
    with _kept.lock:
        if time.monotonic() < _kept.until:
            return _kept.preferences
    found = _read("models", "clips")
    with _kept.lock:
        _kept.preferences, _kept.until = found, time.monotonic() + _FRESH
    return found


def users(user_id: str) -> Preferences:
    """What was learnt of a user beyond that; nothing at first."""
    return _read("users", user_id, "learning", "clips")


def keep_everybodys(preferences: Preferences) -> None:
    """Make this what is known of everybody."""
    _write(preferences, "models", "clips")
    with _kept.lock:
        _kept.preferences, _kept.until = preferences, time.monotonic() + _FRESH


def keep_users(user_id: str, preferences: Preferences) -> None:
    """Make this what is known of a user."""
    _write(preferences, "users", user_id, "learning", "clips")


def weights_for(user_id: str, category: str) -> Weights:
    """The weights to select a user's clips by: those of the category, with what was learnt of everybody and then of this user."""
    return users(user_id).applied(everybodys().applied(default_weights(category), category), category)


def predicted(user_id: str, said: float, ranker: str) -> float:
    """How well a clip is likely to do of which the ranker says this, 0 to 1, for this user."""
    return users(user_id).likely(everybodys().likely(said, ranker), ranker)


def _read(*path: str) -> Preferences:
    document = firestore_client().document(*path).get().to_dict()
    return Preferences.model_validate_json(document["json"]) if document else Preferences()


def _write(preferences: Preferences, *path: str) -> None:
    # One text, not a map: Firestore indexes every field of a map, and nobody searches in what was learnt.
    document = {"learnt": preferences.learnt, "json": preferences.model_dump_json(by_alias=True)}
    firestore_client().document(*path).set(document)
