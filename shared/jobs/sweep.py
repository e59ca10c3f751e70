"""Sweeping: no job stays `running` without a worker, or `queued` without a message."""

from datetime import timedelta
from typing import Any

from google.cloud import firestore
from google.cloud.firestore import FieldFilter

from shared.core import outbox
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.jobs.job import Job, JobError, JobState, parse_job
from shared.jobs.queue import ticket

QUEUED_TOO_LONG = timedelta(minutes=15)
"""A queued job that old has lost its message or its execution: it is queued again."""
_BATCH = 200


def sweep_jobs() -> tuple[int, int]:
    """Queue again the jobs whose worker or message is lost; fail those that have used up their attempts.

    Returns (queued again, failed)."""
    lost = _in_state(JobState.RUNNING, FieldFilter("leaseExpires", "<", now()))
    stale = _in_state(JobState.QUEUED, FieldFilter("queuedAt", "<", now() - QUEUED_TOO_LONG))
    again, failed = 0, 0
    for query in (lost, stale):
        for snapshot in query.stream():
            state = _revive(parse_job(snapshot.to_dict() or {}))
            again += state is JobState.QUEUED
            failed += state is JobState.FAILED
    return again, failed


def _in_state(state: JobState, since: FieldFilter) -> Any:
    jobs = firestore_client().collection_group("jobs")
    return jobs.where(filter=FieldFilter("state", "==", state.value)).where(filter=since).limit(_BATCH)


def _revive(seen: Job) -> JobState | None:
    """Queue or fail the job unless it has changed since it was seen; its new state, or None."""

    @firestore.transactional
    def revive(transaction: firestore.Transaction) -> tuple[JobState | None, outbox.Message | None]:
        job = parse_job(seen.reference.get(transaction=transaction).to_dict() or {})
        if (job.state, job.lease_expires, job.queued_at) != (seen.state, seen.lease_expires, seen.queued_at):
            return None, None
        if job.attempts >= job.max_attempts:
            detail = f"The job was given up after {job.attempts} attempts: its worker ended without a word each time."
            error = JobError(type="worker-lost", detail=detail).model_dump(by_alias=True)
            transaction.update(seen.reference, _ended(error))
            return JobState.FAILED, None
        change = {"state": JobState.QUEUED.value, "stage": "queued", "queuedAt": now(), "execution": None}
        transaction.update(seen.reference, {**change, "leaseOwner": None, "leaseExpires": None})
        return JobState.QUEUED, outbox.enqueue(transaction, job.priority.topic, ticket(job))

    state: JobState | None
    state, message = revive(firestore_client().transaction())
    if message is not None:
        outbox.publish(message)
    return state


def _ended(error: dict[str, Any]) -> dict[str, Any]:
    return {"state": JobState.FAILED.value, "stage": "failed", "finished": now(), "error": error, "leaseExpires": None}
