"""Filing: how every job runs that makes a file of figures, a report, or an archive. Done twice, there is still one file."""

import logging
from collections.abc import Callable
from typing import Any

from google.cloud import firestore

from shared.core import outbox
from shared.jobs import Job, JobError, JobState, Worker, run_leased

log = logging.getLogger(__name__)

Maker = Callable[[Job, Callable[[float, str], None], Callable[[], None]], dict[str, Any]]
"""Makes the file of a job: told of progress and stage; the check raises when the job is over. Returns the outputs."""


def run_filing(user_id: str, job_id: str, execution: str | None, make: Maker) -> JobState | None:
    """Make the file of a job and tell how it ended."""

    def work(worker: Worker) -> None:
        worker.plan(writing=0.9, uploading=0.1)
        worker.succeed(make(worker.job, worker.report, worker.check), lambda _: [])

    state = run_leased(user_id, job_id, work, _failed, execution)
    log.info("filing ended: %s", state)
    return state


def _failed(_worker: Worker, _error: JobError) -> Callable[[firestore.Transaction], list[outbox.Message]]:
    return lambda _: []
