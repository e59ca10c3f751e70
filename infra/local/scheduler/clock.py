"""Fires the jobs when they are due. A run that is not over when the next is due delays it; missed ones are not made up."""

import asyncio
import contextlib
import logging
import sqlite3
import time

from infra.local.scheduler.jobs import Job, retry_pause
from infra.local.scheduler.store import Store
from infra.local.scheduler.targets import Targets

log = logging.getLogger(__name__)

_LONGEST_SLEEP = 60.0
"""Seconds after which the wall clock is read again: it may have been set, or the machine have slept."""
_AGAIN = 2.0
"""Seconds until a job is looked at again whose run could not be recorded, as on a full disk."""


class Clock:
    """Fires the jobs of a store."""

    def __init__(self, store: Store, targets: Targets) -> None:
        self._store = store
        self._targets = targets
        self._wake = asyncio.Event()
        self._runs: dict[tuple[str, bool], asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Look at the jobs again. To be called after every change of the store."""
        self._wake.set()

    async def run(self) -> None:
        """Fire until cancelled. What was due before is not made up for, except runs that were asked for by hand."""
        now = time.time()
        for row in self._store.jobs():
            self._store.postpone(row["name"], Job.model_validate_json(row["body"]).next_time(now))
        try:
            while True:
                self._wake.clear()
                pause = self._fire_due()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._wake.wait()
        finally:
            for run in self._runs.values():
                run.cancel()

    def _fire_due(self) -> float:
        """Start the runs that are due; seconds until the next look."""
        now = time.time()
        for row in self._store.due(now):
            key = (row["name"], bool(row["forced"]))
            if key not in self._runs:
                self._runs[key] = asyncio.create_task(self._fire(row, key))
        following = self._store.next_due(now)
        return _LONGEST_SLEEP if following is None else min(_LONGEST_SLEEP, max(0.0, following - time.time()))

    async def _fire(self, row: sqlite3.Row, key: tuple[str, bool]) -> None:
        name, forced = key
        job = Job.model_validate_json(row["body"])
        now = time.time()
        try:
            if not forced:
                self._store.postpone(name, job.next_time(now))
            await self._attempts(name, job, now if forced else row["due"])
            if forced:
                self._store.unforce(name)
        except Exception:
            log.exception("job %s could not be run", name)
            await asyncio.sleep(_AGAIN)
        finally:
            del self._runs[key]
            self._wake.set()

    async def _attempts(self, name: str, job: Job, scheduled: float) -> None:
        begun, failures = time.time(), 0
        while True:
            at = time.time()
            status = await self._targets.attempt(name, job, scheduled)
            self._store.attempted(name, at, status)
            if not status:
                return
            failures += 1
            log.warning("job %s: attempt %d failed: %s", name, failures, status["message"])
            pause = retry_pause(job.retry_config, failures, begun, time.time())
            if pause is None:
                return
            await asyncio.sleep(pause)
