"""The coded picture of a file, packet by packet: which frames can be taken out of it whole, without decoding.

Frames are counted from the first one of a constant rate. A run of frames can be taken where it begins with a frame at which
decoding can begin (an IDR picture) and no packet of it shows a frame outside of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from shared.media.errors import UnreadableMedia
from shared.media.formats import FORMAT_WHITELIST

if TYPE_CHECKING:
    from av import Packet
    from av.container import InputContainer
    from av.video.stream import VideoStream

_TOLERANCE = Fraction(1, 4)
"""Of a frame: as far as a time stamp may lie from its place and still count as constant rate. Matroska rounds to milliseconds."""


@dataclass(frozen=True)
class CodedPicture:
    """The picture stream of a file: how it is coded, and the frames it shows in the order of its packets."""

    codec: str
    extradata: bytes
    size: tuple[int, int]
    shown: tuple[int, ...]
    keys: frozenset[int]
    """Numbers of the frames at which decoding can begin."""

    @property
    def frames(self) -> int:
        """How many."""
        return len(self.shown)

    def has_whole(self, start: int, stop: int) -> bool:
        """Whether the frames from `start` up to, not including, `stop` can be taken out."""
        if start not in self.keys or stop <= start:
            return False
        first = self.shown.index(start)
        return sorted(self.shown[first : first + stop - start]) == list(range(start, stop))


def read_picture(path: Path, rate: Fraction) -> CodedPicture:
    """What the packets of the first picture of `path` tell; nothing is decoded.

    Raises `UnreadableMedia` when it is not of the constant rate `rate`, or has no picture."""
    with open_packets(path) as container:
        stream = picture_of(container)
        begin = container_start(container)
        shown, keys = [], set()
        for packet in packets_of(container, stream):
            number = frame_number(packet, begin, rate)
            shown.append(number)
            if decoding_can_begin(packet, stream.codec_context.name, bytes(stream.codec_context.extradata or b"")):
                keys.add(number)
        context = stream.codec_context
        return CodedPicture(
            codec=context.codec.canonical_name,
            extradata=bytes(context.extradata or b""),
            size=(context.width, context.height),
            shown=tuple(shown),
            keys=frozenset(keys),
        )


def open_packets(path: Path) -> "InputContainer":
    """The file, open for reading packets. Raises `UnreadableMedia`."""
    import av

    try:
        return av.open(str(path), options={"format_whitelist": FORMAT_WHITELIST, "protocol_whitelist": "file"})
    except (av.FFmpegError, OSError) as error:
        raise UnreadableMedia(f"{path.name} cannot be read: it is damaged or no media file.") from error


def picture_of(container: "InputContainer") -> "VideoStream":
    """The first picture stream. Raises `UnreadableMedia`."""
    if not container.streams.video:
        raise UnreadableMedia("The file has no picture.")
    return container.streams.video[0]


def container_start(container: "InputContainer") -> Fraction:
    """The moment, in seconds, that counts as the beginning of the file."""
    return Fraction(container.start_time or 0, 1_000_000)


def packets_of(container: "InputContainer", stream: "VideoStream") -> "Iterator[Packet]":
    """The stream's packets from where the file stands, without the empty one at its end."""
    return (packet for packet in container.demux(stream) if packet.size)


def frame_number(packet: "Packet", begin: Fraction, rate: Fraction) -> int:
    """Which frame a packet shows. Raises `UnreadableMedia` when its time stamp is not on the grid of `rate`."""
    if packet.pts is None or packet.time_base is None:
        raise UnreadableMedia("The file does not tell when its frames are shown.")
    exact = (packet.pts * packet.time_base - begin) * rate
    number = round(exact)
    # A container's clock of a thousandth or millionth of a second rounds; a frame of another rate is further off.
    if abs(exact - number) > _TOLERANCE:
        raise UnreadableMedia("The frames of the file are not evenly spaced.")
    return number


def decoding_can_begin(packet: "Packet", codec: str, extradata: bytes) -> bool:
    """Whether a decoder can begin with this packet and show every frame from its own on.

    In H.264 and H.265 only IDR pictures are so: after other key frames, pictures may follow that look back past them."""
    if not packet.is_keyframe:
        return False
    if codec not in ("h264", "hevc", "libx264", "libx265"):
        return True
    kinds = [nal_kind(unit, codec) for unit in nal_units(bytes(packet), length_bytes(extradata, codec))]
    return any(kind in _IDR[codec[-4:]] for kind in kinds)


_IDR = {"h264": {5}, "x264": {5}, "hevc": {19, 20}, "x265": {19, 20}}


def nal_kind(unit: bytes, codec: str) -> int:
    """The nal_unit_type of a unit."""
    return unit[0] & 0x1F if codec.endswith("264") else (unit[0] >> 1) & 0x3F


def length_bytes(extradata: bytes, codec: str) -> int:
    """How many bytes tell the length of each unit; 0: units are separated by start codes (Annex B)."""
    if not extradata or extradata[0] != 1:
        return 0
    return (extradata[4] & 3) + 1 if codec.endswith("264") else (extradata[21] & 3) + 1


def nal_units(data: bytes, length: int) -> Sequence[bytes]:
    """The units of a packet."""
    if length == 0:
        return [unit for unit in data.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]
    units, position = [], 0
    while position + length <= len(data):
        size = int.from_bytes(data[position : position + length])
        units.append(data[position + length : position + length + size])
        position += length + size
    return [unit for unit in units if unit]
