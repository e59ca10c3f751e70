"""Worker: holds the lease of a job while it works on it, reports progress, hears of cancellation, and writes the end once."""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

from google.cloud import firestore

from shared.core import outbox
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import KompoError
from shared.core.ids import new_id
from shared.jobs.job import LEASE, Job, JobError, JobState, job_reference, parse_job

log = logging.getLogger(__name__)

TICK = 0.25
"""Seconds between two looks at the document."""
BEATS_OF_PROGRESS = 2
"""Progress is written after this many ticks: twice a second."""
BEATS_OF_LEASE = 20
"""The lease is renewed after this many ticks even if nothing has moved: six times before it would run out."""

Finish = Callable[[firestore.Transaction], list[outbox.Message]]
"""Writes what goes together with the end of a job; returns the messages it has put in the outbox."""


class Cancelled(Exception):
    """The owner has cancelled the job."""


class LeaseLost(Exception):
    """Another worker has the job."""


class Worker:
    """The hold of this process on one job. Made by `run_leased`; `report` and `check` may be called from any thread."""

    def __init__(self, job: Job, owner: str) -> None:
        self.job = job
        self._owner = owner
        self._stop = threading.Event()
        self._ended: type[Cancelled] | type[LeaseLost] | None = None
        self._progress = (job.progress, job.stage)
        self._thread = threading.Thread(target=self._beat, name="lease", daemon=True)

    def report(self, progress: float, stage: str) -> None:
        """Say how far the job is: `progress` from 0 to 1; it never goes back. Cheap: the document follows twice a second."""
        self._progress = (min(1.0, max(self._progress[0], progress)), stage)

    @property
    def stopped(self) -> bool:
        """Whether the job is no longer ours to work on."""
        return self._ended is not None

    def check(self) -> None:
        """Raise Cancelled or LeaseLost when the job is no longer ours."""
        if self._ended is not None:
            raise self._ended

    def succeed(self, outputs: dict[str, Any], also: Finish) -> None:
        """End the job well, together with what `also` writes. Raises Cancelled or LeaseLost if it is not ours any more."""
        self._end({"state": JobState.SUCCEEDED.value, "stage": "done", "progress": 1.0, "outputs": outputs}, also)

    def fail(self, error: JobError, also: Finish) -> None:
        """End the job as failed, together with what `also` writes."""
        document = error.model_dump(by_alias=True)
        self._end({"state": JobState.FAILED.value, "stage": "failed", "error": document}, also)

    def _end(self, change: dict[str, Any], also: Finish) -> None:
        self._stop.set()
        self._thread.join()

        @firestore.transactional
        def end(transaction: firestore.Transaction) -> list[outbox.Message]:
            self._require_ours(self.job.reference.get(transaction=transaction).to_dict())
            messages = also(transaction)
            transaction.update(self.job.reference, {**change, "finished": now(), "leaseExpires": None})
            return messages

        outbox.publish(*end(firestore_client().transaction()))

    def _require_ours(self, stored: dict[str, Any] | None) -> None:
        if stored is None or stored["state"] == JobState.CANCELLED.value:
            raise Cancelled
        if stored["leaseOwner"] != self._owner or stored["state"] != JobState.RUNNING.value:
            raise LeaseLost

    def _beat(self) -> None:
        written = self._progress
        quiet = 0
        while not self._stop.wait(TICK):
            quiet += 1
            try:
                self._require_ours(self.job.reference.get(["state", "leaseOwner"]).to_dict())
                moved = self._progress != written and quiet >= BEATS_OF_PROGRESS
                if moved or quiet >= BEATS_OF_LEASE:
                    written, quiet = self._progress, 0
                    progress, stage = written
                    change = {"progress": round(progress, 4), "stage": stage, "leaseExpires": now() + LEASE}
                    self.job.reference.update(change)
            except (Cancelled, LeaseLost) as ended:
                self._ended = type(ended)
                return
            except Exception:  # Firestore does not answer: the lease tells, later, whether the job is still ours.
                log.exception("could not renew the lease")

    @contextlib.contextmanager
    def beating(self) -> Iterator[None]:
        """Keep the lease alive inside."""
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join()


def run_leased(
    user_id: str,
    job_id: str,
    work: Callable[[Worker], None],
    failed: Callable[[Worker, JobError], Finish],
    execution: str | None = None,
) -> JobState | None:
    """Take the lease of a job and do `work`, which ends it by `succeed`. A KompoError ends it as failed.

    Returns the state that the job ended in, or None when there was nothing to do (it has ended, or another worker has it).
    Any other exception is raised for the platform to try again: the lease lets the next attempt of `execution` in."""
    owner = new_id()
    job = _take(user_id, job_id, owner, execution)
    if job is None:
        return None
    worker = Worker(job, owner)
    with worker.beating():
        try:
            work(worker)
        except KompoError as error:
            where = error.errors[0].pointer if error.errors else None
            reason = JobError(type=type(error).__name__, detail=error.detail, pointer=where)
            return _give_up(worker, reason, failed)
        except Cancelled:
            return JobState.CANCELLED
        except LeaseLost:
            return None
    return JobState.SUCCEEDED


def _give_up(worker: Worker, reason: JobError, failed: Callable[[Worker, JobError], Finish]) -> JobState | None:
    try:
        worker.fail(reason, failed(worker, reason))
    except Cancelled:
        return JobState.CANCELLED
    except LeaseLost:
        return None
    return JobState.FAILED


def _take(user_id: str, job_id: str, owner: str, execution: str | None) -> Job | None:
    """Become the job's worker, if it waits for one. A retry of the same execution may follow its dead predecessor at once."""
    reference = job_reference(user_id, job_id)

    @firestore.transactional
    def take(transaction: firestore.Transaction) -> Job | None:
        stored = reference.get(transaction=transaction).to_dict()
        if stored is None:
            return None
        job = parse_job(stored)
        abandoned = job.lease_expires is None or job.lease_expires < now()
        successor = execution is not None and stored.get("leaseExecution") == execution
        if job.state.final or (job.state is JobState.RUNNING and not abandoned and not successor):
            return None
        if job.attempts >= job.max_attempts:
            detail = f"The job was given up after {job.attempts} attempts: its worker ended without a word each time."
            error = JobError(type="worker-lost", detail=detail).model_dump(by_alias=True)
            end = {"state": JobState.FAILED.value, "stage": "failed", "error": error, "finished": now()}
            transaction.update(reference, {**end, "leaseExpires": None})
            return None
        change = {
            "state": JobState.RUNNING.value,
            "stage": "starting",
            "attempts": job.attempts + 1,
            "started": job.started or now(),
            "leaseOwner": owner,
            "leaseExpires": now() + LEASE,
            "leaseExecution": execution,
        }
        transaction.update(reference, change)
        return parse_job({**stored, **change})

    taken: Job | None = take(firestore_client().transaction())
    return taken
