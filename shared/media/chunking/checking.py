"""Checking: an encoded chunk is what it should be, before anything relies on it."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Literal

from shared.media.errors import RenderFailed, RenderTimeout, UnreadableMedia
from shared.media.ffmpeg import Ffmpeg
from shared.media.packets import CodedPicture, read_picture
from shared.media.runner import run_graph
from shared.media.summing import Altered, Sums, check_sums


class BrokenChunk(RenderFailed):
    """An encoder has left something else than the frames it was asked for."""


def check_chunk(
    path: Path,
    size: tuple[int, int],
    frames: int,
    rate: Fraction,
    *,
    sums: Sums | None = None,
    decode: Literal["all", "keys"] = "all",
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Make sure that `path` holds so many frames of that size at `rate`, that decoding can begin with the first, and that
    every one of them can be decoded, or with "keys" every key frame; that its packets are those that the encoder gave, if
    their `sums` are told.

    Decoding all costs a sixth of what encoding for H.264 does, the keys a fiftieth, and sums next to nothing. Sums and keys
    are enough where a software encoder has ended well: it works with the decoded frames itself. Raises `BrokenChunk`, whose
    sentence says what is wrong, `RenderCancelled` or `RenderTimeout`."""
    picture = _read(path, size, frames, rate)
    if sums is not None:
        _prove(path, sums)
    wanted = frames if decode == "all" else len(picture.keys)
    # The loop filter changes how frames look and not whether they can be decoded.
    reading = ["-xerror", "-err_detect", "explode", "-skip_loop_filter", "all"]
    if decode == "keys":
        reading += ["-discard", "nokey", "-threads", "1"]
    arguments = [*reading, "-i", str(path), "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "null", "-"]
    try:
        decoded = run_graph(
            arguments,
            duration=Fraction(frames) / rate,
            output=(),
            should_cancel=should_cancel,
            timeout=timeout,
            ffmpeg=ffmpeg,
        ).frames
    except RenderTimeout:
        raise
    except RenderFailed as error:
        raise BrokenChunk(f"An encoded chunk cannot be decoded: {error.detail}") from error
    if decoded != wanted:
        raise BrokenChunk(f"Of {wanted} frames of an encoded chunk, {decoded} can be decoded.")


def _prove(path: Path, sums: Sums) -> None:
    try:
        check_sums(path, sums)
    except (Altered, UnreadableMedia) as error:
        raise BrokenChunk(f"An encoded chunk is damaged: {error.detail}") from error


def _read(path: Path, size: tuple[int, int], frames: int, rate: Fraction) -> CodedPicture:
    """The chunk's packets, if they are those that were asked for."""
    try:
        picture = read_picture(path, rate)
    except UnreadableMedia as error:
        raise BrokenChunk(f"An encoded chunk cannot be read: {error.detail}") from error
    if picture.frames != frames:
        raise BrokenChunk(f"An encoded chunk has {picture.frames} frames where {frames} were asked for.")
    if picture.size != size:
        raise BrokenChunk(f"An encoded chunk has {picture.size} pixels where {size} were asked for.")
    if not picture.has_whole(0, frames):
        raise BrokenChunk("An encoded chunk does not begin with a frame at which decoding can begin.")
    return picture
