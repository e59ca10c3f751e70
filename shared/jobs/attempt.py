"""Attempt: a worker takes a job up, does the work, and writes how that went: well, never, or not this time."""

import logging
from collections.abc import Callable
from typing import Any

from google.cloud import firestore

from shared.core import outbox
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.ids import new_id
from shared.events import end_generation, event_messages
from shared.jobs.ending import billed, failed, last_sign, seconds_until
from shared.jobs.failures import WORKER_LOST, Verdict, judge
from shared.jobs.job import LEASE, Job, JobError, JobState, job_reference, parse_job
from shared.jobs.line import Line
from shared.jobs.telling import lost_event
from shared.jobs.worker import Cancelled, Finish, LeaseLost, Worker

log = logging.getLogger(__name__)


def run_leased(
    user_id: str,
    job_id: str,
    work: Callable[[Worker], None],
    failed: Callable[[Worker, JobError], Finish],
    execution: str | None = None,
) -> JobState | None:
    """Take the lease of a job and do `work`, which ends it by `succeed`. An error that would come again ends it as failed,
    together with what `failed` writes; another makes it wait for its next attempt, as long as it has one left.

    `execution` names the place to which the successor of a dead worker comes back: the execution, and the task in it where
    there are several. Returns the state that the job is in then, or None when there was nothing to do (it has ended, it waits,
    or another worker has it). Raises what keeps the end from being written: the platform, or the sweeper, tries again."""
    job = _take(user_id, job_id, new_id(), execution)
    if job is None:
        return None
    worker = Worker(job, job.lease_owner or "")
    with worker.beating():
        try:
            work(worker)
        except Cancelled:
            return JobState.CANCELLED
        except LeaseLost:
            return None
        except Exception as error:
            log.warning("attempt %d has failed", job.attempts, exc_info=True)
            return _give_up(worker, judge(error), failed)
    return JobState.SUCCEEDED


def _give_up(worker: Worker, verdict: Verdict, failed: Callable[[Worker, JobError], Finish]) -> JobState | None:
    try:
        if verdict.transient and worker.job.attempts < worker.job.max_attempts:
            worker.postpone(verdict)
            return JobState.QUEUED
        worker.fail(verdict, failed(worker, verdict.error))
    except Cancelled:
        return JobState.CANCELLED
    except LeaseLost:
        return None
    return JobState.FAILED


def _take(user_id: str, job_id: str, owner: str, execution: str | None) -> Job | None:
    """Become the job's worker, if it waits for one. A retry of the same execution may follow its dead predecessor at once."""
    reference = job_reference(user_id, job_id)

    @firestore.transactional
    def take(transaction: firestore.Transaction) -> tuple[Job | None, list[outbox.Message]]:
        stored = reference.get(transaction=transaction).to_dict()
        if stored is None:
            return None, []
        job = parse_job(stored)
        if not _is_free(job, execution):
            return None, []
        if job.attempts >= job.max_attempts:
            return None, give_up(transaction, job)
        change = {**_lost(job), **_taken(job, owner, execution)}
        transaction.update(reference, change)
        return parse_job({**stored, **change}), []

    taken: Job | None
    taken, messages = take(firestore_client().transaction())
    outbox.publish(*messages)
    return taken


def give_up(transaction: firestore.Transaction, job: Job, why: JobError = WORKER_LOST) -> list[outbox.Message]:
    """End a job whose last attempt was lost, or that nobody takes up. To be called before the transaction's first write."""
    line = Line.read(transaction, job.user_id, leaving=job.id)
    detail = f"The job was given up after {job.attempts} attempts. {why.detail}"
    died = last_sign(job) or now()
    error = why.model_copy(update={"detail": detail})
    seconds = seconds_until(job, died)
    change = failed(job, error, now(), seconds, transient=True)
    transaction.update(job.reference, change)
    told = lost_event(job, error, seconds / job.tasks * 1000, change["costUsd"])
    events = event_messages(job.user_id, [told] if told is not None else [])
    if events and told is not None and told.generation is not None:
        end_generation(told, transaction)
    return [*line.write(transaction), *(outbox.enqueue(transaction, "events", message) for message in events)]


def _is_free(job: Job, execution: str | None) -> bool:
    if job.state.final or job.turn is not None or (job.next_attempt is not None and job.next_attempt > now()):
        return False
    abandoned = job.lease_expires is None or job.lease_expires < now()
    successor = execution is not None and job.lease_execution == execution
    return job.state is JobState.QUEUED or abandoned or successor


def _lost(job: Job) -> dict[str, Any]:
    """What is to be said of the attempt before this one, whose worker has died."""
    if job.state is not JobState.RUNNING:
        return {}
    died = last_sign(job) or now()
    failures = job.failed_with(WORKER_LOST, died, transient=True)
    return {**billed(job, seconds_until(job, died)), "failures": failures}


def _taken(job: Job, owner: str, execution: str | None) -> dict[str, Any]:
    moment = now()
    return {
        "state": JobState.RUNNING.value,
        "stage": "starting",
        "progress": 0.0,
        "attempts": job.attempts + 1,
        "nextAttempt": None,
        "starting": None,
        "started": job.started or moment,
        "attemptStarted": moment,
        "leaseOwner": owner,
        "leaseExpires": moment + LEASE,
        "leaseExecution": execution,
    }
