"""Times: numbers of a document with their unit, exactly."""

from shared.kompositions.importing.parts.fields import Fields, Names, Number
from shared.kompositions.model import Time, Unit, exact


def as_time(number: Number, unit: Unit) -> Time:
    """The number in its unit."""
    return Time(exact(number), unit)


def take_time(fields: Fields, names: Names, unit: Unit, field: str = "", least: Number | None = 0) -> Time | None:
    """A time under one of its names, not less than `least`; one that is less is an error and stays where it is."""
    key = fields.key(names)
    if key is None:
        return None
    number = fields.number(names, field)
    if number is None or least is None or number >= least:
        return None if number is None else as_time(number, unit)
    fields.leave(key)
    fields.notes.error(
        fields.pointer(key), "negative_time", f"{key} must not be less than {least}.", "Write 0 or more."
    )
    return None
