"""The coded picture of a file, packet by packet: which frames can be taken out of it whole, without decoding.

Frames are counted from the first one of a constant rate. A run of frames can be taken where it begins with a frame at which
decoding can begin (an IDR picture) and no packet of it shows a frame outside of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.media.errors import UnreadableMedia
from shared.media.formats import FORMAT_WHITELIST

if TYPE_CHECKING:
    from av import Packet
    from av.container import InputContainer
    from av.video.stream import VideoStream

_IDR = {"h264": {5}, "hevc": {19, 20}}
"""The kinds of units that make an IDR picture."""
_TOLERANCE = 0.25
"""Of a frame: as far as a time stamp may lie from its place and still count as constant rate. Matroska rounds to milliseconds."""


@dataclass(frozen=True)
class CodedPicture:
    """The picture stream of a file: how it is coded, and the frames it shows in the order of its packets."""

    codec: str
    extradata: bytes
    size: tuple[int, int]
    begin: Fraction
    """When the first frame is shown, in seconds from the beginning of the file."""
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
        reading = Reading(container)
        for packet in packets_of(container, reading.stream):
            reading.take(packet)
        return reading.picture(rate)


class Reading:
    """The first picture of a file while its packets are read, by whoever wants them for more. Raises `UnreadableMedia`."""

    def __init__(self, container: "InputContainer") -> None:
        self.stream = picture_of(container)
        self._origin = Fraction(container.start_time or 0, 1_000_000)
        context = self.stream.codec_context
        self._codec, self._extradata = context.codec.canonical_name, bytes(context.extradata or b"")
        self._stamps: list[int] = []
        self._starts: list[bool] = []

    def take(self, packet: "Packet[Any]") -> bool:
        """The next packet; whether decoding can begin with it."""
        if packet.pts is None:
            raise UnreadableMedia("The file does not tell when its frames are shown.")
        self._stamps.append(packet.pts)
        self._starts.append(decoding_can_begin(packet, self._codec, self._extradata))
        return self._starts[-1]

    def picture(self, rate: Fraction) -> CodedPicture:
        """What all of its packets tell."""
        tick, context = self.stream.time_base, self.stream.codec_context
        if not self._stamps or tick is None:
            raise UnreadableMedia("The file has no picture.")
        begin, frames_a_tick = min(self._stamps), tick * rate
        shown = tuple(frame_number(stamp - begin, frames_a_tick) for stamp in self._stamps)
        return CodedPicture(
            codec=self._codec,
            extradata=self._extradata,
            size=(context.width, context.height),
            begin=begin * tick - self._origin,
            shown=shown,
            keys=frozenset(number for number, begins in zip(shown, self._starts, strict=True) if begins),
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


def packets_of(container: "InputContainer", stream: "VideoStream") -> "Iterator[Packet[Any]]":
    """The stream's packets from where the file stands, without the empty one at its end."""
    return (packet for packet in container.demux(stream) if packet.size)


def frame_number(ticks: int, frames_a_tick: Fraction) -> int:
    """The frame that begins after so many ticks of the file's clock. Raises `UnreadableMedia` when none begins there."""
    numerator, denominator = frames_a_tick.as_integer_ratio()
    number, rest = divmod(ticks * numerator + denominator // 2, denominator)
    # A container's clock rounds, to a millisecond at worst; the frames of another rate are further off.
    if abs(rest - denominator // 2) > denominator * _TOLERANCE:
        raise UnreadableMedia("The frames of the file are not evenly spaced.")
    return number


def decoding_can_begin(packet: "Packet[Any]", codec: str, extradata: bytes) -> bool:
    """Whether a decoder can begin with this packet and show every frame from its own on.

    In H.264 and H.265 only IDR pictures are so: after other key frames, pictures may follow that look back past them."""
    if not packet.is_keyframe:
        return False
    if codec not in _IDR:
        return True
    units = nal_units(bytes(packet), length_bytes(extradata, codec))
    return any(nal_kind(unit, codec) in _IDR[codec] for unit in units)


def nal_kind(unit: bytes, codec: str) -> int:
    """The nal_unit_type of a unit."""
    return unit[0] & 0x1F if codec == "h264" else (unit[0] >> 1) & 0x3F


def length_bytes(extradata: bytes, codec: str) -> int:
    """How many bytes tell the length of each unit; 0: units are separated by start codes (Annex B)."""
    if not extradata or extradata[0] != 1:
        return 0
    return (extradata[4] & 3) + 1 if codec == "h264" else (extradata[21] & 3) + 1


def nal_units(data: bytes, length: int) -> Sequence[bytes]:
    """The units of a packet."""
    if length == 0:
        return [unit for unit in data.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]
    units, position = [], 0
    while position + length < len(data):
        size = int.from_bytes(data[position : position + length], "big")
        units.append(data[position + length : position + length + size])
        position += length + size
    return [unit for unit in units if unit]
