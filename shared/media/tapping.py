"""Tapping: an FFmpeg run whose outputs are read as they come, for measuring what no file shall be made of."""

import fcntl
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import IO

from shared.media.ffmpeg import Ffmpeg, find_ffmpeg
from shared.media.limits import Limits, Watch, default_limits
from shared.media.messages import failure
from shared.media.processes import POLL_SECONDS, follow, start
from shared.media.progress import Listener, Progress
from shared.media.runner import guarded

Reader = Callable[[bytes], None]
"""Is given what a tap has brought: some bytes, wherever they happen to be cut."""
_PIPE_BYTES = 1 << 20
_OPTIONS = (
    "-hide_banner",
    "-nostdin",
    "-nostats",
    "-loglevel",
    "error",
    "-progress",
    "pipe:1",
    "-stats_period",
    "0.25",
)


def tap_graph(
    arguments: Sequence[str],
    taps: Mapping[str, Reader],
    *,
    duration: float,
    on_progress: Callable[[Progress], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    limits: Limits | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> str:
    """Run FFmpeg with `arguments` and give each tap's reader what comes out of it, from this thread. Returns what FFmpeg said on
    standard error, its last 64 KiB.

    In the arguments `{NAME}` stands for the tap of that name, and `{NAME!filter}` for it in an option of a filter.

    Held to the same limits, formats and protocols as `run_graph`; `duration`, `on_progress` and `should_cancel` are as there.
    A slow reader slows FFmpeg down; nothing piles up. Raises as `run_graph` does, and what a reader raises."""
    binary = ffmpeg or find_ffmpeg()
    bounds = limits or default_limits()
    listener = Listener(duration, on_progress)
    with ExitStack() as stack:
        ends = {name: _pipe(stack) for name in taps}
        tapped = _tapped(arguments, {name: end for name, (_, end) in ends.items()})
        command = [str(binary.path), *_OPTIONS, *guarded(tapped)]
        try:
            process = start(command, pass_fds=[end for _, end in ends.values()])
        finally:
            for _, end in ends.values():
                os.close(end)
        watch = Watch(process.pid, bounds, (), should_cancel)
        readers: list[tuple[IO[bytes] | None, Reader]] = [
            (process.stdout, listener.read_stdout),
            (process.stderr, listener.read_stderr),
            *((ends[name][0], reader) for name, reader in taps.items()),
        ]
        status, _ = follow(process, readers, _seldom(watch.check))
    if status != 0:
        raise failure(status, listener.log, bounds, _names(arguments))
    return listener.log


def _pipe(stack: ExitStack) -> tuple[IO[bytes], int]:
    """The end to read from, and the end that FFmpeg gets."""
    source, sink = os.pipe()
    if sys.platform == "linux":
        fcntl.fcntl(sink, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return stack.enter_context(os.fdopen(source, "rb", buffering=0)), sink


def _tapped(arguments: Sequence[str], ends: Mapping[str, int]) -> list[str]:
    """The arguments with the taps put in, but for the names of inputs."""
    return [
        argument if place and arguments[place - 1] == "-i" else _filled(argument, ends)
        for place, argument in enumerate(arguments)
    ]


def _filled(argument: str, ends: Mapping[str, int]) -> str:
    for name, end in ends.items():
        argument = argument.replace(f"{{{name}}}", f"pipe:{end}").replace(f"{{{name}!filter}}", rf"pipe\\:{end}")
    return argument


def _seldom(check: Callable[[], None]) -> Callable[[], None]:
    """The check, made as often as it has to be, not after every piece."""
    due = 0.0

    def checked() -> None:
        nonlocal due
        now = time.monotonic()
        if now >= due:
            due = now + POLL_SECONDS
            check()

    return checked


def _names(arguments: Sequence[str]) -> dict[str, str]:
    """What people call the files that FFmpeg was given."""
    return {path: Path(path).name for option, path in pairwise(arguments) if option == "-i" and "/" in path}
