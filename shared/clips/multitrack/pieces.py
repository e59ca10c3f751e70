"""Pieces: a recording cut where its clock has gone astray, so that it is never more than 5 milliseconds off.

Speeding a recording up by a ten-thousandth would touch every frame and every sample of it. Instead, it is taken up anew from the
right place before it is 10 milliseconds off, in a pause, where nobody hears it and no frame is missed."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from shared.clips.multitrack.levels import STEPS
from shared.clips.multitrack.recording import Placed

if TYPE_CHECKING:
    from shared.clips.multitrack.levels import Levels

_ASTRAY = Fraction(1, 100)
"""Seconds from one end of a piece to the other that its clock may lose."""
_LONGEST = Fraction(300)
"""Seconds of any piece: its volume has few enough keyframes then."""
_EARLIEST = Fraction(7, 10)
"""Of a piece's longest length: from here on a pause is looked for."""


@dataclass(frozen=True)
class Piece:
    """Frames of the film from `first` up to, not including, `end`, and when in the recording they begin, seconds."""

    first: int
    end: int
    source_start: Fraction


def pieces_of(placed: Placed, levels: "Levels", rate: Fraction, frames: int) -> Iterator[Piece]:
    """The pieces that a recording gives to a film of so many frames, in order. `levels` are on the film's clock."""
    first = max(0, ceil(placed.start * rate))
    last = min(frames, floor(placed.end * rate))
    drift = abs(placed.sync.pace - 1)
    longest = max(1, floor(min(_LONGEST, _ASTRAY / drift if drift else _LONGEST) * rate))
    while first < last:
        end = last if last - first <= longest else _pause(first, longest, levels, rate)
        yield Piece(first, end, _begin(placed, first, end, rate))
        first = end


def _pause(first: int, longest: int, levels: "Levels", rate: Fraction) -> int:
    """The frame to cut before: where the recording is quietest."""
    import numpy as np

    begin, end = first + max(1, floor(longest * _EARLIEST)), first + longest
    steps = [min(len(levels) - 1, floor(frame / rate * STEPS)) for frame in range(begin, end + 1)]
    return begin + int(np.argmin(levels[steps])) if len(levels) else end


def _begin(placed: Placed, first: int, end: int, rate: Fraction) -> Fraction:
    """When in the recording the piece begins, for its middle to be right, and all of it to be there."""
    half = Fraction(end - first) / rate / 2
    middle = placed.sync.own((first + end) / rate / 2)
    latest = placed.recording.length - 2 * half
    return max(Fraction(0), min(middle - half, latest))
