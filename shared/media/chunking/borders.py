"""Chunks: where a film is split so that several machines can encode it side by side, each as long as the others."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

DECODING = 0.2
"""What it costs to decode a frame that is not wanted, in encoded frames: an encoder must begin at a key frame of the source."""
_UNEVEN = 0.1
"""What it costs that a border moves by a frame, in encoded frames: little, because the largest chunks are taken first."""
_REACH = Fraction(1, 8)
"""Of a chunk: how far a border may move from where it would make all chunks alike."""


@dataclass(frozen=True)
class Chunk:
    """The film's frames from `start` up to, not including, `stop`. `index` counts in the order of the film.

    `weight` is the work: its frames, and a share of those that are decoded only to get to the first."""

    index: int
    start: int
    stop: int
    weight: float

    @property
    def frames(self) -> int:
        """How many."""
        return self.stop - self.start

    @property
    def range(self) -> range:
        """The numbers of its frames."""
        return range(self.start, self.stop)


def plan_chunks(
    frames: int, gop_frames: int, frame_rate: Fraction, count: int, cuts: Sequence[Fraction] | None = None
) -> tuple[Chunk, ...]:
    """Split a film of so many frames into about `count` chunks, largest first.

    Borders are multiples of `gop_frames`, so that the groups of pictures are those of a single pass. `cuts` are moments at
    which decoding can begin (key frames of the source, which encoders put at scene cuts), in seconds, rising: a border moves
    to shortly after one where that saves more decoding than it unbalances. None: they are not known."""
    if frames < 1 or gop_frames < 1 or count < 1:
        raise ValueError("a film has frames, its groups have frames, and it is split into one chunk at least")
    count = min(count, -(-frames // gop_frames))
    keys = _frames_of(cuts, frame_rate, frames) if cuts is not None else range(0, frames, gop_frames)
    borders = [0]
    for number in range(1, count):
        border = _border(number, count, frames, gop_frames, keys)
        if borders[-1] < border < frames:
            borders.append(border)
    chunks = [
        Chunk(index, start, stop, stop - start + DECODING * _late(start, keys))
        for index, (start, stop) in enumerate(zip(borders, [*borders[1:], frames], strict=True))
    ]
    return tuple(sorted(chunks, key=lambda chunk: (-chunk.weight, chunk.index)))


def _frames_of(cuts: Sequence[Fraction], frame_rate: Fraction, frames: int) -> list[int]:
    """The first frames at or after the cuts, and the very first."""
    return [0, *(number for cut in cuts if 0 < (number := -(-cut * frame_rate // 1)) < frames)]


def _border(number: int, count: int, frames: int, gop_frames: int, keys: Sequence[int]) -> int:
    """The best place for the border before chunk `number`."""
    even = Fraction(number * frames, count)
    reach = Fraction(frames, count) * _REACH
    nearest = round(even / gop_frames) * gop_frames
    first = -(-(even - reach) // gop_frames) * gop_frames
    near = keys[bisect_left(keys, int(first) - gop_frames) : bisect_right(keys, even + reach)]
    shortly_after = {-(-key // gop_frames) * gop_frames for key in near}
    places = {nearest, *(place for place in shortly_after if abs(place - even) <= reach)}
    return min(places, key=lambda place: (_UNEVEN * abs(place - even) + DECODING * _late(place, keys), place))


def _late(frame: int, keys: Sequence[int]) -> int:
    """How many frames lie between the last key frame at or before `frame` and it."""
    return frame - keys[bisect_right(keys, frame) - 1]
