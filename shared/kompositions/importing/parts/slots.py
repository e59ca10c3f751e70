"""Slots: when a segment begins and ends on the timeline, however that is said."""

from dataclasses import dataclass
from typing import Literal

from shared.kompositions.importing.parts import names
from shared.kompositions.importing.parts.fields import Fields, Names
from shared.kompositions.importing.parts.pulse import Pulse
from shared.kompositions.importing.parts.sketch import Cut
from shared.kompositions.importing.parts.times import as_time, derived, time_at
from shared.kompositions.model import Time, Unit

_NEAR = 0.05
"""Seconds by which statements may differ without contradicting each other: they are often rounded."""


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
    return derived(pulse.seconds(time) + sign * pulse.seconds(length), Unit.SECONDS)


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
        time = time_at(self.fields, key, unit, edge if known is None else "")
        if time is None:
            return
        if known is None:
            setattr(self.cut, edge, time)
        elif known != time:
            self.fields.leave(key)
            if self._near(known, time):
                return
            self._contradiction(key, f"{key} says {time}, but the segment's {edge} is given as {known}, which counts.")

    def length(self, group: Names, *units: Unit) -> None:
        key = self.fields.key(group)
        number = self.fields.number_at(key) if key is not None else None
        if key is None or number is None:
            return
        cut = self.cut
        if cut.start is not None and cut.end is not None:
            if any(self.pulse.is_apart(cut.start, cut.end, as_time(number, unit)) for unit in units):
                return
            self.fields.leave(key)
            lasting = plus(cut.end, cut.start, self.pulse, -1)
            lengths = [as_time(number, unit) for unit in units]
            if not any(self._near(lasting, length) for length in lengths):
                self._contradiction(key, f"{key} says {lengths[0]}, but the slot lasts {lasting}, which counts.")
            return
        length, place = as_time(number, units[0]), (*self.fields.prefix, key)
        if cut.start is not None:
            cut.end = plus(cut.start, length, self.pulse)
            self.fields.places["end"] = place
        elif cut.end is not None:
            cut.start = plus(cut.end, length, self.pulse, -1)
            self.fields.places["start"] = place
        elif cut.length is None:
            cut.length = length
            self.fields.places["end"] = place

    def _near(self, one: Time, other: Time) -> bool:
        """Whether two times are alike for numbers that are rounded. Beats, frames and microseconds are not."""
        if one.unit is other.unit is not Unit.SECONDS:
            return False
        return abs(self.pulse.roughly(one) - self.pulse.roughly(other)) <= _NEAR

    def _contradiction(self, key: str, detail: str) -> None:
        self.fields.notes.warn(self.fields.pointer(key), "slot_conflict", detail, "Correct one of the two.")
