"""Caching: answers that are kept for a stated time in this process, each told with its age.

What is kept is found by who may see it as well as by what was asked, so that nobody is shown what is not theirs. Several requests
for the same at once make it once. The store is bounded; what was asked for least recently goes first."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import Response, make_response, request
from pydantic import BaseModel, Field

from functions.http.answers import WireModel
from shared.core.clock import now

MOST_BYTES = 32 * 1024 * 1024
"""Of all answers that a process keeps."""
LARGEST_BYTES = 4 * 1024 * 1024
"""A larger answer is not kept."""


class Stamp(WireModel):
    """How new an answer is."""

    computed_at: datetime
    age_seconds: float = Field(description="How long ago it was computed")
    max_age_seconds: float = Field(description="How old it may become before it is computed again")
    newest_event_at: datetime | None = Field(description="When the newest event in it had come in; null if none is")


class Made(NamedTuple):
    """An answer as it was made: the model, whose `freshness`, if it has one, gives way to a stamp; when the newest event in it
    had come in; for how many seconds it may be told."""

    model: BaseModel
    newest_event_at: datetime | None
    seconds: float


@dataclass(frozen=True)
class _Kept:
    """An answer in JSON without its stamp, and how new it is (monotonic seconds)."""

    body: bytes
    computed_at: datetime
    computed: float
    newest_event_at: datetime | None
    seconds: float

    @property
    def age(self) -> float:
        """In seconds."""
        return time.monotonic() - self.computed

    @property
    def is_good(self) -> bool:
        """Whether it may still be told."""
        return self.age < self.seconds


class AnswerCache:
    """A bounded store of answers."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._bytes = 0
        self._coming: dict[Hashable, Future[_Kept]] = {}

    def answer(self, key: Hashable, make: Callable[[], Made], *, anew: bool = False) -> Response:
        """The answer that is kept under `key`, or the one that `make` makes; with `anew`, made in any case.

        Raises what `make` raises; a failure is not kept."""
        if anew:
            # Not one that is being made: what the client knows of may have happened after that began.
            self._keep(key, kept := _made(make))
            return _told(kept)
        return _told(self._good(key) or self._make(key, make))

    def _good(self, key: Hashable) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or not kept.is_good:
                return None
            self._kept.move_to_end(key)
            return kept

    def _make(self, key: Hashable, make: Callable[[], Made]) -> _Kept:
        """Make the answer, or wait for the thread that is making it."""
        with self._lock:
            coming = self._coming.get(key)
            if coming is None:
                mine = self._coming[key] = Future[_Kept]()
        if coming is not None:
            return coming.result()
        try:
            self._keep(key, kept := _made(make))
            mine.set_result(kept)
        except BaseException as error:
            mine.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._coming[key]
        return kept

    def _keep(self, key: Hashable, kept: _Kept) -> None:
        if len(kept.body) > LARGEST_BYTES:
            return
        with self._lock:
            before = self._kept.pop(key, None)
            self._kept[key] = kept
            self._bytes += len(kept.body) - (len(before.body) if before else 0)
            while self._bytes > self._most_bytes:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest.body)


def wants_anew() -> bool:
    """Whether the client asks for an answer that is not kept (`Cache-Control: no-cache`)."""
    return request.cache_control.no_cache is not None


def _made(make: Callable[[], Made]) -> _Kept:
    computed_at, computed = now(), time.monotonic()
    made = make()
    body = made.model.model_dump_json(by_alias=True, exclude={"freshness"}).encode()
    return _Kept(body, computed_at, computed, made.newest_event_at, made.seconds)


def _told(kept: _Kept) -> Response:
    """The answer with its stamp put in, as its last member."""
    stamp = Stamp(
        computed_at=kept.computed_at,
        age_seconds=round(kept.age, 3),
        max_age_seconds=kept.seconds,
        newest_event_at=kept.newest_event_at,
    )
    response = make_response(kept.body[:-1] + b',"freshness":' + stamp.model_dump_json(by_alias=True).encode() + b"}")
    response.content_type = "application/json"
    response.headers["Age"] = str(int(kept.age))
    response.headers["Cache-Control"] = f"private, max-age={int(kept.seconds)}"
    response.headers["Vary"] = "Authorization"
    return response
