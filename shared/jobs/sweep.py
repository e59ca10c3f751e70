"""Sweeping: no job stays `running` without a worker, or `queued` without a message; what waits for its next attempt gets it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from google.cloud import firestore
from google.cloud.firestore import FieldFilter

from shared.core import outbox
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.jobs.attempt import give_up
from shared.jobs.ending import last_sign, postponed, seconds_until
from shared.jobs.failures import NEVER_STARTED, WORKER_LOST
from shared.jobs.job import CLAIM, Job, JobState, parse_job
from shared.jobs.line import Line
from shared.jobs.queue import ticket

QUEUED_TOO_LONG = timedelta(minutes=15)
"""A queued job that old has lost its message or its execution: it is queued again."""
MOST_CALLS = 96
"""A job that was queued again so often, for a day, and that nobody has taken up, is given up: Cloud Run refuses it."""
_BATCH = 200

Change = Callable[[firestore.Transaction, Job], list[outbox.Message]]


@dataclass(frozen=True)
class Swept:
    """How many jobs were queued again, because their worker or message was lost; given up; and called to their next attempt."""

    queued_again: int
    failed: int
    retried: int


def sweep_jobs() -> Swept:
    """Queue again the jobs whose worker or message is lost; fail those that have used up their attempts; start those whose
    pause is over."""
    moment = now()
    lost = _sweep(JobState.RUNNING, FieldFilter("leaseExpires", "<", moment), _revive)
    due = _sweep(JobState.QUEUED, FieldFilter("nextAttempt", "<=", moment), _queue)
    unstarted = _sweep(JobState.QUEUED, FieldFilter("starting", "<", moment - CLAIM), _queue_or_call)
    stale = _sweep(JobState.QUEUED, FieldFilter("queuedAt", "<", moment - QUEUED_TOO_LONG), _queue_or_call)
    return Swept(
        queued_again=(lost + unstarted + stale)[JobState.QUEUED],
        failed=lost[JobState.FAILED] + stale[JobState.FAILED],
        retried=due[JobState.QUEUED],
    )


def _sweep(state: JobState, since: FieldFilter, change: Change) -> Counter[JobState]:
    """Change the jobs that are in this state since then; how many are now in which."""
    jobs = firestore_client().collection_group("jobs")
    found = jobs.where(filter=FieldFilter("state", "==", state.value)).where(filter=since).limit(_BATCH)
    seen = (parse_job(snapshot.to_dict() or {}) for snapshot in found.stream())
    return Counter(now_in for job in seen if (now_in := _change(job, change)) is not None)


def _change(seen: Job, change: Change) -> JobState | None:
    """Change the job unless it has changed since it was seen; its new state, or None."""

    @firestore.transactional
    def attempt(transaction: firestore.Transaction) -> tuple[bool, list[outbox.Message]]:
        stored = seen.reference.get(transaction=transaction).to_dict()
        job = parse_job(stored) if stored is not None else None
        if job is None or _mark(job) != _mark(seen):
            return False, []
        return True, change(transaction, job)

    changed, messages = attempt(firestore_client().transaction())
    outbox.publish(*messages)
    return _after(seen) if changed else None


def _mark(job: Job) -> tuple[Any, ...]:
    """What tells that nobody has moved a job."""
    return (job.state, job.lease_expires, job.queued_at, job.next_attempt, job.turn, job.starting)


def _after(seen: Job) -> JobState:
    spent = seen.attempts >= seen.max_attempts if seen.state is JobState.RUNNING else _unheard(seen)
    return JobState.FAILED if spent else JobState.QUEUED


def _unheard(job: Job) -> bool:
    return job.calls >= MOST_CALLS and job.turn is None and job.next_attempt is None


def _revive(transaction: firestore.Transaction, job: Job) -> list[outbox.Message]:
    """The pause before the next attempt began when the worker died."""
    if job.attempts >= job.max_attempts:
        return give_up(transaction, job)
    line = Line.read(transaction, job.user_id, leaving=job.id)
    died = last_sign(job) or now()
    change = postponed(job, WORKER_LOST, died, seconds_until(job, died))
    if change["nextAttempt"] > now():
        transaction.update(job.reference, change)
        return line.write(transaction)
    return [*line.write(transaction), *_queued(transaction, job, change)]


def _queue(transaction: firestore.Transaction, job: Job) -> list[outbox.Message]:
    return _queued(transaction, job, {})


def _queue_or_call(transaction: firestore.Transaction, job: Job) -> list[outbox.Message]:
    """Queue it again; one that stands in line for a slot is called when there is one."""
    if _unheard(job):
        return give_up(transaction, job, NEVER_STARTED)
    if job.turn is None and job.next_attempt is None:
        return _queued(transaction, job, {"calls": job.calls + 1})
    return Line.read(transaction, job.user_id).write(transaction)


def _queued(transaction: firestore.Transaction, job: Job, change: dict[str, Any]) -> list[outbox.Message]:
    again = {"nextAttempt": None, "starting": None, "execution": None, "stage": "queued", "queuedAt": now()}
    transaction.update(job.reference, {**change, **again})
    return [outbox.enqueue(transaction, job.priority.topic, ticket(job))]
