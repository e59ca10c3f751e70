"""Matroska: what a file says of itself before its content begins. WebM is Matroska."""

from typing import IO

from shared.media.formats import HEAD_BYTES

_EBML, _SEGMENT = b"\x1aE\xdf\xa3", b"\x18S\x80g"
"""The elements of which a file consists: a header, and all else."""


def promised_bytes(file: IO[bytes]) -> int:
    """Of how many bytes a Matroska file says that it consists; 0 where it does not tell, as while it is written."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if not head.startswith(_EBML):
        return 0
    place, length = _element_size(head, len(_EBML))
    place += length or 0
    if not head.startswith(_SEGMENT, place):
        return 0
    place, length = _element_size(head, place + len(_SEGMENT))
    return 0 if length is None else place + length


def _element_size(data: bytes, place: int) -> tuple[int, int | None]:
    """Where the content of an element begins whose size is at `place`, and that size, if it is known (RFC 8794, section 6)."""
    width = 9 - data[place].bit_length() if place < len(data) else 9
    stop = place + width
    if width > 8 or stop > len(data):
        return place, None
    mask = (1 << 7 * width) - 1
    size = int.from_bytes(data[place:stop], "big") & mask
    return stop, None if size == mask else size
