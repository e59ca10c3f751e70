"""Ending: what is written when a job, or an attempt at it, is over: its cost always, and who may start in its place."""

from datetime import datetime
from typing import Any

from shared.jobs.failures import delay
from shared.jobs.job import LEASE, Job, JobError, JobState
from shared.media.machines import machine_of

_IDLE: dict[str, Any] = {
    "remainingSeconds": None,
    "leaseOwner": None,
    "leaseExpires": None,
    "attemptStarted": None,
    "starting": None,
    "turn": None,
}
_STAGES = {JobState.SUCCEEDED: "done", JobState.FAILED: "failed", JobState.CANCELLED: "cancelled"}


def ended(job: Job, state: JobState, at: datetime, seconds: float) -> dict[str, Any]:
    """The change that ends a job whose present attempt has taken `seconds` of its tasks together."""
    return {
        **_IDLE,
        **billed(job, seconds),
        "state": state.value,
        "stage": _STAGES[state],
        "finished": at,
        "nextAttempt": None,
    }


def failed(job: Job, error: JobError, at: datetime, seconds: float, *, transient: bool) -> dict[str, Any]:
    """The change that ends a job as failed."""
    failures = job.failed_with(error, at, transient=transient)
    return {**ended(job, JobState.FAILED, at, seconds), "error": error.model_dump(by_alias=True), "failures": failures}


def postponed(job: Job, error: JobError, at: datetime, seconds: float) -> dict[str, Any]:
    """The change that makes a job wait for its next attempt."""
    return {
        **_IDLE,
        **billed(job, seconds),
        "state": JobState.QUEUED.value,
        "stage": "waiting-to-retry",
        "progress": 0.0,
        "nextAttempt": at + delay(job.attempts),
        "queuedAt": at,
        "execution": None,
        "failures": job.failed_with(error, at, transient=True),
    }


def billed(job: Job, seconds: float) -> dict[str, Any]:
    """The cost, with so many seconds of tasks more."""
    total = round(job.machine_seconds + seconds, 3)
    return {"machineSeconds": total, "costUsd": round(machine_of(job.machine).cost(total), 9)}


def seconds_until(job: Job, moment: datetime) -> float:
    """What an attempt has taken, of all tasks together, when nobody but the clock can tell: they are started together."""
    if job.attempt_started is None:
        return 0.0
    return max(0.0, (moment - job.attempt_started).total_seconds()) * job.tasks


def last_sign(job: Job) -> datetime | None:
    """When its worker was last known to be alive."""
    return job.lease_expires - LEASE if job.lease_expires is not None else None
