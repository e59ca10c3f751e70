"""Identifiers as clients choose them: random UUIDs."""

from random import Random

_VERSION = 0xF000 << 64, 0x4000 << 64
_VARIANT = 0xC000 << 48, 0x8000 << 48
"""Bits of a UUID that are not random: which, and what they are in version 4."""


def random_id(dice: Random) -> str:
    """A UUID of version 4, 32 digits."""
    bits = dice.getrandbits(128)
    for mask, value in (_VERSION, _VARIANT):
        bits = bits & ~mask | value
    return f"{bits:032x}"
