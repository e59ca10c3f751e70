"""TranscodeChunk: the document `users/{uid}/jobs/{id}/chunks/{id}`, a piece of a transcode that one task makes."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from google.cloud.firestore import CollectionReference
from pydantic import Field

from shared.assets import StoredObject
from shared.core.documents import StoredModel
from shared.jobs import Job, JobError

CHUNK_LEASE = timedelta(seconds=20)
"""How long a task that says nothing is believed to be at work on its chunk."""
KEPT = timedelta(days=25)
"""How long chunks are remembered: less than the bucket's lifecycle leaves their files."""
MOST_ATTEMPTS = 6
"""A chunk that so many tasks have taken up and left is what ends them: the job is given up."""


class ChunkKind(StrEnum):
    """What is made: pictures of some frames, or of the whole film its sound or a piece of its sidecars."""

    PICTURES = "pictures"
    SOUND = "sound"
    STILLS = "stills"
    SPRITES = "sprites"
    WAVEFORM = "waveform"

    @property
    def beside(self) -> bool:
        """Whether it is a piece of the sidecars."""
        return self in (ChunkKind.STILLS, ChunkKind.SPRITES, ChunkKind.WAVEFORM)


class ChunkState(StrEnum):
    """Where a chunk is in its life."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ChunkFile(StoredModel):
    """A file that was made and is kept until the film is whole. `role`: the rendition, or what kind of sidecar."""

    role: str
    filename: str
    size: int
    stored: StoredObject


class TranscodeChunk(StoredModel):
    """A piece of work. Frames from `start` up to, not including, `stop`, of pictures; `weight` is the predicted seconds.

    `software`: whether its pictures must not be encoded by a GPU, because others' have not been and they would not fit together.
    `attempts` counts the tasks that have taken it up: 1 when it is done says that it was made once. `claimant` is the task
    of an execution that has it now or had it last, `owner` its process."""

    id: str
    kind: ChunkKind
    state: ChunkState = ChunkState.WAITING
    start: int = 0
    stop: int = 0
    weight: float = Field(ge=0)
    software: bool = False
    progress: float = Field(default=0.0, ge=0, le=1)
    attempts: int = 0
    owner: str | None = None
    claimant: str | None = None
    lease_expires: datetime | None = None
    files: list[ChunkFile] = Field(default_factory=list)
    seconds: float | None = None
    cpu_seconds: float = 0.0
    peak_memory: int = 0
    disk_operations: int = 0
    gpu_usage: float | None = None
    encoder: str | None = None
    decoder: str | None = None
    fell_back: str | None = None
    error: JobError | None = None
    expire_at: datetime

    @property
    def frames(self) -> range:
        """The numbers of its frames."""
        return range(self.start, self.stop)

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it: camelCase, with real timestamps."""
        return {**self.model_dump(by_alias=True), "kind": self.kind.value, "state": self.state.value}


def chunks_of(job: Job) -> CollectionReference:
    """Where the chunks of a job are."""
    found: CollectionReference = job.reference.collection("chunks")
    return found


def parse_chunk(stored: dict[str, Any]) -> TranscodeChunk:
    """A chunk as Firestore has it."""
    return TranscodeChunk.model_validate(stored)
