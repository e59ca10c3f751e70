"""What headers say: those of requests taken apart, those of answers put together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from hpack import Decoder
from hpack.exceptions import HPACKError
from hpack.table import HeaderTable

from .frames import ProtocolError, Reason

OPENING = b"\x88" + b"\x0f\x10\x10application/grpc"
"""The block that begins an answer: status 200 (number 8 of the fixed table) and a content type (number 31: 15 + 16)."""
NOT_GRPC = b"\x08\x03415"
"""The whole answer to what is no gRPC: status 415, Unsupported Media Type."""

_REMEMBERED = 64
"""Blocks of a connection that are kept with what they say: a client sends the same few over and over."""
_PRINTABLE = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")


@dataclass(frozen=True, slots=True)
class Head:
    """What is asked for, and by whom. `encoding` is how those messages are compressed that say they are."""

    path: str
    authorization: str | None
    encoding: str
    is_grpc: bool


class HeadReader:
    """Takes apart the header blocks of one connection; all of them must come here, in order."""

    def __init__(self) -> None:
        self._known: dict[bytes, Head] = {}
        self._table = _Table(self._known.clear)
        self._decoder = Decoder()
        self._decoder.header_table = self._table

    def read(self, block: bytes) -> Head:
        """What a block says. Raises ProtocolError for one that is damaged."""
        known = self._known.get(block)
        return known if known is not None else self._learn(block)

    def _learn(self, block: bytes) -> Head:
        before = self._table.additions
        try:
            head = _head(self._decoder.decode(block, raw=True))
        except HPACKError as error:
            raise ProtocolError(Reason.COMPRESSION_ERROR, f"The headers cannot be read: {error}") from error
        if self._table.additions == before:  # else what the block's own indexes stand for is no longer the same
            if len(self._known) == _REMEMBERED:
                self._known.clear()
            self._known[block] = head
        return head


class _Table(HeaderTable):
    """Says when the meaning of indexes changes."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        super().__init__()
        self.additions = 0
        self._on_change = on_change

    def add(self, name: bytes, value: bytes) -> None:
        super().add(name, value)
        self.additions += 1
        self._on_change()


def _head(headers: Iterable[tuple[bytes, bytes]]) -> Head:
    values = {bytes(name): bytes(value).decode(errors="replace") for name, value in headers}
    return Head(
        path=values.get(b":path", ""),
        authorization=values.get(b"authorization"),
        encoding=values.get(b"grpc-encoding", "identity"),
        is_grpc=values.get(b":method") == "POST" and values.get(b"content-type", "").startswith("application/grpc"),
    )


def trailers(code: int, message: str) -> bytes:
    """The block that ends an answer: a status of google.rpc (0 is OK) and what it says."""
    block = _literal(b"grpc-status", str(code).encode())
    return block + _literal(b"grpc-message", quote(message, safe=_PRINTABLE).encode()) if message else block


def _literal(name: bytes, value: bytes) -> bytes:
    """A header that leaves no trace in the other side's table."""
    return b"\x00" + _length(len(name)) + name + _length(len(value)) + value


def _length(number: int) -> bytes:
    """A number with a prefix of seven bits (RFC 7541, 5.1)."""
    if number < 127:
        return bytes([number])
    encoded = bytearray([127])
    number -= 127
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)
