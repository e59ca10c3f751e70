"""Starts waiting tasks while there is room for them, watches the running ones, and tells who waits for an execution."""

import asyncio
import contextlib
import json
import logging
import os
import shutil
import sqlite3
import sys
import time
from collections import defaultdict
from pathlib import Path

from infra.local.google_json import Json, parse_duration
from infra.local.processes import Nursery
from infra.local.run.process import (
    ENTRYPOINT,
    GRACE,
    INDEX,
    MARK,
    Command,
    Outcome,
    end_orphans,
    run_process,
    scratch_of,
)
from infra.local.run.store import Store
from infra.manifest import ROOT

log = logging.getLogger(__name__)

KEPT = 30 * 86_400.0
"""Seconds for which completed executions and their logs are kept."""
STOP_GRACE = 2.0
"""Seconds that tasks get to end themselves when the server is stopped."""
_AGAIN = 2.0
"""Seconds until what could not be recorded, as on a full disk, is tried again."""


class Runner:
    """Runs the tasks of a store, at most `limit` at a time, those accepted first before those accepted later."""

    def __init__(self, store: Store, logs: Path, limit: int) -> None:
        self._store = store
        self._logs = logs
        self._limit = limit
        self._running: dict[asyncio.Task[None], tuple[str, asyncio.Future[float]]] = {}
        self._progress: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._stopping = False
        self._nursery = Nursery((), os.environ)

    async def start(self) -> None:
        """Forget what is old; end what a dead predecessor has left running, count it as a failed attempt, and go on."""
        for execution in self._store.forget(time.time() - KEPT):
            self._remove_logs(execution)
        interrupted = self._store.running()
        await end_orphans([task["uid"] for task in interrupted])
        for task in interrupted:
            log.warning("task %d of %s was interrupted", task["number"], task["execution"])
            outcome = Outcome(None, 9, "The server ended while the task was running.")
            self._store.finish(task["execution"], task["number"], outcome)
        self.wake()

    async def stop(self) -> None:
        """End all tasks, leaving them on record as running: the next start tries them again."""
        self._stopping = True
        for _, stop in self._running.values():
            _resolve(stop, STOP_GRACE)
        if self._running:
            await asyncio.wait(self._running)
        await self._nursery.close()

    def wake(self) -> None:
        """Start what may start. To be called after every change of the store."""
        while not self._stopping and len(self._running) < self._limit and (row := self._next()):
            stop: asyncio.Future[float] = asyncio.get_running_loop().create_future()
            attempt = asyncio.create_task(self._attempt(row, stop))
            self._running[attempt] = (row["execution"], stop)
            attempt.add_done_callback(self._over)

    def _next(self) -> sqlite3.Row | None:
        try:
            return self._store.start_next()
        except sqlite3.Error:
            log.exception("the next task cannot be recorded as started")
            asyncio.get_running_loop().call_later(_AGAIN, self.wake)
            return None

    def remove(self, execution: str) -> None:
        """End what an execution that has been deleted is running, and remove its logs."""
        self.end(execution)
        self._remove_logs(execution)

    def _remove_logs(self, execution: str) -> None:
        shutil.rmtree(log_file(self._logs, execution, 0).parent, ignore_errors=True)

    def end(self, execution: str) -> None:
        """End the running tasks of an execution that has been cancelled."""
        for name, stop in self._running.values():
            if name == execution:
                _resolve(stop, GRACE)
        self._announce(execution)

    async def completed(self, execution: str, timeout: float) -> None:
        """Return when the execution has completed, or after `timeout` seconds. Raises GoogleError NOT_FOUND."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while self._store.execution(execution)["completed"] is None:
                    await self._progress[execution].wait()

    async def _attempt(self, row: sqlite3.Row, stop: "asyncio.Future[float]") -> None:
        name, number = row["execution"], row["number"]
        execution = self._store.execution(name)
        command = _command(execution, row, log_file(self._logs, name, number))
        log.info("task %d of %s: attempt %d", number, name, row["attempts"])
        outcome = await run_process(command, stop, self._nursery)
        while not self._stopping:
            try:
                self._store.finish(name, number, outcome)
                break
            except sqlite3.Error:
                log.exception("the end of task %d of %s cannot be recorded", number, name)
                await asyncio.sleep(_AGAIN)

    def _over(self, attempt: "asyncio.Task[None]") -> None:
        execution, _ = self._running.pop(attempt)
        if not attempt.cancelled() and (error := attempt.exception()):
            log.error("the watch over a task of %s failed", execution, exc_info=error)
        self._announce(execution)
        self.wake()

    def _announce(self, execution: str) -> None:
        if event := self._progress.pop(execution, None):
            event.set()


def log_file(logs: Path, execution: str, number: int) -> Path:
    """Where a task's output is kept, all attempts in one file."""
    _, project, _, location, _, job, _, short = execution.split("/")
    return logs / project / location / job / short / f"task{number}.log"


def _resolve(stop: "asyncio.Future[float]", grace: float) -> None:
    if not stop.done():
        stop.set_result(grace)


def _command(execution: sqlite3.Row, task: sqlite3.Row, log_path: Path) -> Command:
    template: Json = json.loads(execution["template"])
    container: Json = template["containers"][0]
    _, project, _, _, _, job, _, short = execution["name"].split("/")
    scratch = scratch_of(task["uid"])
    environment = {
        **os.environ,
        # As in the image, `python` is the interpreter that has the jobs' requirements.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "GOOGLE_CLOUD_PROJECT": project,
        "TMPDIR": str(scratch),
        **{variable["name"]: variable.get("value", "") for variable in container.get("env", [])},
        "CLOUD_RUN_JOB": job,
        "CLOUD_RUN_EXECUTION": short,
        INDEX: str(task["number"]),
        "CLOUD_RUN_TASK_ATTEMPT": str(task["attempts"] - 1),
        "CLOUD_RUN_TASK_COUNT": str(execution["task_count"]),
        MARK: task["uid"],
    }
    argv = [*(container.get("command") or ENTRYPOINT), *container.get("args", [])]
    return Command(argv, environment, ROOT, log_path, scratch, parse_duration(template["timeout"]))
