"""Volumes: a share of the sound as it is, or a percentage where a number is too large for one."""

from shared.kompositions.importing.parts.fields import Fields, Names

LOUDEST = 4
"""The largest share that a komposition can have: what is larger was meant as a percentage."""


def read_volume(fields: Fields, names: Names, field: str = "") -> float | None:
    """The volume under one of its names, 1 as it is."""
    key = fields.key(names)
    number = None if key is None else fields.number_at(key, field)
    if key is None or number is None:
        return None
    if not LOUDEST < number <= 100 * LOUDEST:
        return float(number)
    share = number / 100
    detail = f"{key} is {number:g}. It is read as {number:g} per cent."
    fields.notes.warn(fields.pointer(key), "volume_percent", detail, f"Write {share:g}.")
    return share
