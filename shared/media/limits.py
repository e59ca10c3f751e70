"""Limits: what one run of FFmpeg may take of the machine, whatever is in the files that it is given."""

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.media.errors import OutOfMemory, OutputTooLarge, RenderCancelled, RenderTimeout
from shared.media.processes import POLL_SECONDS, peak_bytes, resident_bytes

MAX_SIDE = 16384
"""Pixels of a picture's longer side."""
MAX_PIXELS = MAX_SIDE * MAX_SIDE
MAX_STREAMS = 64
"""Of one file."""
_GROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


@dataclass(frozen=True)
class Limits:
    """What a run may take; what is None is not bounded.

    `seconds` of wall time. `memory`: bytes that are resident at once; looked at ten times a second, for the address space,
    which the kernel could bound, is six times that with FFmpeg's threads, and more on a GPU. `output`: bytes of all outputs
    together; the kernel holds every single file to it, whatever its name."""

    seconds: float | None = None
    memory: int | None = None
    output: int | None = None


@cache
def default_limits() -> Limits:
    """The limits of this deployment: of the settings; for memory, else three quarters of what the machine has."""
    from shared.core.settings import engine_settings

    settings = engine_settings()
    return Limits(
        settings.ffmpeg_seconds, settings.ffmpeg_memory_bytes or machine_memory() * 3 // 4, settings.ffmpeg_output_bytes
    )


def machine_memory() -> int:
    """Bytes of memory of this machine, or of the container when that has less."""
    found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for path in _GROUPS:
        with suppress(OSError, ValueError):  # Not bounded ("max"), or no container.
            found.append(int(Path(path).read_text()))
    return min(found)


@dataclass
class Watch:
    """Looks at a run and raises when it must stop. `files` are what it writes; `peak` is the most memory seen, in bytes."""

    pid: int
    limits: Limits
    files: Iterable[Path]
    should_cancel: Callable[[], bool] | None = None
    peak: int = 0
    _started: float = 0.0
    _looked: float = 0.0

    def __post_init__(self) -> None:
        self._started = time.monotonic()
        self._looked = self._started - POLL_SECONDS
        self.peak = peak_bytes(self.pid)

    def check(self) -> None:
        """Cheap enough to call at every turn: all but the memory is looked at once per POLL_SECONDS."""
        self.peak = max(self.peak, peak_bytes(self.pid))
        now = time.monotonic()
        seconds = self.limits.seconds
        if seconds is not None and now - self._started > seconds:
            raise RenderTimeout(f"The render was stopped: it took longer than {seconds:g} seconds.")
        if now - self._looked < POLL_SECONDS:
            return
        self._looked = now
        if self.should_cancel is not None and self.should_cancel():
            raise RenderCancelled("The render was cancelled.")
        if self.limits.memory is not None and resident_bytes(self.pid) > self.limits.memory:
            raise out_of_memory(self.limits.memory)
        if self.limits.output is not None and sum(map(_size, self.files)) > self.limits.output:
            raise output_too_large(self.limits.output)


@cache
def probe_limits() -> Limits:
    """What looking into one file may take: of the settings; for memory, else half of what the machine has, 1 GiB at most."""
    from shared.core.settings import engine_settings

    settings = engine_settings()
    return Limits(settings.probe_seconds, settings.probe_memory_bytes or min(machine_memory() // 2, 1 << 30))


def out_of_memory(most: int) -> OutOfMemory:
    """The error for a run that needed more than `most` bytes."""
    return OutOfMemory(
        f"The render was stopped: it needed more than {told_size(most)} of memory. "
        "Use smaller pictures, or fewer layers and sources at the same time."
    )


def output_too_large(most: int | None) -> OutputTooLarge:
    """The error for a result of more than `most` bytes; None is a bound that the machine sets."""
    bound = told_size(most) if most is not None else "what this machine lets a file have"
    return OutputTooLarge(
        f"The render was stopped: its result grew over {bound}. "
        "Make it shorter or smaller, or compress it more (a higher crf, a lower bit rate)."
    )


def told_size(size: int) -> str:
    """Bytes as people read them."""
    for unit, many in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size >= many:
            return f"{size / many:.3g} {unit}"
    return f"{size} bytes"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def time_left(timeout: float | None, started: float, what: str) -> float | None:
    """Of `timeout` seconds (None: no end), counted from `started` by `time.monotonic`. Raises `RenderTimeout` if nothing is."""
    if timeout is None:
        return None
    left = timeout - (time.monotonic() - started)
    if left <= 0:
        raise RenderTimeout(f"The {what} was stopped: it took longer than {timeout:g} seconds.")
    return left
