"""Starting a queued job: one execution of its Cloud Run job, when its user has a slot free for it."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from google.cloud import firestore

from shared.core import outbox
from shared.core.clients import firestore_client, jobs_client
from shared.core.clock import now
from shared.core.settings import settings
from shared.jobs.controls import LOOKED_AT_AGAIN, read_controls
from shared.jobs.job import CLAIM, Job, JobState, job_reference, parse_job
from shared.jobs.line import Line, turn_of
from shared.jobs.queue import parse_ticket

if TYPE_CHECKING:
    from google.cloud import run_v2

log = logging.getLogger(__name__)


def start_job(message: bytes) -> str | None:
    """Start the job that `message` names, once; the name of the execution, or None when there is nothing to start.

    A message that comes twice, even at the same moment, finds the job started, or somebody about to start it. A job whose
    user has no slot free waits in line; one whose provider is paused, until it is not. Raises InvalidInput on a message that
    names no job, and the client's error when Cloud Run refuses: the message comes again."""
    named = parse_ticket(message)
    job = _claim(named.user_id, named.job_id)
    if job is None or job.execution is not None:
        return job.execution if job else None
    try:
        execution: str = jobs_client().run_job(_request(job)).metadata.name
    except Exception:
        job.reference.update({"starting": None})
        raise
    job.reference.update({"execution": execution, "starting": None})
    return execution


def _claim(user_id: str, job_id: str) -> Job | None:
    """The job, if this process is to start it or if it has been started; None if it is not to be started now."""
    reference = job_reference(user_id, job_id)

    @firestore.transactional
    def claim(transaction: firestore.Transaction) -> tuple[Job | None, list[outbox.Message]]:
        stored = reference.get(transaction=transaction).to_dict()
        if stored is None:
            log.warning("a message for a job that is not there", extra={"fields": {"jobId": job_id}})
            return None, []
        job = parse_job(stored)
        if job.state is not JobState.QUEUED or job.execution is not None:
            return (job if job.execution is not None else None), []
        if not _is_due(job):
            return None, []
        paused_until = read_controls(transaction).pause_of(job.kind.provider, now())
        if paused_until is not None:
            return None, _put_off(transaction, job, paused_until)
        line = Line.read(transaction, user_id, joining=job)
        messages = line.write(transaction, starts=job.id)
        if job.id not in line.holders:
            transaction.update(reference, {"turn": turn_of(job), "stage": "waiting-for-slot"})
            return None, messages
        transaction.update(reference, {"starting": now(), "turn": None, "stage": "queued"})
        return job, messages

    claimed: Job | None
    claimed, messages = claim(firestore_client().transaction())
    outbox.publish(*messages)
    return claimed


def _put_off(transaction: firestore.Transaction, job: Job, until: datetime) -> list[outbox.Message]:
    """Let the sweeper call it again, once its provider is not paused any more; until then it holds no slot."""
    line = Line.read(transaction, job.user_id, leaving=job.id)
    transaction.update(job.reference, {"nextAttempt": min(until, now() + LOOKED_AT_AGAIN), "stage": "paused"})
    return line.write(transaction)


def _is_due(job: Job) -> bool:
    """Whether it is to be started now, and by nobody else."""
    moment = now()
    if job.next_attempt is not None and job.next_attempt > moment:
        return False
    return job.starting is None or job.starting < moment - CLAIM


def _request(job: Job) -> "run_v2.RunJobRequest":
    from google.cloud import run_v2

    arguments = [job.kind.value, "--user", job.user_id, "--job", job.id]
    name = f"projects/{settings().project}/locations/{settings().region}/jobs/{job.machine}"
    container = run_v2.RunJobRequest.Overrides.ContainerOverride(args=arguments)
    overrides = run_v2.RunJobRequest.Overrides(container_overrides=[container], task_count=job.tasks)
    return run_v2.RunJobRequest(name=name, overrides=overrides)
