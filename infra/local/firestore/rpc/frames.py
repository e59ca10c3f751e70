"""The frames of HTTP/2 (RFC 9113), as bytes."""

import struct
from enum import IntEnum

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
"""What a client says first."""
MAX_FRAME = 16_384
"""Bytes of a frame's payload that each side takes unless it has said otherwise; this one never does."""
MAX_NUMBER = 2**31 - 1
"""The largest stream's number, and the largest window."""
DEFAULT_WINDOW = 65_535
"""Bytes that may be under way before anything is said about it."""

HEAD = struct.Struct(">LBL")
"""Length and kind of a frame in one number, flags, stream."""


class Kind(IntEnum):
    """The kinds of frames."""

    DATA = 0
    HEADERS = 1
    PRIORITY = 2
    RST_STREAM = 3
    SETTINGS = 4
    PUSH_PROMISE = 5
    PING = 6
    GOAWAY = 7
    WINDOW_UPDATE = 8
    CONTINUATION = 9


END_STREAM = ACK = 0x1
END_HEADERS = 0x4
PADDED = 0x8
PRIORITY = 0x20


class Setting(IntEnum):
    """What a side says about itself, as far as it matters here."""

    INITIAL_WINDOW_SIZE = 4
    MAX_FRAME_SIZE = 5


class Reason(IntEnum):
    """Why a stream or a connection ends."""

    NO_ERROR = 0
    PROTOCOL_ERROR = 1
    FRAME_SIZE_ERROR = 6
    REFUSED_STREAM = 7
    COMPRESSION_ERROR = 9


class ProtocolError(Exception):
    """The other side breaks the rules, and the connection ends."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def frame(kind: Kind, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """One frame. `payload` must be as short as the other side takes it."""
    return HEAD.pack(len(payload) << 8 | kind, flags, stream) + payload


def settings(values: dict[Setting, int]) -> bytes:
    """A frame that says something about this side."""
    return frame(Kind.SETTINGS, 0, 0, b"".join(struct.pack(">HL", *item) for item in values.items()))


def parse_settings(payload: bytes) -> list[tuple[int, int]]:
    """The settings in a frame, unknown ones too. Raises ProtocolError."""
    if len(payload) % 6:
        raise ProtocolError(Reason.FRAME_SIZE_ERROR, "A SETTINGS frame is cut off.")
    return list(struct.iter_unpack(">HL", payload))


def window_update(stream: int, more: int) -> bytes:
    """A frame that lets the other side send more bytes."""
    return frame(Kind.WINDOW_UPDATE, 0, stream, more.to_bytes(4, "big"))


def reset(stream: int, reason: Reason) -> bytes:
    """A frame that ends a stream."""
    return frame(Kind.RST_STREAM, 0, stream, reason.to_bytes(4, "big"))


def go_away(last_stream: int, reason: Reason, message: str = "") -> bytes:
    """A frame that says that streams after `last_stream` will not be answered."""
    return frame(Kind.GOAWAY, 0, 0, struct.pack(">LL", last_stream, reason) + message.encode())


def without_padding(flags: int, payload: bytes) -> bytes:
    """What a DATA or HEADERS frame carries. Raises ProtocolError."""
    start, end = 0, len(payload)
    if flags & PADDED:
        if not payload or payload[0] >= end:
            raise ProtocolError(Reason.PROTOCOL_ERROR, "A frame has more padding than bytes.")
        start, end = 1, end - payload[0]
    return payload[start:end]


def parse_number(payload: bytes) -> int:
    """The one number that a WINDOW_UPDATE carries. Raises ProtocolError."""
    if len(payload) != 4:
        raise ProtocolError(Reason.FRAME_SIZE_ERROR, "A frame of one number must have four bytes.")
    return int.from_bytes(payload, "big") & MAX_NUMBER
