"""Runs one FFmpeg command to its end: with progress, cancel, limits, and never a half-written output.

The command is always a list of arguments; no shell reads it. FFmpeg runs in a process group of its own that dies with this
process, opens no input but local files of self-contained formats, writes beside the outputs, and files appear under their
names only when all of them are whole and on disk.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from resource import RUSAGE_SELF, getrusage, struct_rusage

from shared.media.ffmpeg import Ffmpeg, find_ffmpeg
from shared.media.formats import FORMAT_WHITELIST, MAX_PIXELS, MAX_STREAMS, PROTOCOL_WHITELIST
from shared.media.limits import Limits, Watch, default_limits
from shared.media.messages import failure
from shared.media.partials import partials
from shared.media.processes import follow, start
from shared.media.progress import Listener, Progress
from shared.media.teeing import is_named, renamed


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


def run_graph(
    arguments: Sequence[str],
    *,
    duration: Fraction | float,
    output: Path | Sequence[Path],
    on_progress: Callable[[Progress], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = None,
    limits: Limits | None = None,
    ffmpeg: Ffmpeg | None = None,
    lasting: bool = True,
) -> RunResult:
    """Run FFmpeg with `arguments` and return what it cost once every `output` is whole and on disk.

    Each output is literally among the arguments, or among the files of the muxer `tee`; there may be none, for a run that only
    measures. `duration` is the planned length of the output in seconds, for the fraction. `on_progress` is called about four
    times a second, from this thread. `should_cancel` is asked ten times a second; when it says yes, or at a limit, FFmpeg is
    gone within 1.5 s. `limits` are those of the deployment unless given; `timeout` is a nearer one, in seconds. Outputs that
    were there stay as they were unless the run succeeds. Outputs that are only steps to others, and made anew after a power
    cut, need not be `lasting`.

    Raises `RenderCancelled`, `RenderTimeout`, `OutOfMemory`, `OutputTooLarge`, `OutOfSpace`, or `RenderFailed` with FFmpeg's
    reason."""
    outputs = (output,) if isinstance(output, Path) else tuple(output)
    binary = ffmpeg or find_ffmpeg()
    bounds = _nearer(limits or default_limits(), timeout)
    started = time.monotonic()
    listener = Listener(float(duration), on_progress)
    with partials(outputs, lasting=lasting) as asides:
        strict = _WHOLE if asides else ()
        command = [str(binary.path), *_OPTIONS, *strict, *guarded(_redirected(arguments, asides))]
        status, usage, peak = _run(command, listener, bounds, tuple(asides.values()), should_cancel)
        log = listener.log
        if status != 0:
            raise failure(status, log, bounds, _names(arguments, asides))
    return RunResult(
        outputs=outputs,
        size=sum(path.stat().st_size for path in outputs),
        frames=listener.frames,
        wall_seconds=time.monotonic() - started,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_memory=peak,
        log=log,
        disk_operations=usage.ru_inblock + usage.ru_oublock,
    )


_OPTIONS = (
    *("-hide_banner", "-nostdin", "-nostats", "-y", "-loglevel", "error"),
    *("-progress", "pipe:1", "-stats_period", "0.25"),
)
_WHOLE = ("-abort_on", "empty_output_stream")
"""A result without anything in one of its streams is none; of a measurement, that is what was found."""
_GUARD = (
    *("-protocol_whitelist", PROTOCOL_WHITELIST, "-format_whitelist", f"{FORMAT_WHITELIST},lavfi"),
    *("-max_pixels", str(MAX_PIXELS), "-max_streams", str(MAX_STREAMS)),
)


def _nearer(limits: Limits, timeout: float | None) -> Limits:
    if timeout is None or (limits.seconds is not None and limits.seconds <= timeout):
        return limits
    return replace(limits, seconds=timeout)


def guarded(arguments: Iterable[str]) -> Iterator[str]:
    """The arguments with every input held to the formats and protocols that open nothing else, and to its limits."""
    for argument in arguments:
        if argument == "-i":
            yield from _GUARD
        yield argument


def _redirected(arguments: Sequence[str], asides: Mapping[Path, Path]) -> list[str]:
    """The arguments with each output's place taken by where it is written first. An input of the same name stays."""
    redirected, missing = list(arguments), dict(asides)
    for index, argument in enumerate(arguments):
        if index and arguments[index - 1] == "-i":
            continue
        for path in [path for path in missing if is_named(argument, path)]:
            redirected[index] = renamed(redirected[index], path, missing.pop(path))
    if missing:
        names = ", ".join(sorted(map(str, missing)))
        raise ValueError(f"the arguments must name every output; {names} is not among them")
    return redirected


def _names(arguments: Sequence[str], asides: Mapping[Path, Path]) -> dict[str, str]:
    """What people call the files that FFmpeg was given."""
    inputs = {path: Path(path).name for option, path in pairwise(arguments) if option == "-i" and "/" in path}
    return inputs | {str(aside): path.name for path, aside in asides.items()}


def _run(
    command: list[str],
    listener: Listener,
    limits: Limits,
    files: Sequence[Path],
    should_cancel: Callable[[], bool] | None,
) -> tuple[int, struct_rusage, int]:
    process = start(command, file_bytes=limits.output)
    watch = Watch(process.pid, limits, files, should_cancel)
    readers = ((process.stdout, listener.read_stdout), (process.stderr, listener.read_stderr))
    status, usage = follow(process, readers, watch.check)
    return status, usage, max(watch.peak, _told_peak(usage))


def _told_peak(usage: struct_rusage) -> int:
    """Most bytes of memory, as the system tells it at the end; 0 if that may have been this process's, before the command
    took its place."""
    told, own = usage.ru_maxrss, getrusage(RUSAGE_SELF).ru_maxrss
    return told * (1 if sys.platform == "darwin" else 1024) if told > own else 0
