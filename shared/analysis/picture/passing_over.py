"""Passing over: which frames of a film a first look leaves out, and where a closer one is needed for them.

A first look leaves out frames that are made from others before and after them (B-frames), two thirds of those of most films. A
cut between two frames that follow each other is certain. Where frames were left out between them, or too much moves to tell,
every frame around is looked at before anything is said: so a cut is found to the frame, wherever it lies."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from shared.analysis.picture.scenes import AROUND, LEAST, TIMES, contrasts

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_DOUBTFUL = 2.2
"""How many times more than those around it a frame differs, from which on it is looked at closely: those around it differ more
than they would if no frames were left out, and cuts stand out far more than `TIMES`."""
_LONG = 5
"""Frames left out in a row from which on they are looked at, whatever is seen around them."""
_MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Shown:
    """The frames of a film by their packets, in the ticks of a clock of the file's, each a `base` of a second: `stamps` tell when
    they are shown, in order; `keys`, which of them decoding can begin at; `decoded`, when each of the keys is, which may be
    earlier. At the beginning of the file the clock is at `origin` seconds."""

    stamps: tuple[int, ...]
    keys: tuple[int, ...]
    decoded: tuple[int, ...]
    base: Fraction
    origin: Fraction

    def place(self, stamp: int) -> int:
        """The number of the frame that is shown nearest to a stamp."""
        after = bisect_left(self.stamps, stamp)
        if after == len(self.stamps) or (after and stamp - self.stamps[after - 1] < self.stamps[after] - stamp):
            return after - 1
        return after

    def place_at(self, at: Fraction) -> int:
        """The number of the frame that is shown nearest to `at` seconds of the file."""
        return self.place(round((at + self.origin) / self.base))

    def at(self, place: int) -> Fraction:
        """When a frame is shown, in seconds of the file."""
        return self.stamps[place] * self.base - self.origin

    def key_for(self, place: int) -> int:
        """Of the keys, the number of the last up to this frame; 0 if there is none."""
        return max(0, bisect_right(self.keys, self.stamps[place]) - 1)

    def begin(self, place: int) -> int:
        """The frame with which decoding has to begin for this one."""
        return min(place, self.place(self.keys[self.key_for(place)]))


@dataclass(frozen=True)
class Doubt:
    """Where frames `first` to `last` are to be looked at, since one after `after` and up to `until` may begin a scene."""

    first: int
    last: int
    after: int
    until: int
    likely: bool
    """Whether the first look would have it so."""


def read_shown(container: "InputContainer", stream: "VideoStream") -> Shown | None:
    """From the packets of a stream; none when they do not tell when their frames are shown. Nothing is decoded."""
    stamps, keys = [], {}
    for packet in container.demux(stream):
        if not packet.size:
            continue
        if packet.pts is None:
            return None
        stamps.append(packet.pts)
        if packet.is_keyframe:
            keys[packet.pts] = packet.pts if packet.dts is None else packet.dts
    if not keys:
        return None
    origin, base = Fraction(container.start_time or 0, _MICROSECONDS), stream.time_base or Fraction(1)
    starts = sorted(keys)
    return Shown(tuple(sorted(set(stamps))), tuple(starts), tuple(keys[start] for start in starts), base, origin)


def weigh(
    differences: Sequence[float], seen: Sequence[Fraction], shown: Shown
) -> tuple[list[Fraction], list[Doubt]] | None:
    """The cuts that are certain after a first look at frames shown at `seen`, and what is to be looked at closely. None when the
    packets do not tell of the frames that were seen."""
    places = [shown.place_at(at) for at in seen]
    if len(set(places)) < len(places):
        return None
    stands_out = contrasts(differences)
    certain, doubts = [], []
    for number in range(1, min(len(places), len(differences))):
        left_out = places[number] - places[number - 1] - 1
        differs = differences[number] >= LEAST
        likely = differs and bool(stands_out[number] >= TIMES)
        if likely and not left_out:
            certain.append(seen[number])
        elif left_out >= _LONG or (differs and _may_begin(stands_out[number], number, len(places))):
            doubts.append(_doubt(places[number - 1], places[number], len(shown.stamps), likely))
    return certain, doubts


def _may_begin(stands_out: float, number: int, count: int) -> bool:
    """At its ends a film has not enough frames for telling how much one stands out."""
    return stands_out >= _DOUBTFUL or not AROUND <= number < count - AROUND


def _doubt(after: int, until: int, count: int, likely: bool) -> Doubt:
    # Each frame is compared with the one before it, and so are those around it.
    return Doubt(max(0, after - AROUND), min(count - 1, until + AROUND), after, until, likely)


def effort(doubts: Sequence[Doubt], shown: Shown) -> int:
    """How many frames, at most, have to be decoded for them, from the key frames on; neighbours share what they can."""
    decoded = 0
    done = -1
    for doubt in doubts:
        decoded += max(0, doubt.last - max(done, shown.begin(doubt.first) - 1))
        done = max(done, doubt.last)
    return decoded
