"""Slots: when a segment begins and ends on the timeline, however that is said."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from shared.kompositions.importing.parts import names
from shared.kompositions.importing.parts.fields import Fields, Names
from shared.kompositions.importing.parts.pulse import Pulse
from shared.kompositions.importing.parts.sketch import Cut
from shared.kompositions.importing.parts.times import as_time, take_time
from shared.kompositions.model import Time, Unit

_NEAR = Fraction(1, 20)
"""Seconds by which statements may differ: they are often rounded."""


@dataclass(frozen=True)
class Reading:
    """What a family means by plain names: the unit of `start` and `end`, the one of `duration`, and whether `start_time` and its
    like are about the timeline (else they are about the source)."""

    slot: Unit = Unit.BEATS
    duration: Unit = Unit.BEATS
    seconds: bool = True


def read_slot(cut: Cut, fields: Fields, pulse: Pulse, reading: Reading) -> None:
    """Add what the fields say about the slot. What came first counts; what contradicts it is told and kept."""
    slot = _Slot(cut, fields, pulse)
    slot.moment("start", names.BEAT_START, Unit.BEATS)
    slot.moment("end", names.BEAT_END, Unit.BEATS)
    slot.moment("start", names.START, reading.slot)
    slot.moment("end", names.END, reading.slot)
    if reading.seconds:
        slot.moment("start", names.SECONDS_START, Unit.SECONDS)
        slot.moment("end", names.SECONDS_END, Unit.SECONDS)
    slot.length(names.BEATS, Unit.BEATS)
    slot.length(names.SECONDS_LENGTH, Unit.SECONDS)
    slot.length(names.DURATION, reading.duration, Unit.BEATS, Unit.SECONDS)


def plus(time: Time, length: Time, pulse: Pulse, sign: int = 1) -> Time:
    """The time `length` later (or with sign -1 earlier), in its own unit, or in seconds where units differ."""
    if time.unit is length.unit:
        return Time(time.value + sign * length.value, time.unit)
    return Time(pulse.seconds(time) + sign * pulse.seconds(length), Unit.SECONDS)


@dataclass
class _Slot:
    cut: Cut
    fields: Fields
    pulse: Pulse

    def moment(self, edge: Literal["start", "end"], group: Names, unit: Unit) -> None:
        key = self.fields.key(group)
        if key is None:
            return
        known: Time | None = getattr(self.cut, edge)
        time = take_time(self.fields, group, unit, edge if known is None else "")
        if time is None:
            return
        if known is None:
            setattr(self.cut, edge, time)
        elif not self._same(known, time):
            self._contradiction(key, f"{key} says {time}, but the segment's {edge} is given as {known}, which counts.")

    def length(self, group: Names, *units: Unit) -> None:
        key = self.fields.key(group)
        number = self.fields.number(group) if key is not None else None
        if key is None or number is None:
            return
        cut, length = self.cut, as_time(number, units[0])
        place = (*self.fields.prefix, key)
        if cut.start is not None and cut.end is not None:
            lasting = plus(cut.end, cut.start, self.pulse, -1)
            if not any(self._same(lasting, as_time(number, unit)) for unit in units):
                self._contradiction(key, f"{key} says {length}, but the slot lasts {lasting}, which counts.")
        elif cut.start is not None:
            cut.end = plus(cut.start, length, self.pulse)
            self.fields.places["end"] = place
        elif cut.end is not None:
            cut.start = plus(cut.end, length, self.pulse, -1)
            self.fields.places["start"] = place
        elif cut.length is None:
            cut.length = length
            self.fields.places["end"] = place

    def _same(self, one: Time, other: Time) -> bool:
        if one.unit is other.unit and one.value == other.value:
            return True
        if one.unit is other.unit is Unit.BEATS:
            return False
        return abs(self.pulse.seconds(one) - self.pulse.seconds(other)) <= _NEAR

    def _contradiction(self, key: str, detail: str) -> None:
        self.fields.leave(key)
        self.fields.notes.warn(self.fields.pointer(key), "slot_conflict", detail, "Correct one of the two.")
