"""The store: the newest model, in the document `models/performance`, readable by the server only."""

import time
from threading import Lock

from shared.core.clients import firestore_client
from shared.performance.errors import NothingLearnt
from shared.performance.model import PerformanceModel

_COLLECTION = "models"
_DOCUMENT = "performance"
_FRESH = 60.0
"""Seconds for which what was read is not read again: it changes once a night."""


class _Kept:
    """What this process has read last, and when."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.model: PerformanceModel | None = None
        self.until = 0.0


_kept = _Kept()


def keep_model(model: PerformanceModel) -> None:
    """Make this the model."""
    # One text, not a map: Firestore indexes every field of a map, and nobody searches in a model.
    document = {"trainedAt": model.card.trained_at, "json": model.model_dump_json(by_alias=True)}
    firestore_client().collection(_COLLECTION).document(_DOCUMENT).set(document)
    with _kept.lock:
        _kept.model, _kept.until = model, time.monotonic() + _FRESH


def current_model() -> PerformanceModel:
    """The model, at most a minute old. Raises NothingLearnt before the first night."""
    with _kept.lock:
        if _kept.model is not None and time.monotonic() < _kept.until:
            return _kept.model
    document = firestore_client().collection(_COLLECTION).document(_DOCUMENT).get().to_dict()
    if document is None:
        raise NothingLearnt("Nothing has been learnt yet: it takes a night, and operations that people have run.")
    model = PerformanceModel.model_validate_json(document["json"])
    with _kept.lock:
        _kept.model, _kept.until = model, time.monotonic() + _FRESH
    return model
