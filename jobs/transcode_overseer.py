"""Overseer: the leader's view of all chunks, for the progress of the whole and for what must end it."""

import contextlib
import logging
import threading
from collections.abc import Iterator, Sequence

from shared.core.errors import KompoError
from shared.core.threads import running
from shared.jobs import JobError, Worker
from shared.transcodes import Board, ChunkState, TranscodeChunk

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks at the board."""


class ChunkFailed(KompoError):
    """A chunk cannot be made by any task; the sentence says which and why."""


class Overseer:
    """Looks at the board for as long as chunks are made. `stopped` and `check` may be used from any thread.

    `made_here`: the owners under whom this process has made chunks; `seen`: all chunks at the last look."""

    def __init__(self, worker: Worker, board: Board) -> None:
        self._worker = worker
        self._board = board
        self.made_here: set[str | None] = set()
        self.seen: Sequence[TranscodeChunk] = ()
        self._failed: JobError | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="overseer", daemon=True)

    @property
    def stopped(self) -> bool:
        """Whether there is no use in making more chunks."""
        return self._worker.stopped or self._failed is not None

    def check(self) -> None:
        """Raise Cancelled, LeaseLost, or ChunkFailed with the reason of the first chunk that nobody can make."""
        self._worker.check()
        if self._failed is not None:
            raise ChunkFailed(self._failed.detail)

    @contextlib.contextmanager
    def watching(self) -> "Iterator[Overseer]":
        """Look at the board inside."""
        with running(self._thread, self._stop):
            yield self

    def _watch(self) -> None:
        while not self._stop.wait(EVERY):
            try:
                chunks = self._board.chunks()
            except Exception:  # Firestore does not answer: what it would have said, it says later.
                log.exception("could not look at the board")
                continue
            self.seen = chunks
            self._failed = next((chunk.error for chunk in chunks if chunk.state is ChunkState.FAILED), None)
            self._worker.report(_fraction(chunks), "encoding")


def _fraction(chunks: Sequence[TranscodeChunk]) -> float:
    """How much of the work is done, from 0 to 1."""
    work = sum(chunk.weight for chunk in chunks)
    return sum(chunk.weight * chunk.progress for chunk in chunks) / work if work else 0.0
