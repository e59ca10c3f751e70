"""Checking: an encoded chunk is what it should be, before anything relies on it."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from shared.media.errors import RenderCancelled, RenderFailed, RenderTimeout, UnreadableMedia
from shared.media.ffmpeg import Ffmpeg
from shared.media.packets import CodedPicture, Reading, open_packets, packets_of
from shared.media.runner import run_graph
from shared.media.summing import Altered, Proof, Sums

if TYPE_CHECKING:
    from av import Packet
    from av.video.stream import VideoStream


_STRICT = {"err_detect": "explode", "skip_loop_filter": "all"}
"""Options of decoders. The loop filter changes how frames look and not whether they can be decoded."""


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
    are enough where a software encoder has ended well: it works with the decoded frames itself. Keys are decoded by this
    process, each once its sum is found right. Raises `BrokenChunk`, whose sentence says what is wrong, `RenderCancelled` or
    `RenderTimeout`."""
    picture = _read(path, rate, sums, decode, should_cancel)
    if picture.frames != frames:
        raise BrokenChunk(f"An encoded chunk has {picture.frames} frames where {frames} were asked for.")
    if picture.size != size:
        raise BrokenChunk(f"An encoded chunk has {picture.size} pixels where {size} were asked for.")
    if not picture.has_whole(0, frames):
        raise BrokenChunk("An encoded chunk does not begin with a frame at which decoding can begin.")
    if decode == "all":
        _decode(path, frames, Fraction(frames) / rate, should_cancel=should_cancel, timeout=timeout, ffmpeg=ffmpeg)


def _read(
    path: Path,
    rate: Fraction,
    sums: Sums | None,
    decode: Literal["all", "keys"],
    should_cancel: Callable[[], bool] | None,
) -> CodedPicture:
    """The chunk's packets, each looked at on the way."""
    try:
        with open_packets(path) as container:
            reading = Reading(container)
            proof = None if sums is None else Proof(reading.stream, sums)
            keys = _Keys(reading.stream) if decode == "keys" else None
            for packet in packets_of(container, reading.stream):
                if should_cancel is not None and should_cancel():
                    raise RenderCancelled("The check was cancelled.")
                key = bytes(packet) if reading.take(packet) and keys is not None else None
                if proof is not None:
                    proof.take(packet)
                if key is not None and keys is not None:
                    keys.decode(key)
            if proof is not None:
                proof.end()
            if keys is not None:
                keys.end()
            return reading.picture(rate)
    except Altered as error:
        raise BrokenChunk(f"An encoded chunk is damaged: {error.detail}") from error
    except UnreadableMedia as error:
        raise BrokenChunk(f"An encoded chunk cannot be read: {error.detail}") from error


class _Keys:
    """A decoder of the key frames alone, which bears no error."""

    def __init__(self, stream: "VideoStream") -> None:
        self._context = stream.codec_context
        self._context.thread_count = 1
        self._context.options = {**_STRICT, **self._context.options}
        self._given = self._decoded = 0

    def decode(self, key: bytes) -> None:
        from av import Packet

        self._given += 1
        self._take(Packet(key))

    def end(self) -> None:
        self._take(None)
        if self._decoded != self._given:
            raise BrokenChunk(f"Of {self._given} key frames of an encoded chunk, {self._decoded} can be decoded.")

    def _take(self, packet: "Packet[Any] | None") -> None:
        import av

        try:
            self._decoded += len(self._context.decode(packet))
        except av.FFmpegError as error:
            raise BrokenChunk(f"A key frame of an encoded chunk cannot be decoded: {error.strerror}") from error


def _decode(path: Path, frames: int, seconds: Fraction, **limits: Any) -> None:
    """Make sure that every frame can be decoded."""
    reading = ("-xerror", *(word for name, value in _STRICT.items() for word in (f"-{name}", value)))
    arguments = [*reading, "-i", str(path), "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "null", "-"]
    try:
        decoded = run_graph(arguments, duration=seconds, output=(), **limits).frames
    except RenderTimeout:
        raise
    except RenderFailed as error:
        raise BrokenChunk(f"An encoded chunk cannot be decoded: {error.detail}") from error
    if decoded != frames:
        raise BrokenChunk(f"Of {frames} frames of an encoded chunk, {decoded} can be decoded.")
