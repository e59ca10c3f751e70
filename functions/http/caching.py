"""Caching: answers that are kept for a stated time, each told with its age.

What is kept is found by who may see it as well as by what was asked, so that nobody is shown what is not theirs. Several requests
for the same at once make it once. An answer that is past its time may be told a while longer, with its age, while it is made
anew beside. The store of a process is bounded, what was asked for least recently goes first; what is the same for all who may
see it is kept for the other processes too."""

import logging
import threading
from collections import OrderedDict
from concurrent.futures import Future

from flask import Response, request

from functions.http.stamped import told
from shared.core.kept_answers import KeptAnswer, Key, Make, read_shared, write_shared

log = logging.getLogger(__name__)

MOST_BYTES = 32 * 1024 * 1024
"""Of all answers that a process keeps."""
LARGEST_BYTES = 4 * 1024 * 1024
"""A larger answer is not kept."""


class AnswerCache:
    """A bounded store of answers. With `shared`, those that are for everybody are kept in Firestore, too."""

    def __init__(self, most_bytes: int = MOST_BYTES, *, shared: bool = False) -> None:
        self._most_bytes, self._shared = most_bytes, shared
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, KeptAnswer] = OrderedDict()
        self._bytes = 0
        self._coming: dict[Key, Future[KeptAnswer]] = {}

    def answer(self, key: Key, make: Make, *, anew: bool = False) -> Response:
        """The answer that is kept under `key`, or the one that `make` makes, which must not need the request; with `anew`, one
        that is made in any case. Raises what `make` raises; a failure is not kept."""
        if anew:
            # Not one that is being made: what the client knows of may have happened after that began.
            return told(self._keep(key, KeptAnswer.made(make)))
        kept = self._usable(key)
        if kept is None:
            return told(self._once(key, make))
        if not kept.is_good:
            self._renew(key, make)
        return told(kept)

    def _usable(self, key: Key) -> KeptAnswer | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.is_usable:
                self._kept.move_to_end(key)
                return kept
        if not self._is_shared(key) or (found := read_shared(key)) is None:
            return None
        return self._remember(key, found)

    def _once(self, key: Key, make: Make) -> KeptAnswer:
        """Make the answer, or wait for the thread that is making it."""
        mine, coming = self._claim(key)
        if coming is not None:
            return coming.result()
        try:
            kept = self._keep(key, KeptAnswer.made(make))
            mine.set_result(kept)
        except BaseException as error:
            mine.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._coming[key]
        return kept

    def _renew(self, key: Key, make: Make) -> None:
        """Make the answer beside, unless somebody does already."""
        if key in self._coming:
            return

        def renew() -> None:
            try:
                found = read_shared(key) if self._is_shared(key) else None
                if found is not None and found.is_good:
                    self._remember(key, found)
                else:
                    self._once(key, make)
            except Exception:  # Whoever asks when the old answer is past its time hears of it.
                log.exception("an answer could not be made anew")

        threading.Thread(target=renew, name="renew", daemon=True).start()

    def _claim(self, key: Key) -> tuple[Future[KeptAnswer], Future[KeptAnswer] | None]:
        """A promise of our own, and the one of who makes the answer already."""
        mine = Future[KeptAnswer]()
        with self._lock:
            coming = self._coming.get(key)
            if coming is None:
                self._coming[key] = mine
        return mine, coming

    def _keep(self, key: Key, kept: KeptAnswer) -> KeptAnswer:
        if self._is_shared(key):
            write_shared(key, kept)
        return self._remember(key, kept)

    def _remember(self, key: Key, kept: KeptAnswer) -> KeptAnswer:
        if len(kept.body) > LARGEST_BYTES:
            return kept
        with self._lock:
            before = self._kept.pop(key, None)
            self._kept[key] = kept
            self._bytes += len(kept.body) - (len(before.body) if before else 0)
            while self._bytes > self._most_bytes:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest.body)
        return kept

    def _is_shared(self, key: Key) -> bool:
        return self._shared and not key.whose


def wants_anew() -> bool:
    """Whether the client asks for an answer that is not kept (`Cache-Control: no-cache`)."""
    return bool(request.cache_control.no_cache)
