"""Job: the document `users/{uid}/jobs/{id}`."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from google.cloud.firestore import CollectionReference, DocumentReference
from pydantic import Field

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel

LEASE = timedelta(seconds=30)
"""How long a worker that says nothing is believed to be alive."""
CLAIM = timedelta(seconds=90)
"""How long whoever starts a job is left alone with it, longer than the function may run. Then the sweeper takes over."""
MAX_ATTEMPTS = 3
MOST_FAILURES = 20
"""Failures of a job that are kept, the last ones: its owner may ask for new attempts for ever."""


class JobKind(StrEnum):
    """What a job does; the name of its Cloud Run job, of which some have another on machines with a GPU."""

    RENDER = "render"
    OPERATION = "operation"
    TRANSCODE = "transcode"
    EXPORT = "export"
    REPORT = "report"
    ARCHIVE = "archive"
    TRANSCRIBE = "transcribe"
    ANALYZE = "analyze"
    CLIP = "clip"
    MULTITRACK = "multitrack"

    @property
    def provider(self) -> str:
        """Who does the work, as events name it."""
        return _PROVIDERS.get(self, "ffmpeg")


_PROVIDERS = {
    JobKind.EXPORT: "kompo",
    JobKind.REPORT: "kompo",
    JobKind.ARCHIVE: "kompo",
    JobKind.TRANSCRIBE: "speech",
}


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether nothing changes any more, unless its owner asks for new attempts."""
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


class Failure(StoredModel):
    """How an attempt ended that did not succeed. `transient`: another attempt could end better."""

    attempt: int
    error: JobError
    transient: bool
    at: datetime


class Stage(StoredModel):
    """A part of the work, and its share of the job's progress; the shares of all stages add up to 1."""

    name: str
    share: float = Field(gt=0, le=1)


class Job(StoredModel):
    """A job. `progress` runs from 0 to 1 within an attempt; `attempts` counts the workers that took it up; `calls` the times that
    it was queued again because none did, `retries` those that its owner has asked for new attempts; `tasks` work on it side by
    side.

    A queued job waits for its message to be heard; or, with `turn`, for another job of its user to end; or, with
    `next_attempt`, for that moment. `cost_usd` is the price of `machine_seconds`: of all tasks, in all attempts that are over."""

    id: str
    user_id: str
    kind: JobKind
    state: JobState = JobState.QUEUED
    priority: Priority
    progress: float = Field(default=0.0, ge=0, le=1)
    stage: str = "queued"
    stages: list[Stage] = Field(default_factory=list)
    remaining_seconds: int | None = None
    attempts: int = 0
    calls: int = 0
    retries: int = 0
    max_attempts: int = MAX_ATTEMPTS
    next_attempt: datetime | None = None
    error: JobError | None = None
    failures: list[Failure] = Field(default_factory=list)
    tasks: int = Field(default=1, ge=1)
    gpu: bool = False
    inputs: dict[str, Any]
    outputs: dict[str, Any] = Field(default_factory=dict)
    machine_seconds: float = 0.0
    cost_usd: float | None = None
    created: datetime
    queued_at: datetime
    turn: datetime | None = None
    starting: datetime | None = None
    started: datetime | None = None
    attempt_started: datetime | None = None
    finished: datetime | None = None
    execution: str | None = None
    lease_owner: str | None = None
    lease_execution: str | None = None
    lease_expires: datetime | None = None

    @property
    def machine(self) -> str:
        """The name of its Cloud Run job, and of the machine that it runs on."""
        return f"{self.kind.value}-gpu" if self.gpu else self.kind.value

    @property
    def telling_id(self) -> str:
        """What events of the job are told apart by. A job that failed, and was given new attempts, is told of again."""
        return f"{self.id}-retry-{self.retries}" if self.retries else self.id

    @property
    def reference(self) -> DocumentReference:
        """Where the document is."""
        return job_reference(self.user_id, self.id)

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it: camelCase, with real timestamps."""
        return {**self.model_dump(by_alias=True), **self.model_dump(by_alias=True, mode="json", include=_PLAIN)}

    def failed_with(self, error: JobError, at: datetime, *, transient: bool) -> list[dict[str, Any]]:
        """The failures, as Firestore keeps them, when the present attempt ends with this one."""
        failure = Failure(attempt=self.attempts, error=error, transient=transient, at=at)
        return [each.model_dump(by_alias=True) for each in [*self.failures, failure][-MOST_FAILURES:]]


_PLAIN = {"kind", "state", "priority"}


def jobs_of(user_id: str) -> CollectionReference:
    """Where the jobs of a user are."""
    found: CollectionReference = firestore_client().collection("users", user_id, "jobs")
    return found


def job_reference(user_id: str, job_id: str) -> DocumentReference:
    """Where a job's document is."""
    return jobs_of(user_id).document(job_id)


def parse_job(stored: dict[str, Any]) -> Job:
    """A job as Firestore has it."""
    return Job.model_validate(stored)
