"""Creating, reading and cancelling jobs, as their owner may."""

from typing import Any

from google.cloud import firestore
from google.cloud.firestore import FieldFilter

from shared.core import outbox
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import newest_first
from shared.core.errors import Conflict, NotFound
from shared.core.paging import Page
from shared.jobs.job import Job, JobKind, JobState, Priority, job_reference, parse_job
from shared.jobs.queue import ticket


def create_job(
    user_id: str, kind: JobKind, inputs: dict[str, Any], priority: Priority, job_id: str, *, tasks: int = 1
) -> Job:
    """Queue a job: its document and its message are written together. With an id that exists, that job is returned.

    `tasks`: how many Cloud Run tasks work on it; the manifest's `max_tasks` of the kind bounds it."""
    moment = now()
    job = Job(
        id=job_id,
        user_id=user_id,
        kind=kind,
        priority=priority,
        tasks=tasks,
        inputs=inputs,
        created=moment,
        queued_at=moment,
    )

    @firestore.transactional
    def create(transaction: firestore.Transaction) -> tuple[Job, outbox.Message | None]:
        stored = job.reference.get(transaction=transaction).to_dict()
        if stored is not None:
            return parse_job(stored), None
        transaction.create(job.reference, job.document())
        return job, outbox.enqueue(transaction, priority.topic, ticket(job))

    created: Job
    created, message = create(firestore_client().transaction())
    if message is not None:
        outbox.publish(message)
    return created


def get_job(user_id: str, job_id: str) -> Job:
    """A job of the user. Raises NotFound."""
    stored = job_reference(user_id, job_id).get().to_dict()
    if stored is None:
        raise NotFound(f"There is no job {job_id}.")
    return parse_job(stored)


def list_jobs(user_id: str, limit: int, page_token: str | None = None, state: JobState | None = None) -> Page[Job]:
    """The user's jobs, newest first."""
    query: Any = firestore_client().collection("users", user_id, "jobs")
    if state is not None:
        query = query.where(filter=FieldFilter("state", "==", state.value))
    return newest_first(query, parse_job, limit, page_token)


def cancel_job(user_id: str, job_id: str) -> Job:
    """Cancel a job that has not ended. Its worker stops within 2 s. Raises NotFound, or Conflict when it has ended otherwise.

    Cancelling a cancelled job is no error."""
    reference = job_reference(user_id, job_id)

    @firestore.transactional
    def cancel(transaction: firestore.Transaction) -> Job:
        stored = reference.get(transaction=transaction).to_dict()
        if stored is None:
            raise NotFound(f"There is no job {job_id}.")
        job = parse_job(stored)
        if job.state is JobState.CANCELLED:
            return job
        if job.state.final:
            raise Conflict(f"Job {job_id} has already {job.state.value}.")
        change = {"state": JobState.CANCELLED.value, "stage": "cancelled", "finished": now(), "leaseExpires": None}
        transaction.update(reference, change)
        return parse_job({**stored, **change})

    cancelled: Job = cancel(firestore_client().transaction())
    return cancelled
