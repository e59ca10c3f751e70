"""Cutting: the exact sample at which every piece begins and ends, and the frames of the film that it fills.

A piece begins where the wave goes through zero and ends where it does, and, because the film's sound is cut where its frames
begin, both ends are looked for together: a whole number of frames apart. Where the words leave no room for that, the sound ends
at its zero crossing within the last frame, and the room is heard for the rest of it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from fractions import Fraction

from shared.media.graph.counting import SAMPLE_RATE
from shared.paper_editing.edit import Spacing
from shared.paper_editing.pieces import Edge, Piece, lacking
from shared.paper_editing.sound_profile import SILENT, SoundProfile

FADE = SAMPLE_RATE // 250
"""Samples, where there is room: 4 ms, shorter than any sound of speech."""
_NEAR = 2
"""Samples between a frame's beginning and a zero crossing that nobody hears: 40 µs."""
_CLASS = 12
"""Half decibels: of places about as quiet the one nearest to where the cut had best be."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Samples `start` up to `end` of the recording, from the film's frame `first` on for `frames` frames.

    The sound ends at `end`, which may be before the frames do. `fades`: samples over which it comes and goes, none of a word."""

    name: str
    start: int
    end: int
    first: int
    frames: int
    silenced: bool
    is_whole: bool
    """Whether the sound lasts as long as the frames."""
    fades: tuple[int, int]


def cut_pieces(pieces: Sequence[Piece], rate: Fraction, profile: SoundProfile | None, spacing: Spacing) -> list[Shown]:
    """Where each piece is cut, at `rate` frames a second. Without a profile it is where the words' times say."""
    cutter = _Cutter(rate, profile)
    spans = [cutter.cut(piece) for piece in pieces]
    found: list[Shown] = []
    frame = 0
    for number, piece in enumerate(pieces):
        start, end, frames, whole = spans[number]
        last = number == len(pieces) - 1
        if piece.silenced:
            start = found[-1].end if piece.goes_on else start
            end = spans[number + 1][0] if not last and pieces[number + 1].goes_on else end
            frames, whole = max(1, cutter.nearest_frames(end - start)), True
        elif not last and not pieces[number + 1].silenced:
            missing = lacking(piece.end, end, pieces[number + 1].start, spans[number + 1][0], spacing)
            if missing:
                frames, whole = cutter.frames(end - start + missing), False
        fades = _fade(piece.start, start), _fade(piece.end, end) if whole else 0
        found.append(Shown(piece.name, start, end, frame, frames, piece.silenced, whole, fades))
        frame += frames
    return found


def _fade(edge: Edge, sample: int) -> int:
    """Samples of a fade between a cut and the word next to it."""
    if edge.fixed:
        return 0
    return FADE if edge.spoken is None else min(FADE, abs(edge.spoken - sample))


class _Cutter:
    def __init__(self, rate: Fraction, profile: SoundProfile | None) -> None:
        self._rate = (rate / SAMPLE_RATE).as_integer_ratio()
        """Frames in a sample, as whole numbers: fractions of Python's would take most of the time."""
        self._profile = profile

    def frames(self, samples: int) -> int:
        """Frames that so many samples fill, the last one perhaps in part."""
        return -(-samples * self._rate[0] // self._rate[1])

    def nearest_frames(self, samples: int) -> int:
        """The frames nearest to so many samples."""
        return (2 * samples * self._rate[0] + self._rate[1]) // (2 * self._rate[1])

    def _samples(self, frames: int) -> int:
        """The samples nearest to so many frames."""
        each, one = self._rate[1], self._rate[0]
        return (2 * frames * each + one) // (2 * one)

    def cut(self, piece: Piece) -> tuple[int, int, int, bool]:
        """First and last sample, the frames that they fill, and whether they fill them."""
        starts, ends = self._places(piece.start), self._places(piece.end)
        fitting = self._together(piece, starts, ends)
        if fitting is not None:
            return *fitting, True
        start = min(starts, key=lambda sample: self._cost(sample, piece.start))
        end = min(ends, key=lambda sample: self._cost(sample, piece.end))
        end = max(end, start + 1)
        return start, end, max(1, self.frames(end - start)), False

    def _together(self, piece: Piece, starts: Sequence[int], ends: Sequence[int]) -> tuple[int, int, int] | None:
        """The best start and end a whole number of frames apart, or None."""
        low, high = piece.end.low, piece.end.high
        near = self._near(ends, piece.end)
        best: tuple[tuple[int, int], tuple[int, int, int]] | None = None
        for frames in range(max(1, self.frames(low - max(starts))), self.frames(high - min(starts)) + 1):
            length = self._samples(frames)
            for start in starts:
                end = start + length
                if end not in near:
                    continue
                cost, other = self._cost(start, piece.start), self._cost(end, piece.end)
                whole = (cost[0] + other[0], cost[1] + other[1]), (start, end, frames)
                if best is None or whole < best:
                    best = whole
        return best[1] if best else None

    def _near(self, places: Sequence[int], edge: Edge) -> Container[int]:
        """The samples at which an end that was counted in frames is, for the ear, at a place to cut."""
        if self._profile is None or edge.fixed:
            return range(edge.low, edge.high + 1)
        return {sample for place in places for sample in range(max(place - _NEAR, edge.low), place + _NEAR + 1)}

    def _places(self, edge: Edge) -> list[int]:
        """Where to cut at an edge: its zero crossings; where there are none, or nobody listened, where it had best be."""
        if self._profile is None or edge.fixed:
            return [edge.wanted]
        return self._profile.crossings(edge.low, edge.high) or [edge.wanted]

    def _cost(self, sample: int, edge: Edge) -> tuple[int, int]:
        """Loud places cost most, then those far from where the cut had best be."""
        loud = 0 if self._profile is None or edge.fixed else (SILENT - self._profile.level(sample)) // _CLASS
        return loud, abs(sample - edge.wanted)
