"""The body of a multipart upload (multipart/related): metadata, then media, read as a stream.

Strict where it matters: a body that breaks off before its closing boundary is refused, never stored short."""

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

from infra.local.storage.errors import invalid

_MAX_HEAD = 16 * 1024
_MAX_METADATA = 1024 * 1024
_BLANK = b"\r\n\r\n"


@dataclass(frozen=True)
class Related:
    """The two parts. `media` must be read to its end, for only there it shows whether the body was whole."""

    metadata: bytes
    media_type: str | None
    media: AsyncIterator[bytes]


async def read_related(content_type: str, chunks: AsyncIterable[bytes]) -> Related:
    """Read up to the media. Raises StorageError 400 when the body is no multipart upload, so does reading `media`."""
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary()
    if header.get_content_maintype() != "multipart" or not boundary:
        raise invalid("A multipart upload needs a multipart body with a boundary.")
    delimiter = b"--" + boundary.encode()
    source = _Source(chunks)
    await source.until(delimiter, _MAX_HEAD)
    await source.until(_BLANK, _MAX_HEAD)
    metadata = await source.until(b"\r\n" + delimiter, _MAX_METADATA)
    head = await source.until(_BLANK, _MAX_HEAD)
    media_type = BytesHeaderParser().parsebytes(head.lstrip())["Content-Type"]
    return Related(metadata, media_type, _media(source, b"\r\n" + delimiter))


async def _media(source: "_Source", delimiter: bytes) -> AsyncIterator[bytes]:
    async for chunk in source.stream_until(delimiter):
        yield chunk
    if await source.take(2) != b"--":
        raise invalid("A multipart upload has two parts, metadata and media.")


class _Source:
    """Chunks that can be read up to a marker."""

    def __init__(self, chunks: AsyncIterable[bytes]) -> None:
        self._chunks = aiter(chunks)
        self._buffer = bytearray()

    async def until(self, marker: bytes, limit: int) -> bytes:
        """The bytes before the marker, which is read too."""
        read = bytearray()
        async for chunk in self.stream_until(marker):
            read += chunk
            if len(read) > limit:
                raise invalid(f"A part of the multipart body is longer than {limit} bytes.")
        return bytes(read)

    async def stream_until(self, marker: bytes) -> AsyncIterator[bytes]:
        """The same, as they come."""
        while (at := self._buffer.find(marker)) < 0:
            # The end of the buffer may be the beginning of the marker.
            sure = max(len(self._buffer) - len(marker) + 1, 0)
            if sure:
                yield bytes(self._buffer[:sure])
                del self._buffer[:sure]
            await self._fill()
        found = bytes(self._buffer[:at])
        del self._buffer[: at + len(marker)]
        if found:
            yield found

    async def take(self, count: int) -> bytes:
        """Exactly `count` bytes."""
        while len(self._buffer) < count:
            await self._fill()
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    async def _fill(self) -> None:
        chunk = await anext(self._chunks, None)
        if chunk is None:
            raise invalid("The multipart body ends before its closing boundary.")
        self._buffer += chunk
