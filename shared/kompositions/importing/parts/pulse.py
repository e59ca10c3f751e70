"""Pulse: the tempo of a document, from all the places that may say it."""

from dataclasses import dataclass, field
from fractions import Fraction

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

    @property
    def beat(self) -> Fraction:
        """Seconds a beat; half a second for a tempo that cannot be."""
        return 60 / exact(self.bpm) if self.bpm > 0 else Fraction(1, 2)

    def seconds(self, time: Time) -> Fraction:
        """A time in seconds."""
        match time.unit:
            case Unit.BEATS:
                return time.value * self.beat
            case Unit.MICROSECONDS:
                return time.value / 1_000_000
            case Unit.FRAMES:
                return time.value / self.rate
            case _:
                return time.value


def read_pulse(root: Fields, *places: tuple[Fields | None, Names], needed: bool = True) -> Pulse:
    """The first tempo that is set: 0 and less, and none, mean that it is not. Others that differ are told and kept.

    `needed`: whether leaving it out is worth a warning."""
    pulse: Pulse | None = None
    for fields, names in places:
        key = fields.key(names) if fields else None
        if fields is None or key is None:
            continue
        given = fields.value[key]
        if pulse is not None and given != pulse.bpm and isinstance(given, int | float) and given > 0:
            detail = f"The tempo is {given:g} here and {pulse.bpm:g} elsewhere, which counts."
            fields.notes.warn(
                fields.pointer(key), "bpm_conflict", detail, f"Write {pulse.bpm:g} here, or leave it out."
            )
            continue
        bpm = fields.number(names)
        if pulse is None and bpm is not None and bpm > 0:
            pulse = Pulse(bpm, {"bpm": fields.pointer(key)[len(root.at) :]})
    if pulse is None:
        if needed:
            detail = f"The tempo is not set. {DEFAULT_BPM} beats a minute are taken."
            root.notes.warn(root.at, "bpm_unset", detail, "Set bpm.")
        return Pulse()
    return pulse
