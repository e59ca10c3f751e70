"""Times: numbers of a document with their unit, exactly."""

from fractions import Fraction

from shared.kompositions.importing.parts.fields import Fields, Names, Number
from shared.kompositions.model import Time, Unit, exact


def as_time(number: Number, unit: Unit) -> Time:
    """The number in its unit."""
    return Time(exact(number), unit)


def derived(value: Fraction, unit: Unit) -> Time:
    """A time that was calculated; to a billionth of a billionth where no shorter fraction says it exactly."""
    return Time(value.limit_denominator(10**18), unit)


def take_time(fields: Fields, names: Names, unit: Unit, field: str = "", least: Number | None = 0) -> Time | None:
    """A time under one of its names, not less than `least`; one that is less is an error and stays where it is."""
    key = fields.key(names)
    return None if key is None else time_at(fields, key, unit, field, least)


def time_at(fields: Fields, key: str, unit: Unit, field: str = "", least: Number | None = 0) -> Time | None:
    """The time at a key that is there."""
    number = fields.number_at(key, field)
    if number is None or least is None or number >= least:
        return None if number is None else as_time(number, unit)
    fields.leave(key)
    fields.notes.error(
        fields.pointer(key), "negative_time", f"{key} must not be less than {least}.", "Write 0 or more."
    )
    return None
