"""What is born in a nursery lives and ends as a process of its own, whatever it was forked from."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from infra.local.processes import Child, Nursery

SAYS = """
import atexit, os, sys, threading, time
import ahead.loaded
def late():
    time.sleep(0.1)
    print("thread")
atexit.register(print, "exit handler")
threading.Thread(target=late).start()
print(ahead.loaded.PID == os.getppid(), os.environ["COLOUR"], "HIDDEN" in os.environ, sys.argv[1:], os.getsid(0) == os.getpid())
print("complaint", file=sys.stderr)
sys.exit(int(os.environ["CODE"]))
"""
WAITS = "import os, time; print(os.getpid(), flush=True); time.sleep(1000)"
LOADED = (
    "import os\nPID = os.getpid()\nos.environ.update({name: 'moved' for name in ('HIDDEN', *list(os.environ)[:3])})"
)


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """A folder with a package that is imported ahead, a part of which cannot be, and what runs after it."""
    package = tmp_path / "ahead"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "broken.py").write_text("def")
    (package / "loaded.py").write_text(LOADED)
    (package / "__main__.py").write_text("raise SystemExit('run, not imported')")
    (tmp_path / "says.py").write_text(SAYS)
    (tmp_path / "waits.py").write_text(WAITS)
    return tmp_path


@asynccontextmanager
async def nursery(modules: Path) -> AsyncIterator[Nursery]:
    """A nursery that has imported the package."""
    made = Nursery((), {**os.environ, "PYTHONPATH": str(modules)})
    try:
        yield made
    finally:
        await made.close()


def born(modules: Path, module: str, *arguments: str, finish: bool = True, **environment: str) -> Child:
    """What to start."""
    ahead = ("ahead.loaded", "ahead.broken", "ahead.missing")
    return Child(
        module, module, arguments, modules / "log", ahead, environment, signal.SIGKILL, finish=finish, mark="MARK=here"
    )


async def until(condition: Callable[[], bool]) -> None:
    """Return when it is so; fail after ten seconds."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


def test_a_child_has_what_was_imported_and_its_own_environment_arguments_output_and_end(modules: Path) -> None:
    async def lives() -> int:
        async with nursery(modules) as made:
            return await (await made.birth(born(modules, "says", "a", "b", COLOUR="red", CODE="7"))).wait()

    assert asyncio.run(lives()) == 7
    told = ["True red False ['a', 'b'] True", "complaint", "thread", "exit handler"]
    assert sorted((modules / "log").read_text().splitlines()) == sorted(told)


def test_a_module_that_cannot_be_imported_fails_in_its_child_alone(modules: Path) -> None:
    async def live() -> list[int]:
        async with nursery(modules) as made:
            return [await (await made.birth(born(modules, name))).wait() for name in ("ahead.broken", "ahead")]

    assert asyncio.run(live()) == [1, 1]
    log = (modules / "log").read_text()
    assert "SyntaxError" in log
    assert log.endswith("run, not imported\n")


def test_a_child_is_found_by_its_command_line_and_its_group_can_be_signalled_at_once(modules: Path) -> None:
    async def is_killed() -> tuple[list[str], int]:
        async with nursery(modules) as made:
            child = await made.birth(born(modules, "waits", "one"))
            await until(lambda: (modules / "log").is_file() and (modules / "log").read_text().endswith("\n"))
            words = " ".join(psutil.Process(child.pid).cmdline()).split()
            os.killpg(child.pid, signal.SIGKILL)
            other = await made.birth(born(modules, "waits"))
            os.killpg(other.pid, signal.SIGTERM)
            assert await other.wait() == -signal.SIGTERM
            return words, await child.wait()

    words, code = asyncio.run(is_killed())
    assert words == [sys.executable, "-m", "waits", "one", "MARK=here"]
    assert code == -signal.SIGKILL


def test_children_die_with_their_nursery_and_the_next_is_born_in_another(modules: Path) -> None:
    async def live() -> list[int]:
        async with nursery(modules) as made:
            child = await made.birth(born(modules, "waits"))
            process, parent = psutil.Process(child.pid), psutil.Process(child.pid).parent()
            assert parent is not None
            parent.kill()
            codes = [await child.wait()]
            await until(lambda: not process.is_running())
            codes.append(await (await made.birth(born(modules, "ahead", finish=False))).wait())
            return codes

    assert asyncio.run(live()) == [-signal.SIGKILL, 1]
