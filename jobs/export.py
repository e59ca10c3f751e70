"""export: the figures of a page of the dashboard become a file in the exports bucket."""

import logging
from collections.abc import Callable

from google.cloud import firestore

from shared.core import outbox
from shared.insights.exporting import carry_out
from shared.jobs import JobError, JobState, Worker, run_leased

log = logging.getLogger(__name__)


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Make the file that the job names. Done twice, there is still one file."""
    state = run_leased(user_id, job_id, _work, _failed, execution)
    log.info("export ended: %s", state)
    return state


def _work(worker: Worker) -> None:
    worker.plan(writing=0.9, uploading=0.1)
    outputs = carry_out(worker.job, worker.report, worker.check)
    worker.succeed(outputs, lambda _: [])


def _failed(_worker: Worker, _error: JobError) -> Callable[[firestore.Transaction], list[outbox.Message]]:
    return lambda _: []
