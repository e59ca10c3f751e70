"""One attempt of a task as a process: started in its own session, ended with everything it has started."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.serving import die_with_parent

GRACE = 10.0
"""Seconds between SIGTERM and SIGKILL, as Cloud Run gives them."""
MARK = "KOMPO_LOCAL_TASK"
"""Variable with the uid of the task: by it a successor of this server finds the processes of its predecessor."""
_NOT_STARTED = 127


@dataclass(frozen=True)
class Command:
    """What to run. `timeout` is in seconds; stdout and stderr are appended to `log`."""

    argv: list[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    timeout: float


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: one of the two numbers is set. `message` is empty on success."""

    exit_code: int | None
    term_signal: int | None
    message: str

    @property
    def succeeded(self) -> bool:
        """Whether the process ended by itself with 0."""
        return self.exit_code == 0 and not self.message


async def run_process(command: Command, stop: "asyncio.Future[float]") -> Outcome:
    """Run `command` to its end. A result of `stop` ends it early and is the grace in seconds that it gets."""
    try:
        process = await _start(command)
    except (OSError, ValueError) as error:
        return Outcome(_NOT_STARTED, None, f"The container could not be started: {error}")
    exited = asyncio.ensure_future(process.wait())
    either: set[asyncio.Future[Any]] = {exited, stop}
    try:
        await asyncio.wait(either, timeout=command.timeout, return_when=asyncio.FIRST_COMPLETED)
        if exited.done():
            return _ended(exited.result())
        _signal_group(process.pid, signal.SIGTERM)
        await asyncio.wait({exited}, timeout=stop.result() if stop.done() else GRACE)
        message = "The task was cancelled." if stop.done() else "The configured timeout was reached."
    finally:
        # The end of its first process is the end of a container: what that process has left behind ends too.
        _signal_group(process.pid, signal.SIGKILL)
        code = await exited
    return Outcome(None, -code if code < 0 else int(signal.SIGTERM), message)


async def _start(command: Command) -> asyncio.subprocess.Process:
    command.log.parent.mkdir(parents=True, exist_ok=True)
    with command.log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            *command.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=command.folder,
            env=command.environment,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(signal.SIGKILL),
        )


def _ended(code: int) -> Outcome:
    if code < 0:
        return Outcome(None, -code, f"The container was terminated by signal {-code}.")
    return Outcome(code, None, f"The container exited with an error, code {code}." if code else "")


def _signal_group(leader: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


async def end_orphans(uids: Collection[str]) -> None:
    """Kill every process of these tasks that a dead predecessor has left; return when none is there any more.

    They are found by MARK in their environment, children of children in other sessions included (Linux; elsewhere there
    is no /proc and nothing happens)."""
    marks = {f"{MARK}={uid}".encode() for uid in uids}
    deadline = time.monotonic() + GRACE
    while marks and (orphans := _marked(marks)) and time.monotonic() < deadline:
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.02)


def _marked(marks: set[bytes]) -> list[int]:
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if marks.intersection(environment.read_bytes().split(b"\0")):
                found.append(int(environment.parent.name))
    return found
