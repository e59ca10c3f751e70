"""export: the figures of a page of the dashboard, a report, or all that is a user's, become files in the exports bucket."""

import logging
from collections.abc import Callable
from typing import Any

from google.cloud import firestore

from shared.core import outbox
from shared.insights import exporting, reports
from shared.jobs import Job, JobError, JobState, Worker, run_leased
from shared.privacy import archiving

log = logging.getLogger(__name__)


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Make the file that the job names. Done twice, there is still one file."""
    state = run_leased(user_id, job_id, _work, _failed, execution)
    log.info("export ended: %s", state)
    return state


def _work(worker: Worker) -> None:
    worker.plan(writing=0.9, uploading=0.1)
    outputs = _maker(worker.job)(worker.job, worker.report, worker.check)
    worker.succeed(outputs, lambda _: [])


def _maker(job: Job) -> Callable[..., dict[str, Any]]:
    """What makes the files of a job."""
    if archiving.is_archive(job):
        return archiving.carry_out
    return reports.carry_out if reports.is_report(job) else exporting.carry_out


def _failed(_worker: Worker, _error: JobError) -> Callable[[firestore.Transaction], list[outbox.Message]]:
    return lambda _: []
