"""Creating, reading, cancelling, retrying and deleting jobs, as their owner may."""

from collections.abc import Callable
from typing import Any

from google.cloud import firestore
from google.cloud.firestore import FieldFilter

from shared.core import outbox
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import newest_first
from shared.core.errors import Conflict, NotFound
from shared.core.paging import Page
from shared.events import cancel_generation
from shared.jobs.ending import ended, seconds_until
from shared.jobs.job import Job, JobKind, JobState, Priority, job_reference, jobs_of, parse_job
from shared.jobs.line import Line
from shared.jobs.queue import ticket
from shared.jobs.telling import event_id_of
from shared.media.machines import machine_of

Change = Callable[[firestore.Transaction, Job], tuple[dict[str, Any] | None, list[outbox.Message]]]
"""Decides what becomes of a job, None for nothing, and the messages that go with it; may have written other documents."""


def create_job(
    user_id: str,
    kind: JobKind,
    inputs: dict[str, Any],
    priority: Priority,
    job_id: str,
    *,
    tasks: int = 1,
    gpu: bool = False,
) -> Job:
    """Queue a job: its document and its message are written together. With an id that exists, that job is returned.

    `tasks`: how many Cloud Run tasks work on it; `gpu`: whether on machines with a GPU. Raises ValueError for more tasks than the
    kind may have."""
    most = machine_of(kind.value).most_tasks
    if tasks > most:
        raise ValueError(f"a job of kind {kind.value} may have {most} tasks, not {tasks}")
    moment = now()
    job = Job(
        id=job_id,
        user_id=user_id,
        kind=kind,
        priority=priority,
        tasks=tasks,
        gpu=gpu,
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


def list_jobs(
    user_id: str,
    limit: int,
    page_token: str | None = None,
    state: JobState | None = None,
    kind: JobKind | None = None,
) -> Page[Job]:
    """The user's jobs, newest first; only those in that state, and of that kind, if given."""
    query: Any = jobs_of(user_id)
    for field, wanted in (("kind", kind), ("state", state)):
        if wanted is not None:
            query = query.where(filter=FieldFilter(field, "==", wanted.value))
    return newest_first(query, parse_job, limit, page_token)


def cancel_job(user_id: str, job_id: str) -> Job:
    """Cancel a job that has not ended. Its worker stops within 2 s. Raises NotFound, or Conflict when it has ended otherwise.

    Cancelling a cancelled job is no error."""

    def cancel(transaction: firestore.Transaction, job: Job) -> tuple[dict[str, Any] | None, list[outbox.Message]]:
        if job.state is JobState.CANCELLED:
            return None, []
        if job.state.final:
            raise Conflict(f"Job {job_id} has already {job.state.value}.")
        moment = now()
        line = Line.read(transaction, user_id, leaving=job_id)
        cancel_generation(event_id_of(job), moment, transaction)
        return ended(job, JobState.CANCELLED, moment, seconds_until(job, moment)), line.write(transaction)

    return _change(user_id, job_id, cancel)


def retry_job(user_id: str, job_id: str) -> Job:
    """Give a failed job new attempts: it is queued again with the inputs that it had. What went wrong before stays on record.

    Raises NotFound, or Conflict when it has not failed."""

    def retry(transaction: firestore.Transaction, job: Job) -> tuple[dict[str, Any] | None, list[outbox.Message]]:
        if job.state is not JobState.FAILED:
            raise Conflict(f"Job {job_id} is {job.state.value}: only a failed job can be tried again.")
        change = {
            "state": JobState.QUEUED.value,
            "stage": "queued",
            "progress": 0.0,
            "attempts": 0,
            "calls": 0,
            "retries": job.retries + 1,
            "error": None,
            "finished": None,
            "execution": None,
            "queuedAt": now(),
        }
        return change, [outbox.enqueue(transaction, job.priority.topic, ticket(job))]

    return _change(user_id, job_id, retry)


def delete_job(user_id: str, job_id: str) -> None:
    """Strike a job that has ended off the list, with all that is kept beneath it; what it has made stays.

    Raises NotFound, or Conflict when it has not ended."""
    reference = job_reference(user_id, job_id)

    @firestore.transactional
    def delete(transaction: firestore.Transaction) -> None:
        if not _found(transaction, user_id, job_id).state.final:
            raise Conflict(f"Job {job_id} has not ended. Cancel it first.")
        transaction.delete(reference)

    delete(firestore_client().transaction())
    firestore_client().recursive_delete(reference)


def _change(user_id: str, job_id: str, decide: Change) -> Job:
    """The job after what `decide` wants of it. Raises NotFound, and what `decide` raises."""

    @firestore.transactional
    def change(transaction: firestore.Transaction) -> tuple[Job, list[outbox.Message]]:
        job = _found(transaction, user_id, job_id)
        wanted, messages = decide(transaction, job)
        if wanted is None:
            return job, messages
        transaction.update(job.reference, wanted)
        return parse_job({**job.document(), **wanted}), messages

    changed: Job
    changed, messages = change(firestore_client().transaction())
    outbox.publish(*messages)
    return changed


def _found(transaction: firestore.Transaction, user_id: str, job_id: str) -> Job:
    stored = job_reference(user_id, job_id).get(transaction=transaction).to_dict()
    if stored is None:
        raise NotFound(f"There is no job {job_id}.")
    return parse_job(stored)
