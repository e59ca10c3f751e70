"""Clock: beats to seconds to frames to samples, exactly.

Every position is a rational number of seconds, snapped once to the nearest frame; sound is cut at the samples at which frames
begin. So the n-th cut of a komposition is within half a frame of its beat however long it is."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from shared.kompositions.model.time import Time, Unit, exact
from shared.media.graph.counting import nearest

if TYPE_CHECKING:
    from shared.kompositions.model import Komposition


@dataclass(frozen=True)
class Tempo:
    """A tempo map: `bpm` from beat 0, then from each beat in `changes` on the bpm beside it. Beats rise."""

    bpm: Fraction
    changes: tuple[tuple[Fraction, Fraction], ...] = ()

    def seconds_at(self, beat: Fraction) -> Fraction:
        """When `beat` is. Before beat 0 the first tempo counts on."""
        begin, moment, bpm = self._stretches[max(bisect_right(self._beats, beat) - 1, 0)]
        return moment + (beat - begin) * 60 / bpm

    def beat_at(self, moment: Fraction) -> Fraction:
        """The beat at a moment in seconds: the inverse of `seconds_at`."""
        begin, start, bpm = self._stretches[max(bisect_right(self._moments, moment) - 1, 0)]
        return begin + (moment - start) * bpm / 60

    @cached_property
    def _stretches(self) -> Sequence[tuple[Fraction, Fraction, Fraction]]:
        """Where each tempo begins, in beats and in seconds, and its bpm."""
        found = [(Fraction(0), Fraction(0), self.bpm)]
        for beat, bpm in self.changes:
            begin, moment, before = found[-1]
            found.append((beat, moment + (beat - begin) * 60 / before, bpm))
        return found

    @cached_property
    def _beats(self) -> Sequence[Fraction]:
        return [stretch[0] for stretch in self._stretches]

    @cached_property
    def _moments(self) -> Sequence[Fraction]:
        return [stretch[1] for stretch in self._stretches]


@dataclass(frozen=True)
class Clock:
    """What a komposition's times mean: its tempo map and the frame rate of its first output."""

    tempo: Tempo
    rate: Fraction

    @classmethod
    def of(cls, komposition: "Komposition") -> "Clock":
        """The clock of a komposition."""
        changes = tuple((exact(change.at_beat), exact(change.bpm)) for change in komposition.tempo)
        return cls(Tempo(exact(komposition.bpm), changes), komposition.output.frame_rate)

    @cached_property
    def _frames_each(self) -> Mapping[Unit, tuple[int, int]]:
        """Frames in one of each unit, as numerator and denominator, for units of which all are alike."""
        each = {
            Unit.SECONDS: self.rate,
            Unit.MICROSECONDS: self.rate / 1_000_000,
            Unit.FRAMES: Fraction(1),
            **({} if self.tempo.changes else {Unit.BEATS: 60 / self.tempo.bpm * self.rate}),
        }
        return {unit: (frames.numerator, frames.denominator) for unit, frames in each.items()}

    def seconds(self, position: Time) -> Fraction:
        """A position on the timeline in seconds."""
        match position.unit:
            case Unit.BEATS:
                return self.tempo.seconds_at(position.value)
            case Unit.SECONDS:
                return position.value
            case Unit.MICROSECONDS:
                return position.value / 1_000_000
            case Unit.FRAMES:
                return position.value / self.rate

    def length(self, length: Time, at: Fraction = Fraction(0)) -> Fraction:
        """A length in seconds; beats are those that begin at the moment `at`, and lengths inside a source those of beat 0."""
        if length.unit is Unit.BEATS:
            return self.tempo.seconds_at(self.tempo.beat_at(at) + length.value) - at
        return self.seconds(length)

    def length_before(self, length: Time, end: Fraction) -> Fraction:
        """A length in seconds of what ends at the moment `end`."""
        if length.unit is Unit.BEATS:
            return end - self.tempo.seconds_at(self.tempo.beat_at(end) - length.value)
        return self.seconds(length)

    def frame(self, moment: Fraction) -> int:
        """The frame at a moment: the nearest."""
        return nearest(moment * self.rate)

    def frame_of(self, position: Time) -> int:
        """The frame at a position."""
        each = self._frames_each.get(position.unit)
        if each is None:
            return self.frame(self.seconds(position))
        numerator, denominator = position.value.numerator * each[0], position.value.denominator * each[1]
        return (2 * numerator + denominator) // (2 * denominator)

    def is_before(self, one: Time, other: Time) -> bool:
        """Whether one position is earlier than another. Time never runs backwards, so alike units need no clock."""
        if one.unit is other.unit:
            a, b = one.value, other.value
            return a.numerator * b.denominator < b.numerator * a.denominator
        return self.seconds(one) < self.seconds(other)

    def latest(self, positions: Iterable[Time]) -> Fraction | None:
        """The latest of the positions, in seconds."""
        found: dict[Unit, Time] = {}
        for position in positions:
            known = found.get(position.unit)
            if known is None or self.is_before(known, position):
                found[position.unit] = position
        return max((self.seconds(position) for position in found.values()), default=None)
