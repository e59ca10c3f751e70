"""One attempt of a task as a process: started in its own session, ended with everything it has started."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.processes import Child, Nursery, Process
from infra.local.serving import ROOT, die_with_parent

GRACE = 10.0
"""Seconds between SIGTERM and SIGKILL, as Cloud Run gives them."""
MARK = "KOMPO_LOCAL_TASK"
"""Variable with the uid of the task: by it a successor of this server finds the processes of its predecessor."""
INDEX = "CLOUD_RUN_TASK_INDEX"
"""Variable that tells a task which one of its execution's it is."""
ENTRYPOINT = (sys.executable, "-m", "jobs")
"""What the image of the jobs runs when a container names no command of its own."""
_NOT_STARTED = 127


@dataclass(frozen=True)
class Command:
    """What to run. `timeout` is in seconds; stdout and stderr are appended to `log`. `scratch`, of its own, is there while it
    runs: as a container's disk, it ends with it."""

    argv: list[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    scratch: Path
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


async def run_process(command: Command, stop: "asyncio.Future[float]", nursery: Nursery) -> Outcome:
    """Run `command` to its end, born in `nursery` if it can be. A result of `stop` ends it early and is the grace in seconds."""
    try:
        return await _run(command, stop, nursery)
    finally:
        await asyncio.to_thread(shutil.rmtree, command.scratch, ignore_errors=True)


async def _run(command: Command, stop: "asyncio.Future[float]", nursery: Nursery) -> Outcome:
    try:
        process = await _start(command, nursery)
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


async def _start(command: Command, nursery: Nursery) -> asyncio.subprocess.Process | Process:
    command.log.parent.mkdir(parents=True, exist_ok=True)
    command.scratch.mkdir(mode=0o700, exist_ok=True)
    if _can_be_born(command):
        return await nursery.birth(_child(command))
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


def _can_be_born(command: Command) -> bool:
    """Whether it is the image's own, and changes nothing that is read only when Python starts."""
    own = tuple(command.argv[: len(ENTRYPOINT)]) == ENTRYPOINT and command.folder == ROOT
    return own and _at_start(command.environment) == _at_start(os.environ)


def _at_start(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that the loader and the interpreter read."""
    return {name: value for name, value in environment.items() if name.startswith(("LD_", "PYTHON"))}


def _child(command: Command) -> Child:
    package, arguments = ENTRYPOINT[-1], command.argv[len(ENTRYPOINT) :]
    return Child(
        name=command.environment[MARK],
        module=package,
        arguments=arguments,
        ahead=[f"{package}.{kind}" for kind in arguments[:1]],
        log=command.log,
        environment=command.environment,
        end=signal.SIGKILL,
        finish=True,
        mark=" ".join(f"{name}={command.environment[name]}" for name in (INDEX, MARK)),
    )


def _ended(code: int) -> Outcome:
    if code < 0:
        return Outcome(None, -code, f"The container was terminated by signal {-code}.")
    return Outcome(code, None, f"The container exited with an error, code {code}." if code else "")


def _signal_group(leader: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def scratch_of(uid: str) -> Path:
    """The folder for the temporary files of a task."""
    return Path(tempfile.gettempdir()) / f"kompo-task-{uid}"


async def end_orphans(uids: Collection[str]) -> None:
    """Kill every process of these tasks that a dead predecessor has left; when none is there any more, remove their scratch.

    They are found by MARK in their environment or command line, children of children in other sessions included (Linux;
    elsewhere there is no /proc and nothing happens)."""
    marks = {f"{MARK}={uid}".encode() for uid in uids}
    deadline = time.monotonic() + GRACE
    while marks and (orphans := _marked(marks)) and time.monotonic() < deadline:
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.02)
    for uid in uids:
        await asyncio.to_thread(shutil.rmtree, scratch_of(uid), ignore_errors=True)


def _marked(marks: set[bytes]) -> list[int]:
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if marks.intersection(_told(folder))]


def _told(folder: Path) -> set[bytes]:
    """The words of a process's environment and command line; of one that has just ended, none."""
    words: set[bytes] = set()
    with contextlib.suppress(OSError):
        words.update((folder / "environ").read_bytes().split(b"\0"))
        words.update((folder / "cmdline").read_bytes().replace(b" ", b"\0").split(b"\0"))
    return words
