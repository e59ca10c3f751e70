"""Hold: while a task works on a chunk it says so, tells how far it is, and hears when it must stop."""

import contextlib
import logging
import threading
from collections.abc import Iterator
from typing import Any

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.threads import running
from shared.jobs import Job, JobState
from shared.transcodes.board import ChunkLost
from shared.transcodes.chunk import CHUNK_LEASE, TranscodeChunk, chunks_of

log = logging.getLogger(__name__)

TICK = 0.5
"""Seconds between two looks at the job and the chunk."""
BEATS_OF_LEASE = 4
"""The chunk is written after this many looks: ten times before its lease would run out."""


class JobOver(Exception):
    """The job has been cancelled, has failed, or has ended otherwise."""


class ChunkHold:
    """The hold of this process on a chunk. `report` and `stopped` may be used from any thread."""

    def __init__(self, job: Job, chunk: TranscodeChunk) -> None:
        self.chunk = chunk
        self._job = job.reference
        self._document = chunks_of(job).document(chunk.id)
        self._progress = 0.0
        self._stop = threading.Event()
        self._ended: type[JobOver] | type[ChunkLost] | None = None
        self._thread = threading.Thread(target=self._beat, name="chunk", daemon=True)

    def report(self, progress: float) -> None:
        """Say how far the chunk is, from 0 to 1. Cheap."""
        self._progress = min(1.0, max(self._progress, progress))

    @property
    def stopped(self) -> bool:
        """Whether the chunk is no longer ours to work on."""
        return self._ended is not None

    def check(self) -> None:
        """Raise JobOver or ChunkLost when the chunk is no longer ours."""
        if self._ended is not None:
            raise self._ended

    @contextlib.contextmanager
    def beating(self) -> Iterator[None]:
        """Keep the chunk ours inside."""
        with running(self._thread, self._stop):
            yield

    def _beat(self) -> None:
        beats = 0
        while not self._stop.wait(TICK):
            beats += 1
            try:
                self._require_ours()
                if beats % BEATS_OF_LEASE == 0:
                    self._document.update({"progress": round(self._progress, 4), "leaseExpires": now() + CHUNK_LEASE})
            except (JobOver, ChunkLost) as ended:
                self._ended = type(ended)
                return
            except Exception:  # Firestore does not answer: the lease tells, later, whether the chunk is still ours.
                log.exception("could not renew the hold on a chunk")

    def _require_ours(self) -> None:
        found: dict[str, dict[str, Any] | None] = {
            snapshot.reference.path: snapshot.to_dict()
            for snapshot in firestore_client().get_all([self._job, self._document], ["state", "owner"])
        }
        job, chunk = found[self._job.path], found[self._document.path]
        if job is None or JobState(job["state"]).final:
            raise JobOver
        if chunk is None or chunk["owner"] != self.chunk.owner:
            raise ChunkLost
