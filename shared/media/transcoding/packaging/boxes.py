"""Boxes of MP4 (ISO/IEC 14496-12): what a file says of its codec, and where its segments lie."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from shared.media.errors import UnreadableMedia

_HEADER_LIMIT = 64 << 20
"""Bytes of a file's beginning that are looked at: an index of a day in segments of two seconds takes one."""
_ENTRY_BYTES = 8 + 78
"""From the beginning of a visual sample entry to the boxes in it."""


@dataclass(frozen=True)
class Segment:
    """A piece of a file from which decoding can begin: its place in bytes, and how long it is shown."""

    offset: int
    size: int
    seconds: Fraction

    def joined(self, other: "Segment") -> "Segment":
        """This and the one that follows it."""
        return Segment(self.offset, self.size + other.size, self.seconds + other.seconds)


@dataclass(frozen=True)
class FragmentedFile:
    """A fragmented MP4 with one index in front. `header`: bytes before the index; `index`: those of it, from and up to.

    `configuration`: the box that configures the decoder of its picture, by name and content; None of sound."""

    header: int
    index: tuple[int, int]
    segments: tuple[Segment, ...]
    configuration: tuple[str, bytes] | None


def read_fragmented(path: Path) -> FragmentedFile:
    """What the beginning of a file tells. Raises `UnreadableMedia` when it is not such a file."""
    with path.open("rb") as file:
        data = file.read(_HEADER_LIMIT)
    top = {name: (start, stop) for name, start, stop in _boxes(data, 0, len(data)) if name in ("moov", "sidx")}
    if set(top) != {"moov", "sidx"}:
        raise UnreadableMedia(f"{path.name} is no fragmented MP4 with an index.")
    start, stop = top["sidx"]
    return FragmentedFile(
        header=start - 8,
        index=(start - 8, stop),
        segments=tuple(_segments(data[start:stop], stop)),
        configuration=_configuration(data, *top["moov"]),
    )


def _boxes(data: bytes, start: int, stop: int) -> Iterator[tuple[str, int, int]]:
    """Name, beginning and end of the content of each box; the last may reach past the end of `data`."""
    while start + 8 <= stop:
        size, name = struct.unpack_from(">I4s", data, start)
        if size < 8:
            return
        yield name.decode("latin-1"), start + 8, start + size
        start += size


def _segments(index: bytes, end: int) -> Iterator[Segment]:
    """Those that a sidx box lists; `end` is where it ends in the file."""
    wide = index[0] == 1
    (timescale,) = struct.unpack_from(">I", index, 8)
    (first,) = struct.unpack_from(">Q" if wide else ">I", index, 20 if wide else 16)
    place = 28 if wide else 20
    (count,) = struct.unpack_from(">H", index, place + 2)
    offset = end + first
    for number in range(count):
        size, ticks, _ = struct.unpack_from(">III", index, place + 4 + 12 * number)
        yield Segment(offset, size & 0x7FFFFFFF, Fraction(ticks, timescale))
        offset += size & 0x7FFFFFFF


def _configuration(data: bytes, start: int, stop: int) -> tuple[str, bytes] | None:
    found = (start, stop)
    for wanted in ("trak", "mdia", "minf", "stbl", "stsd"):
        found = next((box[1:] for box in _boxes(data, *found) if box[0] == wanted), (0, 0))
    entry = found[0] + 8
    for name, begin, end in _boxes(data, entry + _ENTRY_BYTES, found[1]):
        if name in ("avcC", "hvcC", "av1C", "vpcC"):
            return name, data[begin:end]
    return None
