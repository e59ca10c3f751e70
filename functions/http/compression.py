"""Compression: bodies that come compressed are inflated, up to a bound."""

import zlib

_GZIP = 16 + zlib.MAX_WBITS


def inflate(body: bytes, encoding: str, most: int) -> bytes | None:
    """The content of a compressed body, cut after `most` bytes. None if it is not whole, or of another encoding than gzip."""
    if encoding.strip().lower() not in ("gzip", "x-gzip"):
        return None
    inflater = zlib.decompressobj(_GZIP)
    try:
        content = inflater.decompress(body, most)
    except zlib.error:
        return None
    # What is left unread after the end of the stream is no gzip of ours; what was cut off is for the caller to refuse.
    whole = inflater.eof and not inflater.unused_data
    return content if whole or len(content) == most else None
