"""Pictures of a film for looking at it: decoded one by one, made small, upright, each with the moment at which it is shown.

Moments are the file's own time stamps, counted from its start as graphs count them: films of a variable rate are right too."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from shared.media.errors import UnreadableMedia
from shared.media.info import StreamInfo
from shared.media.packets import open_packets

if TYPE_CHECKING:
    import numpy as np
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.reformatter import VideoReformatter
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

_LAST_READ, _BT2020 = 7, 9
"""Of the numbers of matrices (ITU-T H.273): up to which the scaler reads them, and the only one that it reads beyond."""
Colors = Literal["gray", "bgr24"]
_MICROSECONDS = 1_000_000
_SKIPPING = 5
"""Decoded frames a picture wanted from which on those that no other frame needs are passed over."""


@dataclass(frozen=True)
class Picture:
    """A frame at `at` seconds of the file."""

    at: float
    _frame: "VideoFrame"
    _shrinker: "_Shrinker"

    def small(self, longest: int, colors: Colors = "gray") -> "NDArray[np.uint8]":
        """Its pixels, square and upright, the longer side `longest` of them: (height, width), of colours (height, width, 3)."""
        return self._shrinker.small(self._frame, longest, colors)


def read_pictures(
    path: Path, info: StreamInfo, *, start: float = 0.0, end: float | None = None, every: float = 0.0
) -> Iterator[Picture]:
    """The frames that are first shown from `start` up to `end` seconds; `every`: at least so many seconds apart.

    `info` is what `probe` said of the picture. A picture holds its frame: take what is needed of it and let it go.
    Raises `UnreadableMedia` when the file cannot be opened; frames that are damaged are passed over."""
    with open_packets(path) as container:
        stream = next((each for each in container.streams.video if each.index == info.index), None)
        if stream is None:
            raise UnreadableMedia("The file has no picture.")
        stream.thread_type = "AUTO"
        if info.frame_rate and every * info.frame_rate >= _SKIPPING:
            stream.codec_context.skip_frame = "NONREF"
        shrinker, due = _Shrinker(info), start
        for at, frame in _shown(container, stream, start):
            if end is not None and at >= end:
                return
            if at >= due:
                yield Picture(at, frame, shrinker)
                # Counted from what was due, the pictures come at the mean distance asked for whatever the film's rate.
                due = max(due + every, at)


def _shown(container: "InputContainer", stream: "VideoStream", start: float) -> "Iterator[tuple[float, VideoFrame]]":
    """Every frame that decodes from the key frame before `start` on, with its moment."""
    import av

    origin = Fraction(container.start_time or 0, _MICROSECONDS)
    if start > 0:
        container.seek(int((Fraction(start) + origin) * _MICROSECONDS), backward=True)
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        for frame in frames:
            if frame.pts is not None and frame.time_base is not None:
                yield float(frame.pts * frame.time_base - origin), frame


def convertible(frame: "VideoFrame") -> "VideoFrame":
    """The frame, to be looked at: where the scaler cannot read its matrix, it is taken for BT.2020's."""
    if frame.colorspace > _LAST_READ:
        frame.colorspace = _BT2020
    return frame


class _Shrinker:
    """Makes frames of one film small; what FFmpeg sets up for a size is kept for the next frame."""

    def __init__(self, info: StreamInfo) -> None:
        self._info = info
        self._reformatters: dict[tuple[int, str], VideoReformatter] = {}

    def small(self, frame: "VideoFrame", longest: int, colors: Colors) -> "NDArray[np.uint8]":
        import numpy as np
        from av.video.reformatter import VideoReformatter

        width, height = self._size(longest)
        reformatter = self._reformatters.setdefault((longest, colors), VideoReformatter())
        small: Any = reformatter.reformat(convertible(frame), width, height, format=colors, interpolation="AREA")
        turn, skew = divmod(self._info.rotation, 90)
        upright = np.rot90(small.to_ndarray(), 0 if skew else turn)
        return np.ascontiguousarray(upright)

    def _size(self, longest: int) -> tuple[int, int]:
        """Width and height before the picture is turned upright."""
        shown = self._info.display_size
        width, height = (max(1, round(side * longest / max(shown))) for side in shown)
        return (height, width) if self._info.lies else (width, height)
