"""Board: the chunks of a job, where its tasks see what there is to do, take it, and say that it is done.

Each chunk is taken in a transaction, by one task at a time, for as long as that says that it is alive. One that is done stays
done: it is never made again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from google.cloud import firestore

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.ids import new_id
from shared.jobs import Job, JobError
from shared.transcodes.chunk import (
    CHUNK_LEASE,
    MOST_ATTEMPTS,
    ChunkFile,
    ChunkState,
    TranscodeChunk,
    chunks_of,
    parse_chunk,
)


class ChunkLost(Exception):
    """Another task has the chunk, or the job has gone."""


@dataclass(frozen=True)
class Made:
    """What a chunk has become. `seconds` of work, of processors too; bytes at the peak; blocks read and written; percent of the
    time in which a GPU worked; which encoder and decoder, and why not those that were wanted."""

    files: Sequence[ChunkFile]
    seconds: float
    encoder: str | None = None
    decoder: str | None = None
    fell_back: str | None = None
    cpu_seconds: float = 0.0
    peak_memory: int = 0
    disk_operations: int = 0
    gpu_usage: float | None = None


class Board:
    """The chunks of one job as one task sees them.

    `claimant` names the task of its execution, so that a task that is tried again goes on with what it had at once."""

    def __init__(self, job: Job, claimant: str | None) -> None:
        self._chunks = chunks_of(job)
        self._claimant = claimant

    def lay_out(self, chunks: Sequence[TranscodeChunk]) -> None:
        """Put up what there is to do, all of it or nothing; what is there already stays. At most 500 chunks."""
        references = [self._chunks.document(chunk.id) for chunk in chunks]

        @firestore.transactional
        def put(transaction: firestore.Transaction) -> None:
            if not references[0].get(transaction=transaction).exists:
                for reference, chunk in zip(references, chunks, strict=True):
                    transaction.create(reference, chunk.document())

        put(firestore_client().transaction())

    def reopen(self) -> None:
        """What nobody could make waits to be made again: the job has been given new attempts."""

        def reopened(chunk: TranscodeChunk) -> dict[str, Any] | None:
            if chunk.state is not ChunkState.FAILED:
                return None
            return {"state": ChunkState.WAITING.value, "attempts": 0, "progress": 0.0, "error": None}

        for chunk in self.chunks():
            if chunk.state is ChunkState.FAILED:
                self._change(chunk.id, reopened)

    def remake(self, chunks: Sequence[TranscodeChunk]) -> None:
        """These, which a GPU has made, wait to be made again without one."""

        def again(chunk: TranscodeChunk) -> dict[str, Any] | None:
            if chunk.software or chunk.state is not ChunkState.DONE:
                return None
            return {"state": ChunkState.WAITING.value, "attempts": 0, "progress": 0.0, "software": True, "files": []}

        for chunk in chunks:
            self._change(chunk.id, again)

    def chunks(self) -> list[TranscodeChunk]:
        """All chunks, largest first; none until they have been laid out."""
        found = [parse_chunk(snapshot.to_dict() or {}) for snapshot in self._chunks.stream()]
        return sorted(found, key=lambda chunk: (-chunk.weight, chunk.id))

    def claim(self, place: int) -> TranscodeChunk | None:
        """Take the largest chunk that waits or that its task has left; None when there is none.

        The first look begins at `place`, so that tasks that begin together do not all want the same chunk."""
        free = [chunk for chunk in self.chunks() if self._is_free(chunk)]
        own = [chunk for chunk in free if chunk.state is ChunkState.RUNNING and chunk.claimant == self._claimant]
        turned = free[place % len(free) :] + free[: place % len(free)] if free else []
        return next((taken for chunk in [*own, *turned] if (taken := self._take(chunk)) is not None), None)

    def _is_free(self, chunk: TranscodeChunk) -> bool:
        if chunk.state is ChunkState.RUNNING:
            lapsed = chunk.lease_expires is None or chunk.lease_expires < now()
            return lapsed or (self._claimant is not None and chunk.claimant == self._claimant)
        return chunk.state is ChunkState.WAITING

    def _take(self, seen: TranscodeChunk) -> TranscodeChunk | None:
        def take(chunk: TranscodeChunk) -> dict[str, Any] | None:
            if not self._is_free(chunk):
                return None
            if chunk.attempts >= MOST_ATTEMPTS:
                detail = (
                    f"Frames {chunk.start} to {chunk.stop} could not be encoded: {chunk.attempts} workers have ended over"
                    " them without a word. Try a smaller size or another preset."
                )
                return _failed(JobError(type="worker-lost", detail=detail))
            return {
                "state": ChunkState.RUNNING.value,
                "attempts": chunk.attempts + 1,
                "progress": 0.0,
                "owner": new_id(),
                "claimant": self._claimant,
                "leaseExpires": now() + CHUNK_LEASE,
            }

        taken = self._change(seen.id, take)
        return taken if taken is not None and taken.state is ChunkState.RUNNING else None

    def finish(self, chunk: TranscodeChunk, made: Made) -> None:
        """Say that it is done and where it lies. Raises ChunkLost if another task has it."""
        self._end(
            chunk,
            {
                "state": ChunkState.DONE.value,
                "progress": 1.0,
                "files": [file.model_dump(by_alias=True) for file in made.files],
                "seconds": made.seconds,
                "encoder": made.encoder,
                "decoder": made.decoder,
                "fellBack": made.fell_back,
                "cpuSeconds": made.cpu_seconds,
                "peakMemory": made.peak_memory,
                "diskOperations": made.disk_operations,
                "gpuUsage": made.gpu_usage,
                "leaseExpires": None,
            },
        )

    def release(self, chunk: TranscodeChunk) -> None:
        """Leave it to whoever wants it. Raises ChunkLost."""
        self._end(chunk, {"state": ChunkState.WAITING.value, "progress": 0.0, "leaseExpires": None})

    def fail(self, chunk: TranscodeChunk, error: JobError) -> None:
        """Say that it cannot be made by anyone. Raises ChunkLost."""
        self._end(chunk, _failed(error))

    def _end(self, seen: TranscodeChunk, change: dict[str, Any]) -> None:
        if self._change(seen.id, lambda chunk: change if chunk.owner == seen.owner else None) is None:
            raise ChunkLost

    def _change(
        self, chunk_id: str, decide: Callable[[TranscodeChunk], dict[str, Any] | None]
    ) -> TranscodeChunk | None:
        """The chunk after what `decide` wants of it, or None when it wants nothing or the chunk has gone."""
        reference = self._chunks.document(chunk_id)

        @firestore.transactional
        def change(transaction: firestore.Transaction) -> TranscodeChunk | None:
            stored = reference.get(transaction=transaction).to_dict()
            wanted = decide(parse_chunk(stored)) if stored is not None else None
            if stored is None or wanted is None:
                return None
            transaction.update(reference, wanted)
            return parse_chunk({**stored, **wanted})

        changed: TranscodeChunk | None = change(firestore_client().transaction())
        return changed


def _failed(error: JobError) -> dict[str, Any]:
    return {
        "state": ChunkState.FAILED.value,
        "error": error.model_dump(by_alias=True),
        "leaseExpires": None,
    }
