"""The supervisor's side of the nursery: server processes that can be started, awaited and ended."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from infra.local.serving import ROOT, die_with_parent


@dataclass
class Process:
    """A server process. `code` is its exit code once it has ended (negative: the signal)."""

    pid: int
    code: int | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def send(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens if the process has ended."""
        if self.code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


class Nursery:
    """Starts server processes by asking the nursery process for them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()
        self._children: dict[int, Process] = {}
        self._expected: dict[str, asyncio.Future[Process]] = {}

    async def birth(self, name: str, arguments: list[str], log: Path) -> Process:
        """Start server `name`. One birth of a name at a time."""
        orders = await self._orders()
        born: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        self._expected[name] = born
        order = {"name": name, "arguments": arguments, "log": str(log)}
        orders.write(json.dumps(order).encode() + b"\n")
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
                    *(sys.executable, "-m", "infra.local.nursery"),
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
                process = self._children[told["pid"]] = Process(told["pid"])
                self._expected.pop(told["name"]).set_result(process)
            else:
                self._buried(self._children.pop(told["pid"]), told["code"])
        for orphan in self._children.values():
            # The nursery was killed: its children get SIGTERM from the kernel, and nobody tells how they ended.
            self._buried(orphan, -signal.SIGTERM)
        self._children.clear()
        for born in self._expected.values():
            born.set_exception(ChildProcessError("the nursery was killed"))
        self._expected.clear()

    def _buried(self, process: Process, code: int) -> None:
        process.code = code
        process.ended.set()
