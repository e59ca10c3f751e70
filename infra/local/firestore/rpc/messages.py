"""Messages of gRPC in the data of a stream: each has a flag for compression and its length before it."""

import struct
import zlib

MAX_MESSAGE = 64 * 1024 * 1024
"""Bytes of a message."""
_HEAD = struct.Struct(">BL")
_WINDOW_BITS = {"gzip": 31, "deflate": 15}


class BadMessage(Exception):
    """A message that cannot be taken; the call must end. `too_large` says that it may be a good one."""

    def __init__(self, message: str, too_large: bool = False) -> None:
        super().__init__(message)
        self.too_large = too_large


class Messages:
    """Puts together the messages of one stream. `encoding` is how they are compressed if they are."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._data = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that are whole with this piece of data. Raises BadMessage."""
        self._data += data
        messages = []
        while len(self._data) >= _HEAD.size:
            compressed, length = _HEAD.unpack_from(self._data)
            if length > MAX_MESSAGE:
                raise BadMessage(f"Received message larger than max ({length} vs. {MAX_MESSAGE})", too_large=True)
            end = _HEAD.size + length
            if len(self._data) < end:
                break
            body = bytes(self._data[_HEAD.size : end])
            messages.append(self._inflate(body) if compressed else body)
            del self._data[:end]
        return messages

    @property
    def is_amid_one(self) -> bool:
        """Whether a message has begun and is not whole."""
        return bool(self._data)

    def _inflate(self, body: bytes) -> bytes:
        bits = _WINDOW_BITS.get(self._encoding)
        if bits is None:
            raise BadMessage(f'A message is compressed, and not in a way known here: "{self._encoding}".')
        inflater = zlib.decompressobj(wbits=bits)
        try:
            message = inflater.decompress(body, MAX_MESSAGE)
        except zlib.error as error:
            raise BadMessage(f"A compressed message is damaged: {error}") from error
        if inflater.unconsumed_tail:
            raise BadMessage(f"Received message larger than max ({MAX_MESSAGE} when inflated)", too_large=True)
        if not inflater.eof:
            raise BadMessage("A compressed message is cut off.")
        return message


def with_head(message: bytes) -> bytes:
    """A message as it is sent, uncompressed."""
    return _HEAD.pack(0, len(message)) + message
