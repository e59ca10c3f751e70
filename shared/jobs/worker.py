"""Worker: holds the lease of a job while it works on it, reports progress, hears of cancellation, and writes the end once."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from google.cloud import firestore

from shared.core import outbox
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.threads import running
from shared.jobs.ending import ended, failed, postponed
from shared.jobs.failures import Verdict
from shared.jobs.job import LEASE, Job, JobState
from shared.jobs.line import Line
from shared.jobs.progress import Progress
from shared.jobs.remaining import Remaining
from shared.media.machines import machine_of

log = logging.getLogger(__name__)

TICK = 0.25
"""Seconds between two looks at the document."""
BEATS_OF_PROGRESS = 2
"""Progress is written after this many ticks: twice a second."""
BEATS_OF_LEASE = 20
"""The lease is renewed after this many ticks even if nothing has moved: six times before it would run out."""

Finish = Callable[[firestore.Transaction], list[outbox.Message]]
"""Writes what goes together with the end of a job; returns the messages it has put in the outbox. It must not read."""


class Cancelled(Exception):
    """The owner has cancelled the job."""


class LeaseLost(Exception):
    """Another worker has the job."""


class Worker:
    """The hold of this process on one job. Made by `run_leased`; `report` and `check` may be called from any thread."""

    def __init__(self, job: Job, owner: str) -> None:
        self.job = job
        self._owner = owner
        self._began = time.monotonic()
        self._of_others: float | None = None
        self._stop = threading.Event()
        self._ended: type[Cancelled] | type[LeaseLost] | None = None
        self._progress = Progress()
        self._thread = threading.Thread(target=self._beat, name="lease", daemon=True)

    def plan(self, **shares: float) -> None:
        """Name the stages of the work in their order, and the share that each is expected to take. Raises ValueError when the
        shares do not add up to 1."""
        self._progress = self._progress.planned(shares)

    def report(self, fraction: float, stage: str) -> None:
        """Say how far a stage is, from 0 to 1; without a plan, how far the whole is. It never goes back.

        Cheap: the document follows twice a second. Raises ValueError for a stage that was not planned."""
        self._progress = self._progress.at(fraction, stage)

    def spent_by_others(self, seconds: float) -> None:
        """Say how many seconds the other tasks of this job have worked. Unless it is said, they count as long as this one."""
        self._of_others = seconds

    @property
    def stopped(self) -> bool:
        """Whether the job is no longer ours to work on."""
        return self._ended is not None

    @property
    def attempt_seconds(self) -> float:
        """How long ago this attempt began."""
        return time.monotonic() - self._began

    @property
    def machine_seconds(self) -> float:
        """What this attempt has taken so far, of all tasks together."""
        own = self.attempt_seconds
        return own + (own * (self.job.tasks - 1) if self._of_others is None else self._of_others)

    @property
    def cost_usd(self) -> float:
        """What the job has cost so far, in all its attempts."""
        return machine_of(self.job.machine).cost(self.job.machine_seconds + self.machine_seconds)

    def check(self) -> None:
        """Raise Cancelled or LeaseLost when the job is no longer ours."""
        if self._ended is not None:
            raise self._ended

    def succeed(self, outputs: dict[str, Any], also: Finish) -> None:
        """End the job well, together with what `also` writes. Raises Cancelled or LeaseLost if it is not ours any more."""
        change = {
            **ended(self.job, JobState.SUCCEEDED, now(), self.machine_seconds),
            "progress": 1.0,
            "outputs": outputs,
        }
        self._end(change, also)

    def fail(self, verdict: Verdict, also: Finish) -> None:
        """End the job as failed, together with what `also` writes."""
        self._end(failed(self.job, verdict.error, now(), self.machine_seconds, transient=verdict.transient), also)

    def postpone(self, verdict: Verdict) -> None:
        """Give the job back, for its next attempt after a while."""
        self._end(postponed(self.job, verdict.error, now(), self.machine_seconds), lambda _: [])

    def _end(self, change: dict[str, Any], also: Finish) -> None:
        self._stop.set()
        self._thread.join()

        @firestore.transactional
        def end(transaction: firestore.Transaction) -> list[outbox.Message]:
            self._require_ours(self.job.reference.get(transaction=transaction).to_dict())
            line = Line.read(transaction, self.job.user_id, leaving=self.job.id)
            messages = also(transaction)
            # Work that took less than a beat has not told its stages yet.
            transaction.update(self.job.reference, {**_stages(self._progress), **change})
            return [*messages, *line.write(transaction)]

        outbox.publish(*end(firestore_client().transaction()))

    def _require_ours(self, stored: Mapping[str, Any] | None) -> None:
        if stored is None or stored["state"] == JobState.CANCELLED.value:
            raise Cancelled
        if stored["leaseOwner"] != self._owner or stored["state"] != JobState.RUNNING.value:
            raise LeaseLost

    def _beat(self) -> None:
        written, quiet, remaining = Progress(), 0, Remaining()
        while not self._stop.wait(TICK):
            quiet += 1
            left = remaining.update(self._progress.fraction, time.monotonic())
            try:
                self._require_ours(self.job.reference.get(["state", "leaseOwner"]).to_dict())
                moved = self._progress != written and quiet >= BEATS_OF_PROGRESS
                if moved or quiet >= BEATS_OF_LEASE:
                    written, quiet = self._progress, 0
                    self.job.reference.update(_told(written, left))
            except (Cancelled, LeaseLost) as over:
                self._ended = type(over)
                return
            except Exception:  # Firestore does not answer: the lease tells, later, whether the job is still ours.
                log.exception("could not renew the lease")

    @contextlib.contextmanager
    def beating(self) -> Iterator[None]:
        """Keep the lease alive inside."""
        with running(self._thread, self._stop):
            yield


def _stages(progress: Progress) -> dict[str, Any]:
    return {"stages": [stage.model_dump(by_alias=True) for stage in progress.stages]} if progress.stages else {}


def _told(progress: Progress, remaining: float | None) -> dict[str, Any]:
    return {
        **_stages(progress),
        "progress": round(progress.fraction, 4),
        "stage": progress.stage,
        "remainingSeconds": None if remaining is None else round(remaining),
        "leaseExpires": now() + LEASE,
    }
