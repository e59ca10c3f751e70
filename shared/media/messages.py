"""Turns FFmpeg's exit status and standard error into one error with a sentence that helps."""

import re
import signal

from shared.media.errors import FfmpegKilled, OutOfSpace, RenderFailed

_NO_SPACE = ("No space left on device", "Disk quota exceeded", "File too large")
_NOISE = ("Conversion failed", "Terminating thread", "Task finished with error", "Error while", "Nothing was written")
_CONTEXT = re.compile(r"^(\[[^\]]*\] *)+")
_PATH = re.compile(r"(?<![\w/])/(?:[^\s/:'\"]+/)+")
_LONGEST = 300


def failure(status: int, stderr: str) -> RenderFailed:
    """The error for a run that ended with `status` (negative: killed by that signal)."""
    if status == -signal.SIGXFSZ or any(text in stderr for text in _NO_SPACE):
        return OutOfSpace("There is no room left on the disk for the result. Free some space and try again.")
    reason = useful_line(stderr)
    if reason:
        return RenderFailed(f"FFmpeg could not make the result: {reason}")
    if status == -signal.SIGKILL:
        return FfmpegKilled("FFmpeg was killed, most likely because the machine ran out of memory.")
    return RenderFailed(f"FFmpeg ended with status {status} and gave no reason.")


def useful_line(stderr: str) -> str:
    """The first line that tells a cause: FFmpeg reports the cause first and its consequences after. No local folders."""
    lines = [_PATH.sub("", _CONTEXT.sub("", line.strip())) for line in stderr.splitlines()]
    telling = [line for line in lines if line and not line.startswith(_NOISE)]
    return (telling or [line for line in lines if line] or [""])[0][:_LONGEST]
