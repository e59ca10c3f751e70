"""Usage: what a block of code or a child process took, as far as the system tells it."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

resource: Any
try:
    import resource
except ImportError:  # Windows tells of CPU time alone.
    resource = None

_MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024
_MB = 1e6
_SHORT = 0.01
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_WHO = getattr(resource, "RUSAGE_THREAD", getattr(resource, "RUSAGE_SELF", 0))


@dataclass(frozen=True)
class Reading:
    """A moment: wall clock and CPU time in seconds, reads and writes on disk, the highest memory so far in bytes."""

    wall: float
    cpu: float
    disk: int
    peak: int


def read() -> Reading:
    """Now, of this thread, its memory being the process's."""
    if resource is None:
        return Reading(time.perf_counter(), time.thread_time(), 0, 0)
    return _reading(resource.getrusage(_WHO))


def _reading(used: Any) -> Reading:
    disk = used.ru_inblock + used.ru_oublock
    return Reading(time.perf_counter(), used.ru_utime + used.ru_stime, disk, used.ru_maxrss * _MAXRSS_BYTES)


def _held() -> int:
    """Bytes of memory that this process holds now; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb", buffering=0) as file:  # noqa: PTH123 (microseconds count)
            return int(file.read(64).split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


def _most_held() -> int:
    """Bytes of memory that this program held at most: without what the process was before it became this program, if told."""
    try:
        with open("/proc/self/status", "rb") as file:  # noqa: PTH123 (as above)
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith(b"VmHWM:"))
    except (OSError, StopIteration, ValueError):
        return read().peak


class Children:
    """What child processes took that were waited for, all of them together; memory is that of the largest.

    The system counts as a child's what this process held when it was begun: a peak that is no higher than ours is not known."""

    def __init__(self) -> None:
        self.cpu = 0.0
        self.count = self.disk = self.peak = 0
        self._lock = threading.Lock()

    def add(self, used: Any) -> None:
        """Add the resource usage of one that has ended."""
        reading = _reading(used)
        own = _most_held()
        with self._lock:
            self.count += 1
            self.cpu += reading.cpu
            self.disk += reading.disk
            self.peak = max(self.peak, reading.peak if reading.peak > own else 0)


class Child(subprocess.Popen[Any]):
    """A child process whose resource usage is the system's own account of it, taken when it ends."""

    def __init__(self, command: Any, *, children: Children, **options: Any) -> None:
        self._children = children
        super().__init__(command, **options)

    if resource is not None:

        def _try_wait(self, wait_flags: int) -> tuple[int, int]:
            """What Popen does with waitpid; wait4 tells more."""
            try:
                pid, status, used = os.wait4(self.pid, wait_flags)
            except ChildProcessError:
                return self.pid, 0
            if pid == self.pid:
                self._children.add(used)
            return pid, status


def difference(start: Reading, end: Reading, children: Children, *, own_cpu: bool) -> Mapping[str, object]:
    """What was used in between, as `resource_usage` has it: cpu in percent of one core, memory in MB, disk in operations.

    Memory is that of the children if there were any; else of this process: its peak if that grew in the block, else what it holds
    now, of a block under 10 ms only the former, because asking takes as long as some of them.
    Without `own_cpu` only children count: a coroutine shares its thread."""
    wall = max(end.wall - start.wall, 1e-9)
    cpu = children.cpu + (end.cpu - start.cpu if own_cpu else 0.0)
    disk = children.disk + (end.disk - start.disk if own_cpu else 0)
    own = (end.peak if end.peak > start.peak else 0) or (_held() if wall > _SHORT else 0)
    peak = children.peak if children.count else own
    usage: dict[str, object] = {}
    if own_cpu or children.cpu:
        usage |= {"cpu": round(100 * cpu / wall, 1), "disk": disk}
    if peak:
        usage["memory"] = round(peak / _MB, 1)
    return usage
