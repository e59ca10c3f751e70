"""Pulse: the tempo of a document, from all the places that may say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from shared.kompositions.importing.origin import Pointer
from shared.kompositions.importing.parts.fields import Fields, Names
from shared.kompositions.model import Time, Unit, exact

DEFAULT_BPM = 120


@dataclass
class Pulse:
    """Beats a minute, and where that was said."""

    bpm: int | float = DEFAULT_BPM
    places: dict[str, Pointer] = field(default_factory=dict)
    rate: Fraction = Fraction(30)
    """Frames a second, for comparing."""

    @cached_property
    def beat(self) -> Fraction:
        """Seconds a beat; half a second for a tempo that cannot be."""
        return 60 / exact(self.bpm) if self.bpm > 0 else Fraction(1, 2)

    def roughly(self, time: Time) -> float:
        """A time in seconds, for statements that are rounded themselves."""
        top, bottom = self.ratio(time)
        return top / bottom

    def ratio(self, time: Time) -> tuple[int, int]:
        """A time in seconds as numerator and denominator, which may have a common factor."""
        top, bottom = self._scales[time.unit]
        return time.value.numerator * top, time.value.denominator * bottom

    @cached_property
    def _scales(self) -> Mapping[Unit, tuple[int, int]]:
        each = {
            Unit.BEATS: self.beat,
            Unit.SECONDS: Fraction(1),
            Unit.MICROSECONDS: Fraction(1, 1_000_000),
            Unit.FRAMES: 1 / self.rate,
        }
        return {unit: (seconds.numerator, seconds.denominator) for unit, seconds in each.items()}

    def is_apart(self, start: Time, end: Time, length: Time) -> bool:
        """Whether from `start` to `end` it is exactly `length`."""
        (a, a_of), (b, b_of), (c, c_of) = self.ratio(start), self.ratio(end), self.ratio(length)
        return (b * a_of - a * b_of) * c_of == c * a_of * b_of

    def seconds(self, time: Time) -> Fraction:
        """A time in seconds."""
        return Fraction(*self.ratio(time))


def read_pulse(root: Fields, *places: tuple[Fields | None, Names], needed: bool = True) -> Pulse:
    """The first tempo that is set: 0 and less, and none, mean that it is not. Others that differ are told and kept.

    `needed`: whether leaving it out is worth a warning."""
    pulse: Pulse | None = None
    for fields, names in places:
        key = fields.key(names) if fields else None
        if fields is None or key is None:
            continue
        bpm = fields.number_at(key)
        if bpm is None or bpm <= 0:
            continue
        if pulse is None:
            pulse = Pulse(bpm, {"bpm": fields.pointer(key)[len(root.at) :]})
        elif bpm != pulse.bpm:
            fields.leave(key)
            detail = f"The tempo is {bpm:g} here and {pulse.bpm:g} elsewhere, which counts."
            fields.notes.warn(
                fields.pointer(key), "bpm_conflict", detail, f"Write {pulse.bpm:g} here, or leave it out."
            )
    if pulse is None:
        if needed:
            detail = f"The tempo is not set. {DEFAULT_BPM} beats a minute are taken."
            root.notes.warn(root.at, "bpm_unset", detail, "Set bpm.")
        return Pulse()
    return pulse
