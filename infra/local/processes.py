"""The other side of the nursery: processes of servers and jobs that can be started, awaited and ended."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.serving import ROOT, die_with_parent


@dataclass
class Process:
    """A process born in a nursery. `code` is its exit code once it has ended (negative: the signal).

    `end` is the signal that the kernel sends it if the nursery dies."""

    pid: int
    end: signal.Signals = signal.SIGTERM
    code: int | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def send(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens if the process has ended."""
        if self.code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def wait(self) -> int:
        """Its exit code, once it has ended."""
        await self.ended.wait()
        assert self.code is not None
        return self.code


@dataclass(frozen=True)
class Child:
    """What to start: `python -m module arguments`, its output appended to `log`.

    `ahead` are modules that it is going to need: the nursery imports them, once for all children that do. `environment` is that
    of the nursery if none is given; `end` is the signal that it gets if the nursery dies; `finish`, whether it ends as Python
    does, threads awaited and exit handlers run, or at once. `mark` stands at the end of its command line, for those who look for
    it there: what a process was forked with is no part of the environment that /proc tells."""

    name: str
    module: str
    arguments: Sequence[str]
    log: Path
    ahead: Sequence[str] = ()
    environment: Mapping[str, str] | None = None
    end: signal.Signals = signal.SIGTERM
    finish: bool = False
    mark: str = ""

    def order(self) -> dict[str, Any]:
        """What the nursery reads."""
        return {
            "name": self.name,
            "title": " ".join(filter(None, [sys.executable, "-m", self.module, *self.arguments, self.mark])),
            "module": self.module,
            "arguments": self.arguments,
            "ahead": self.ahead,
            "log": str(self.log),
            "environment": None if self.environment is None else dict(self.environment),
            "end": int(self.end),
            "finish": self.finish,
        }


class Nursery:
    """Starts processes by asking for them a nursery process, which has imported modules for them (see `infra.local.nursery`)."""

    def __init__(self, modules: Sequence[str], environment: Mapping[str, str]) -> None:
        self._modules = modules
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()
        self._children: dict[int, Process] = {}
        self._expected: dict[str, tuple[Child, asyncio.Future[Process]]] = {}

    async def birth(self, child: Child) -> Process:
        """Start it; the leader of a session of its own. One birth of a name at a time. Raises OSError."""
        orders = await self._orders()
        born: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        self._expected[child.name] = (child, born)
        orders.write(json.dumps(child.order()).encode() + b"\n")
        return await born

    async def close(self) -> None:
        """End the nursery, whose children have ended."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        if self._reader is not None:
            await self._reader

    async def _orders(self) -> asyncio.StreamWriter:
        """Where orders are written: the input of the nursery, which is started if there is none."""
        async with self._opening:
            if self._process is None or self._reader is None or self._reader.done():
                self._process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "infra.local.nursery", *self._modules),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    cwd=ROOT,
                    env=dict(self._environment),
                    start_new_session=True,
                    preexec_fn=die_with_parent,
                )
                assert self._process.stdout is not None
                self._reader = asyncio.create_task(self._read(self._process.stdout))
        assert self._process.stdin is not None
        return self._process.stdin

    async def _read(self, answers: asyncio.StreamReader) -> None:
        async for line in answers:
            told = json.loads(line)
            if "name" in told:
                child, born = self._expected.pop(told["name"])
                process = self._children[told["pid"]] = Process(told["pid"], child.end)
                born.set_result(process)
            else:
                self._buried(self._children.pop(told["pid"]), told["code"])
        for orphan in self._children.values():
            # The nursery was killed: the kernel ends its children, and nobody tells how they took it.
            self._buried(orphan, -orphan.end)
        self._children.clear()
        for _, born in self._expected.values():
            born.set_exception(ChildProcessError("the nursery was killed"))
        self._expected.clear()

    def _buried(self, process: Process, code: int) -> None:
        process.code = code
        process.ended.set()
