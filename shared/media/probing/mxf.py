"""MXF: what a file says of itself before its content begins."""

from struct import unpack_from
from typing import IO

from shared.media.formats import HEAD_BYTES

_HEADER = bytes.fromhex("060e2b34020501010d0102010102")
"""The beginning of the key of the pack with which a file begins (SMPTE ST 377-1, section 7)."""
_KEY, _FOOTER = 16, 24
"""Bytes of a key, and where in the pack it is told at which byte the last partition begins."""


def promised_bytes(file: IO[bytes]) -> int:
    """How many bytes an MXF file has at least, as it says itself; 0 where it does not tell, as while it is written."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if not head.startswith(_HEADER):
        return 0
    width = head[_KEY]
    content = _KEY + 1 + (width & 0x7F if width & 0x80 else 0)
    (footer,) = unpack_from(">Q", head.ljust(HEAD_BYTES, b"\0"), content + _FOOTER)
    return int(footer) + _KEY if footer else 0
