"""export: the figures of a page of the dashboard, or all that is a user's, become a file in the exports bucket."""

import logging
from collections.abc import Callable

from google.cloud import firestore

from shared.core import outbox
from shared.insights import exporting
from shared.jobs import JobError, JobState, Worker, run_leased
from shared.privacy import archiving

log = logging.getLogger(__name__)


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Make the file that the job names. Done twice, there is still one file."""
    state = run_leased(user_id, job_id, _work, _failed, execution)
    log.info("export ended: %s", state)
    return state


def _work(worker: Worker) -> None:
    worker.plan(writing=0.9, uploading=0.1)
    carry_out = archiving.carry_out if archiving.is_archive(worker.job) else exporting.carry_out
    outputs = carry_out(worker.job, worker.report, worker.check)
    worker.succeed(outputs, lambda _: [])


def _failed(_worker: Worker, _error: JobError) -> Callable[[firestore.Transaction], list[outbox.Message]]:
    return lambda _: []
