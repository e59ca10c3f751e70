"""Runs one FFmpeg command to its end: with progress, cancel, a time limit, and never a half-written output.

The command is always a list of arguments; no shell sees it. FFmpeg runs in a process group of its own that dies with this
process, writes beside the outputs, and files appear under their names only when all of them are whole and on disk.
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from resource import struct_rusage
from secrets import token_hex

from shared.media.errors import RenderCancelled, RenderTimeout
from shared.media.ffmpeg import Ffmpeg, find_ffmpeg
from shared.media.formats import FORMAT_WHITELIST, PROTOCOL_WHITELIST
from shared.media.messages import failure

POLL_SECONDS = 0.1
"""How often cancel and the time limit are looked at, whether FFmpeg speaks or not."""
GRACE_SECONDS = 0.4
"""How long FFmpeg may take to end after SIGTERM before SIGKILL."""

_STDERR_KEPT = 64 * 1024
# Runs a command that the kernel kills when this process dies. Not a preexec_fn: a fork that runs Python in a process with
# gRPC's threads can abort.
_TIE = """import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
os.execv(sys.argv[1], sys.argv[1:])"""
_TIED = [sys.executable, "-I", "-S", "-c", _TIE] if sys.platform == "linux" else []


@dataclass(frozen=True)
class Progress:
    """Where a run is: `fraction` 0–1 of the output written, frames so far, frames per second, times real time."""

    fraction: float
    frames: int
    fps: float
    speed: float


@dataclass(frozen=True)
class RunResult:
    """What a finished run cost: wall and CPU seconds, peak resident bytes; and what it made: `size` is of all files together.

    `log` is what FFmpeg said on standard error, its last 64 KiB: of measuring filters, the measurement."""

    outputs: tuple[Path, ...]
    size: int
    frames: int
    wall_seconds: float
    cpu_seconds: float
    peak_memory: int
    log: str = ""
    disk_operations: int = 0
    """Blocks that were read from and written to disks."""


@dataclass
class _Pipes:
    """What FFmpeg has said so far on its two pipes."""

    duration: float
    on_progress: Callable[[Progress], None] | None
    report: dict[str, str] = field(default_factory=dict)
    frames: int = 0
    pending: bytes = b""
    stderr: bytes = b""

    def read_stdout(self, data: bytes) -> None:
        *lines, self.pending = (self.pending + data).split(b"\n")
        for line in lines:
            name, _, value = line.decode("utf-8", "replace").partition("=")
            self.report[name.strip()] = value.strip()
            if name == "progress":
                self._tell()

    def read_stderr(self, data: bytes) -> None:
        self.stderr = (self.stderr + data)[-_STDERR_KEPT:]

    def _tell(self) -> None:
        self.frames = int(_number(self.report.get("frame", "")))
        seconds = _number(self.report.get("out_time_us", "")) / 1e6
        fraction = min(max(seconds / self.duration, 0.0), 1.0) if self.duration > 0 else 0.0
        speed = _number(self.report.get("speed", "").rstrip("x"))
        if self.on_progress:
            self.on_progress(Progress(fraction, self.frames, _number(self.report.get("fps", "")), speed))


def run_graph(
    arguments: Sequence[str],
    *,
    duration: Fraction | float,
    output: Path | Sequence[Path],
    on_progress: Callable[[Progress], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> RunResult:
    """Run FFmpeg with `arguments` and return what it cost once every `output` is whole and on disk.

    Each output is literally among the arguments; there may be none, for a run that only measures. `duration` is the planned
    length of the output in seconds, for the fraction. `on_progress` is called about four times a second, from this thread.
    `should_cancel` is asked ten times a second; when it says yes, or after `timeout` seconds, FFmpeg is gone within 1.5 s.
    Outputs that were there stay as they were unless the run succeeds.

    Raises `RenderCancelled`, `RenderTimeout`, `OutOfSpace`, or `RenderFailed` with FFmpeg's reason."""
    outputs = (output,) if isinstance(output, Path) else tuple(output)
    asides = {str(path): path.with_name(f".{path.name[:80]}.{token_hex(4)}.partial").absolute() for path in outputs}
    binary = ffmpeg or find_ffmpeg()
    command = [str(binary.path), *_OPTIONS, *_guarded(_redirected(arguments, asides))]
    started = time.monotonic()
    pipes = _Pipes(float(duration), on_progress)
    try:
        status, usage = _run(command, pipes, _checker(should_cancel, timeout))
        log = pipes.stderr.decode("utf-8", "replace")
        if status != 0:
            raise failure(status, log)
        publish({aside: Path(path) for path, aside in asides.items()})
    finally:
        for aside in asides.values():
            aside.unlink(missing_ok=True)
    return RunResult(
        outputs=outputs,
        size=sum(path.stat().st_size for path in outputs),
        frames=pipes.frames,
        wall_seconds=time.monotonic() - started,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_memory=usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        log=log,
        disk_operations=usage.ru_inblock + usage.ru_oublock,
    )


