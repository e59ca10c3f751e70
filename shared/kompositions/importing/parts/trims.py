"""Trims: which piece of its source a segment takes, and how that fills the slot."""

from collections.abc import Mapping
from fractions import Fraction

from shared.kompositions.importing.parts import names
from shared.kompositions.importing.parts.fields import Fields, Names
from shared.kompositions.importing.parts.pulse import Pulse
from shared.kompositions.importing.parts.sketch import Cut
from shared.kompositions.importing.parts.slots import plus
from shared.kompositions.importing.parts.times import take_time, time_at
from shared.kompositions.model import Time, Unit, exact

FITS: Mapping[str, str | None] = {
    "trim": None,
    "cut": None,
    "extract": None,
    "time_stretch": "stretch",
    "stretch": "stretch",
    "minimal_stretch": "stretch",
    "smart_cut": "trim",
    "hybrid": "trim",
    "loop": "loop",
    "freeze": "freeze",
    "image_to_video": None,
    "none": None,
}
"""Operations that say how the piece fills the slot. None: whatever its length asks for, a stretch if it is given."""

_TOLERANCE = Fraction(2, 100)


def read_trim(cut: Cut, fields: Fields, unit: Unit = Unit.SECONDS) -> None:
    """Add what the fields say about the piece of source: its start, and its length or its end."""
    if cut.source_start is None:
        cut.source_start = take_time(fields, names.TRIM_START, unit, "sourceStart")
    if cut.source_duration is None:
        cut.source_duration = _length(fields, names.TRIM_LENGTH, unit)
    key = fields.key(names.TRIM_END)
    if key is not None and cut.source_duration is None:
        _read_end(cut, fields, key, unit)


def read_params(cut: Cut, params: Fields) -> None:
    """`start` and `duration` among an operation's parameters are about the source, in seconds."""
    read_trim(cut, params)
    if cut.source_start is None:
        cut.source_start = take_time(params, ("start", "start_time"), Unit.SECONDS, "sourceStart")
    if cut.source_duration is None:
        cut.source_duration = _length(params, ("duration",), Unit.SECONDS)


def check_stretch(cut: Cut, fields: Fields, pulse: Pulse, *, inverse: bool = False) -> None:
    """A given factor (slot / source; `inverse`: source / slot) is advice: the derived one counts, and a contradiction is told."""
    key = fields.key(names.STRETCH)
    given = fields.number(names.STRETCH) if key is not None else None
    if key is None or given is None:
        return
    fields.leave(key)
    if cut.start is None or cut.end is None or cut.source_duration is None:
        return
    slot, source = pulse.seconds(plus(cut.end, cut.start, pulse, -1)), pulse.seconds(cut.source_duration)
    if slot <= 0 or source <= 0:
        return
    derived = source / slot if inverse else slot / source
    if abs(exact(given) - derived) > derived * _TOLERANCE:
        detail = f"{key} says {given:g}, but slot and source make it {float(derived):.4g}, which counts."
        fields.notes.warn(
            fields.pointer(key), "stretch_conflict", detail, f"Write {float(derived):.4g} or leave it out."
        )


def _read_end(cut: Cut, fields: Fields, key: str, unit: Unit) -> None:
    end = take_time(fields, names.TRIM_END, unit)
    if end is None:
        return
    begin = cut.source_start.value if cut.source_start is not None and cut.source_start.unit is unit else Fraction(0)
    if end.value > begin:
        cut.source_duration = type(end)(end.value - begin, unit)
        fields.places["sourceDuration"] = (*fields.prefix, key)
    else:
        fields.leave(key)
        detail = f"{key} is not after the start of the piece of source. The piece goes to the source's end."
        fields.notes.warn(fields.pointer(key), "trim_conflict", detail, "Write a later time.")


def _length(fields: Fields, group: Names, unit: Unit) -> Time | None:
    """A length of 0 is none: the piece goes on to the source's end."""
    key = fields.key(group)
    if key is None:
        return None
    length = time_at(fields, key, unit, "sourceDuration")
    if length is None or length.value.numerator != 0:
        return length
    fields.leave(key)
    detail = f"{key} is 0. The piece goes to the source's end."
    fields.notes.warn(fields.pointer(key), "trim_empty", detail, "Leave it out, or write how many seconds.")
    return None
