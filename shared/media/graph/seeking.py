"""Seeking: where to begin reading a file so that every frame from a moment on is decoded.

Files are indexed by time stamps of decoding, if at all: an MPEG transport stream is entered between key frames, and the
pictures that follow a key frame of an open group may be shown before it and look back past it."""

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.media.packets import decoding_can_begin, open_packets, packets_of

if TYPE_CHECKING:
    from av import Packet
    from av.container import InputContainer
    from av.video.stream import VideoStream

ENTERED_ANYWHERE = frozenset(("mpegts", "mpeg"))
"""Formats, by FFmpeg's names, that have no index: reading begins wherever it is asked to."""
ENTERED_AT_KEYS = frozenset(("mov,mp4,m4a,3gp,3g2,mj2",))
"""Formats whose index FFmpeg follows to the very key frame that it is asked for; those of others it enters some frames before."""
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


def key_between(path: Path, stream: int, begin: Fraction, moment: Fraction) -> Fraction | None:
    """When the key frame is shown that reading from `moment` meets, if it is shown after `begin` and by `moment`, and no
    frame after it looks back past it.

    Seconds from the beginning of the file, which is of a format in `ENTERED_AT_KEYS`. Raises `UnreadableMedia`."""
    with open_packets(path) as container:
        video = next(each for each in container.streams.video if each.index == stream)
        packet = _first_key(container, video, moment)
        if packet is None:
            return None
        context, shown = video.codec_context, _shown(container, packet)
        whole = decoding_can_begin(packet, context.codec.canonical_name, bytes(context.extradata or b""))
        return shown if whole and begin < shown <= moment else None


def _key_after(container: "InputContainer", video: "VideoStream", begin: Fraction) -> Fraction | None:
    """When the first key frame is shown that reading from `begin` meets."""
    packet = _first_key(container, video, begin)
    return None if packet is None else _shown(container, packet)


def _first_key(container: "InputContainer", video: "VideoStream", begin: Fraction) -> "Packet[Any] | None":
    """The first key frame that reading from `begin` meets, if it is said when it is shown."""
    container.seek(int(begin * _MICROSECONDS) + (container.start_time or 0), backward=True)
    keys = (packet for packet in packets_of(container, video) if packet.is_keyframe)
    return next((key for key in keys if key.pts is not None and key.time_base is not None), None)


def _shown(container: "InputContainer", packet: "Packet[Any]") -> Fraction:
    assert packet.pts is not None
    assert packet.time_base is not None
    return packet.pts * packet.time_base - Fraction(container.start_time or 0, _MICROSECONDS)
