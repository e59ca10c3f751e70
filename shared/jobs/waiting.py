"""Waiting: how many jobs wait to be begun, since when, and how long those had waited that were."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.cloud.firestore import FieldFilter, Query

from shared.core.clients import firestore_client
from shared.jobs.job import JobKind, JobState, parse_job

_LOOKED_AT = 50
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Waiting:
    """The jobs that wait for a machine, and since when the first of them does; None if there are none.

    Those that wait for another job of their owner's, or for the moment of their next attempt, are not among them."""

    jobs: int
    since: datetime | None


@dataclass(frozen=True)
class Begun:
    """An attempt at a job that was begun `at`, after `waited` seconds in the queue."""

    job_id: str
    attempt: int
    kind: JobKind
    at: datetime
    waited: float


def waiting_jobs(at: datetime) -> Waiting:
    """Those of all users. Raises GoogleAPIError."""
    queued = _jobs().where(filter=FieldFilter("state", "==", JobState.QUEUED.value))
    whole = queued.where(filter=FieldFilter("queuedAt", ">", _EPOCH))
    in_line = queued.where(filter=FieldFilter("turn", ">", _EPOCH))
    paused = queued.where(filter=FieldFilter("nextAttempt", ">", at))
    oldest = (parse_job(each.to_dict() or {}) for each in queued.order_by("queuedAt").limit(_LOOKED_AT).stream())
    waits = (
        job.queued_at for job in oldest if job.turn is None and (job.next_attempt is None or job.next_attempt <= at)
    )
    return Waiting(max(0, _count(whole) - _count(in_line) - _count(paused)), next(waits, None))


def begun_between(start: datetime, end: datetime) -> Iterator[Begun]:
    """The last attempt of each job, if it was begun in [start, end). Raises GoogleAPIError."""
    begun = _jobs().where(filter=FieldFilter("attemptStarted", ">=", start))
    for each in begun.where(filter=FieldFilter("attemptStarted", "<", end)).stream():
        job = parse_job(each.to_dict() or {})
        if job.attempt_started is not None:
            waited = (job.attempt_started - job.queued_at).total_seconds()
            yield Begun(job.id, job.attempts, job.kind, job.attempt_started, max(0.0, waited))


def _jobs() -> Any:
    return firestore_client().collection_group("jobs")


def _count(query: Query) -> int:
    counting: Any = query.count()
    counted = counting.get()
    return int(counted[0][0].value)
