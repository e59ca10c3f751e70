"""Motion: animated values frame by frame, and the straight pieces that they are drawn in.

Keyframes are snapped to frames as all positions are, so a value is exactly its keyframe's at the keyframe's frame."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.kompositions.model import Animated
    from shared.kompositions.model.animation import Easing
    from shared.kompositions.timing import Clock

Values = tuple[float, ...]

Placed = tuple[float, float, float, float, float]
"""x and y of the anchor in pixels, factor on the size, degrees clockwise, opacity."""

TOLERANCE: Values = (0.05, 0.05, 0.0005, 0.02, 0.002)
"""How far a drawn piece of `Placed` may be off."""
_SHORTEST = 1 / 256
"""Pieces are not split further than to this part of a way between two breaks: a bend is invisible then."""


def ease(easing: "Easing", way: float) -> float:
    """How much of the change is done when `way` (0 to 1) of the time has gone: quadratic, cubic for `ease_in_out`."""
    match easing:
        case "hold":
            return 0.0
        case "ease_in":
            return way * way
        case "ease_out":
            return way * (2 - way)
        case "ease_in_out":
            return way * way * (3 - 2 * way)
        case "linear":
            return way


@dataclass(frozen=True)
class Motion:
    """A value over the frames of the film. `frames` rise."""

    frames: tuple[int, ...]
    values: Values
    easings: tuple["Easing", ...]

    @classmethod
    def of(cls, animated: "Animated", start: Fraction, clock: "Clock") -> "Motion":
        """The motion of an item that starts at `start` seconds. Of keyframes in the same frame the last one counts."""
        if isinstance(animated, float | int):
            return cls((0,), (float(animated),), ("linear",))
        at = {clock.frame(start + clock.length(keyframe.at, start)): keyframe for keyframe in animated}
        keyframes = [at[frame] for frame in sorted(at)]
        return cls(tuple(sorted(at)), tuple(k.value for k in keyframes), tuple(k.easing for k in keyframes))

    @property
    def moves(self) -> bool:
        """Whether it ever changes."""
        return len(set(self.values)) > 1

    def at(self, frame: int) -> float:
        """Its value in a frame: the first value before the first keyframe, the last after the last."""
        place = bisect_right(self.frames, frame) - 1
        if place < 0 or place == len(self.frames) - 1:
            return self.values[max(place, 0)]
        begin, end = self.frames[place : place + 2]
        first, second = self.values[place : place + 2]
        return first + (second - first) * ease(self.easings[place], (frame - begin) / (end - begin))


@dataclass(frozen=True)
class Fade:
    """Frames over which something appears after `first` and vanishes before `end`. A frame shows the fade's middle of it."""

    first: int
    end: int
    fade_in: int
    fade_out: int

    def at(self, frame: int) -> float:
        """The factor on opacity in a frame."""
        rising = min(1.0, (frame - self.first + 0.5) / self.fade_in) if self.fade_in else 1.0
        falling = min(1.0, (self.end - frame - 0.5) / self.fade_out) if self.fade_out else 1.0
        return rising * falling

    @property
    def breaks(self) -> tuple[int, int]:
        """Where it turns."""
        return self.first + self.fade_in, self.end - self.fade_out


@dataclass(frozen=True)
class Path:
    """Where and how something is in the frames from `first` up to, not including, `end`; between `breaks` it moves smoothly."""

    first: int
    end: int
    placed: Callable[[int], Placed]
    breaks: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Piece:
    """Frames `first` to `last`, both included, over which every value goes straight from `start` to `stop`."""

    first: int
    last: int
    start: Values
    stop: Values

    @property
    def still(self) -> bool:
        """Whether nothing changes."""
        return self.start == self.stop

    def at(self, frame: int) -> Values:
        """The values in one of its frames."""
        if self.first == self.last:
            return self.start
        way = (frame - self.first) / (self.last - self.first)
        return tuple(a + (b - a) * way for a, b in zip(self.start, self.stop, strict=True))


def straighten(state: Callable[[int], Values], path: Path, tolerance: Values) -> list[Piece]:
    """`state` over the frames of `path`, in straight pieces that are off by `tolerance` at most."""
    edges = sorted({path.first, path.end, *(edge for edge in path.breaks if path.first < edge < path.end)})
    pieces: list[Piece] = []
    for begin, stop in pairwise(edges):
        shortest = max(1, int((stop - begin) * _SHORTEST))
        pieces += _split(state, begin, stop - 1, shortest, tolerance)
    return _merged(pieces)


def _split(state: Callable[[int], Values], first: int, last: int, shortest: int, tolerance: Values) -> Sequence[Piece]:
    piece = Piece(first, last, state(first), state(last))
    probes = {first + (last - first) * quarter // 4 for quarter in (1, 2, 3)}
    if last - first <= shortest or all(_near(piece.at(frame), state(frame), tolerance) for frame in probes):
        return [piece]
    middle = (first + last) // 2
    return [
        *_split(state, first, middle, shortest, tolerance),
        *_split(state, middle + 1, last, shortest, tolerance),
    ]


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours that stand still at the same place are one piece."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and merged[-1].still and piece.still and merged[-1].start == piece.start:
            merged[-1] = Piece(merged[-1].first, piece.last, piece.start, piece.stop)
        else:
            merged.append(piece)
    return merged


def _near(first: Values, second: Values, tolerance: Values) -> bool:
    return all(abs(a - b) <= most for a, b, most in zip(first, second, tolerance, strict=True))
