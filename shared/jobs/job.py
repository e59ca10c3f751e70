"""Job: the document `users/{uid}/jobs/{id}`."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from google.cloud.firestore import DocumentReference
from pydantic import Field

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel

LEASE = timedelta(seconds=30)
"""How long a worker that says nothing is believed to be alive."""
MAX_ATTEMPTS = 3


class JobKind(StrEnum):
    """What a job does; the name of its Cloud Run job."""

    RENDER = "render"
    OPERATION = "operation"
    TRANSCODE = "transcode"


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether nothing changes any more."""
        return self in (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)


class Priority(StrEnum):
    """Which queue a job waits in."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def topic(self) -> str:
        """The Pub/Sub topic of the queue."""
        return f"jobs-{self.value}"


def priority_of(size_bytes: int, *, bulk: bool = False) -> Priority:
    """The queue by the size of the inputs: below 10 MB high, below 100 MB normal, else low; bulk work always low."""
    if bulk or size_bytes >= 100_000_000:
        return Priority.LOW
    return Priority.HIGH if size_bytes < 10_000_000 else Priority.NORMAL


class JobError(StoredModel):
    """Why a job failed: a stable type, and a sentence for its owner."""

    type: str
    detail: str
    pointer: str | None = None


class Job(StoredModel):
    """A job. `progress` runs from 0 to 1; `attempts` counts the workers that took it up; `tasks` work on it side by side."""

    id: str
    user_id: str
    kind: JobKind
    state: JobState = JobState.QUEUED
    priority: Priority
    progress: float = Field(default=0.0, ge=0, le=1)
    stage: str = "queued"
    attempts: int = 0
    max_attempts: int = MAX_ATTEMPTS
    error: JobError | None = None
    tasks: int = Field(default=1, ge=1)
    inputs: dict[str, Any]
    outputs: dict[str, Any] = Field(default_factory=dict)
    cost_usd: float | None = None
    created: datetime
    queued_at: datetime
    started: datetime | None = None
    finished: datetime | None = None
    execution: str | None = None
    lease_owner: str | None = None
    lease_expires: datetime | None = None

    @property
    def reference(self) -> DocumentReference:
        """Where the document is."""
        return job_reference(self.user_id, self.id)

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it: camelCase, with real timestamps."""
        return {**self.model_dump(by_alias=True), **self.model_dump(by_alias=True, mode="json", include=_PLAIN)}


_PLAIN = {"kind", "state", "priority"}


def job_reference(user_id: str, job_id: str) -> DocumentReference:
    """Where a job's document is."""
    return firestore_client().collection("users", user_id, "jobs").document(job_id)


def parse_job(stored: dict[str, Any]) -> Job:
    """A job as Firestore has it."""
    return Job.model_validate(stored)