_OPTIONS = (
    *("-hide_banner", "-nostdin", "-nostats", "-y", "-loglevel", "error"),
    *("-progress", "pipe:1", "-stats_period", "0.25"),
)
_GUARD = ("-protocol_whitelist", PROTOCOL_WHITELIST, "-format_whitelist", f"{FORMAT_WHITELIST},lavfi")


def _guarded(arguments: Iterable[str]) -> Iterator[str]:
    """The arguments with every input held to the formats and protocols that open nothing else."""
    for argument in arguments:
        if argument == "-i":
            yield from _GUARD
        yield argument


def _redirected(arguments: Sequence[str], asides: dict[str, Path]) -> list[str]:
    """The arguments with each output's place taken by where it is written first. An input of the same name stays."""
    redirected, missing = list(arguments), set(asides)
    for index, argument in enumerate(arguments):
        if argument in missing and (index == 0 or arguments[index - 1] != "-i"):
            redirected[index] = str(asides[argument])
            missing.remove(argument)
    if missing:
        raise ValueError(f"the arguments must name every output; {', '.join(sorted(missing))} is not among them")
    return redirected


def _run(command: list[str], pipes: _Pipes, check: Callable[[], None]) -> tuple[int, struct_rusage]:
    process = subprocess.Popen(
        [*_TIED, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _listen(process, pipes, check)
        while (ended := _reap(process)) is None:
            check()
            time.sleep(0.02)
        return ended
    finally:
        _end(process)


def _listen(process: subprocess.Popen[bytes], pipes: _Pipes, check: Callable[[], None]) -> None:
    """Read both pipes until FFmpeg closes them."""
    with selectors.DefaultSelector() as selector:
        for pipe, reader in ((process.stdout, pipes.read_stdout), (process.stderr, pipes.read_stderr)):
            if pipe is not None:
                selector.register(pipe, selectors.EVENT_READ, reader)
        while selector.get_map():
            for key, _ in selector.select(POLL_SECONDS):
                data = os.read(key.fd, 65536)
                if data:
                    key.data(data)
                else:
                    selector.unregister(key.fileobj)
            check()


def _reap(process: subprocess.Popen[bytes]) -> tuple[int, struct_rusage] | None:
    """Exit status (negative: the signal) and resource use, once the process has ended."""
    pid, status, usage = os.wait4(process.pid, os.WNOHANG)
    if pid == 0:
        return None
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop the whole group if it still runs: politely, then for certain."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.returncode is not None:
            break
        os.killpg(process.pid, number)
        until = time.monotonic() + GRACE_SECONDS
        while _reap(process) is None and (number == signal.SIGKILL or time.monotonic() < until):
            time.sleep(0.01)
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def _checker(should_cancel: Callable[[], bool] | None, timeout: float | None) -> Callable[[], None]:
    """A function that raises when the run must stop; it asks `should_cancel` once per POLL_SECONDS at most."""
    started = asked = time.monotonic()

    def check() -> None:
        nonlocal asked
        now = time.monotonic()
        if timeout is not None and now - started > timeout:
            raise RenderTimeout(f"The render was stopped: it took longer than {timeout:g} seconds.")
        if should_cancel is not None and now - asked >= POLL_SECONDS:
            asked = now
            if should_cancel():
                raise RenderCancelled("The render was cancelled.")

    return check


def publish(files: Mapping[Path, Path]) -> None:
    """Make finished files appear under their names, all once all are on disk, and stay there through a power cut."""
    for aside in files:
        with aside.open("rb") as file:
            os.fsync(file.fileno())
    for aside, output in files.items():
        aside.replace(output)
    for parent in {output.parent for output in files.values()}:
        folder = os.open(parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
