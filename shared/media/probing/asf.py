"""ASF (WMV, WMA): what a file says of itself before its content begins."""

from fractions import Fraction
from struct import unpack_from
from typing import IO

from shared.media.formats import HEAD_BYTES

_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
"""The object that tells how long the file plays (ASF specification, section 3.2)."""
_LENGTH, _FLAGS = 64, 88
"""Where in it the length and the time before it are, and where the flags."""
_BROADCAST = 1
"""Whoever wrote it did not know the length."""


def promised_seconds(file: IO[bytes]) -> Fraction:
    """How long an ASF file says that it plays; 0 where it does not tell. FFmpeg does not believe it where the file is short."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    place = head.find(_PROPERTIES)
    if place < 0 or len(head) < place + _FLAGS + 4:
        return Fraction(0)
    ticks, _sending, before = unpack_from("<QQQ", head, place + _LENGTH)
    (flags,) = unpack_from("<I", head, place + _FLAGS)
    return Fraction(0) if flags & _BROADCAST else max(Fraction(0), Fraction(ticks, 10_000_000) - Fraction(before, 1000))
