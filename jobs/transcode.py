"""transcode: the tasks of an execution encode the chunks of a film side by side; one of them leads, joins, and ends the job.

The one that holds the job's lease leads. Every task takes chunks from the board until there is none; the leader waits for the
others' and takes over those that were left. A leader that dies is followed by its own next attempt or by another task."""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from google.cloud import firestore

from jobs.ending import generation_begun, write_end
from jobs.transcode_chunk import make_chunk
from jobs.transcode_events import PROVIDER, TYPE, failure_event
from jobs.transcode_film import film_of_chunks, film_of_one_run, made_differently
from jobs.transcode_gathering import gathering
from jobs.transcode_overseer import Overseer
from jobs.transcode_place import Workplace
from jobs.transcode_result import succeed
from shared.core import outbox
from shared.core.clock import now
from shared.core.errors import KompoError
from shared.jobs import Job, JobError, JobState, Worker, get_job, judge, run_leased
from shared.media.chunking import key_moments
from shared.transcodes import Board, ChunkLost, ChunkState, JobOver, known_speeds, lay_out

log = logging.getLogger(__name__)

PAUSE = 0.5
"""Seconds between two looks at the board when there is nothing to take."""


@dataclass(frozen=True)
class Task:
    """This process among those of its execution. `claimant` stays the same when it is tried again."""

    index: int
    claimant: str | None

    @classmethod
    def of(cls, execution: str | None) -> "Task":
        """By what Cloud Run tells its containers."""
        index = int(os.environ.get("CLOUD_RUN_TASK_INDEX", "0"))
        return cls(index, f"{execution}/{index}" if execution else None)


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Do this task's share of the job, or all that is left of it. Done twice, there is still one result."""
    task, started = Task.of(execution), time.monotonic()

    def failed(worker: Worker, error: JobError) -> Callable[[firestore.Transaction], list[outbox.Message]]:
        event = failure_event(worker.job, error, (time.monotonic() - started) * 1000, worker.cost_usd)
        return lambda transaction: write_end(transaction, user_id, [event])

    with TemporaryDirectory(prefix="transcode-") as name:
        folder = Path(name)
        while True:
            state = run_leased(user_id, job_id, lambda worker: _lead(worker, task, folder), failed, task.claimant)
            if state is not None:
                log.info("transcode ended: %s", state)
                return state
            job = get_job(user_id, job_id)
            if job.state.final or not _help(job, task, folder):
                return None


def _lead(worker: Worker, task: Task, folder: Path) -> None:
    """Bring the job to its end. Raises Cancelled, LeaseLost, and KompoErrors that end it as failed."""
    place = Workplace(worker.job, folder)
    worker.plan(**place.shares)
    generation_begun(worker.job.user_id, f"transcode-{worker.job.telling_id}", TYPE, PROVIDER)
    worker.report(0, "downloading")
    place.fetch_source()
    worker.check()
    worker.report(0, "encoding")
    if place.in_one_run:
        film = film_of_one_run(place, worker)
    else:
        board = Board(worker.job, task.claimant)
        _prepare(place, board)
        with Overseer(worker, board).watching() as overseer, gathering(place, overseer):
            _work_off(place, board, task, overseer)
            if odd := made_differently(place.plan, board.chunks()):
                log.warning("%d chunks are made again without a GPU, as others were", len(odd))
                board.remake(odd)
                _work_off(place, board, task, overseer)
        chunks = board.chunks()
        worker.spent_by_others(sum(each.seconds or 0 for each in chunks if each.owner not in overseer.made_here))
        film = film_of_chunks(place, worker, chunks)
    succeed(worker, place, film)


def _prepare(place: Workplace, board: Board) -> None:
    """Lay the chunks out, unless an earlier leader has; what could not be made then is tried again."""
    if board.chunks():
        board.reopen()
        return
    speeds = known_speeds(place.job.user_id)
    board.lay_out(lay_out(place.plan, place.job.inputs["chunks"], key_moments(place.source), speeds))


def _work_off(place: Workplace, board: Board, task: Task, overseer: Overseer) -> None:
    """Take chunks, and wait for those of others, until all are done."""
    while True:
        overseer.check()
        if (chunk := board.claim(task.index)) is not None:
            try:
                make_chunk(place, board, chunk, lambda: overseer.stopped)
                overseer.made_here.add(chunk.owner)
            except (ChunkLost, JobOver):
                log.info("chunk %s is no longer ours", chunk.id)
        elif all(each.state is ChunkState.DONE for each in board.chunks()):
            return
        else:
            time.sleep(PAUSE)


def _help(job: Job, task: Task, folder: Path) -> bool:
    """Take chunks of a job that another task leads until there is none. Whether it then has nobody who leads it."""
    place, board = Workplace(job, folder), Board(job, task.claimant)
    if place.in_one_run:
        return False
    while True:
        current = get_job(job.user_id, job.id)
        if current.state.final:
            return False
        if not _is_led(current):
            time.sleep(PAUSE)
            return True
        if not board.chunks():
            place.fetch_source()
            time.sleep(PAUSE)
        elif (chunk := board.claim(task.index)) is None:
            return False
        else:
            try:
                make_chunk(place, board, chunk, lambda: False)
            except ChunkLost:
                log.info("chunk %s is no longer ours", chunk.id)
            except JobOver:
                return False
            except KompoError as error:
                if judge(error).transient:
                    raise  # This task is tried again.
                log.exception("chunk %s cannot be made", chunk.id)
                return False  # The board says so: the leader ends the job.


def _is_led(job: Job) -> bool:
    """Whether somebody holds the lease, as far as we know."""
    return job.state is JobState.RUNNING and job.lease_expires is not None and job.lease_expires > now()
