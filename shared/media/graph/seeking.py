"""Seeking: where to begin reading a file so that every frame from a moment on is decoded.

Files are indexed by time stamps of decoding, if at all: an MPEG transport stream is entered between key frames, and the
pictures that follow a key frame of an open group may be shown before it and look back past it."""

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from shared.media.packets import open_packets, packets_of

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

ENTERED_ANYWHERE = frozenset(("mpegts", "mpeg"))
"""Formats, by FFmpeg's names, that have no index: reading begins wherever it is asked to."""
_FIRST_STEP = Fraction(1, 4)
"""Seconds that reading begins earlier at first; each step further is twice as long."""
_MICROSECONDS = 1_000_000


def sure_start(path: Path, stream: int, begin: Fraction, moment: Fraction) -> Fraction:
    """`begin`, or as much earlier as it takes that reading there meets a key frame that is shown by `moment`.

    Seconds from the beginning of the file. Raises `UnreadableMedia`."""
    if begin <= 0:
        return begin
    with open_packets(path) as container:
        video = next(each for each in container.streams.video if each.index == stream)
        step = _FIRST_STEP
        while begin > 0:
            key = _key_after(container, video, begin)
            if key is not None and key <= moment:
                return begin
            begin, step = max(Fraction(0), begin - step), step * 2
    return begin


def _key_after(container: "InputContainer", video: "VideoStream", begin: Fraction) -> Fraction | None:
    """When the first key frame is shown that reading from `begin` meets."""
    origin = container.start_time or 0
    container.seek(int(begin * _MICROSECONDS) + origin, backward=True)
    for packet in packets_of(container, video):
        if packet.is_keyframe and packet.pts is not None and packet.time_base is not None:
            return packet.pts * packet.time_base - Fraction(origin, _MICROSECONDS)
    return None
