"""The wire between a prober and its child: messages with their length before them, on a pair of sockets.

Nothing but JSON and bytes goes over it: what the child sends may have been thought up by the file it looks into."""

import json
import socket
import struct
from typing import TypeAlias

LONGEST = 1 << 20
"""Bytes of a message."""
_LENGTH = struct.Struct(">I")

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def send(wire: socket.socket, message: bytes) -> None:
    wire.sendall(_LENGTH.pack(len(message)) + message)


def receive(wire: socket.socket) -> bytes:
    """The next message. Raises EOFError when the other side has gone, TimeoutError by the socket's timeout."""
    (length,) = _LENGTH.unpack(_exactly(wire, _LENGTH.size))
    if length > LONGEST:
        raise EOFError("a message of absurd length")
    return _exactly(wire, length)


def send_json(wire: socket.socket, message: Json) -> None:
    send(wire, json.dumps(message).encode())


def receive_json(wire: socket.socket) -> Json:
    """Raises what `receive` raises, and ValueError for what is no JSON."""
    message: Json = json.loads(receive(wire))
    return message


def _exactly(wire: socket.socket, length: int) -> bytes:
    pieces = bytearray()
    while len(pieces) < length:
        piece = wire.recv(length - len(pieces))
        if not piece:
            raise EOFError("the other side has gone")
        pieces += piece
    return bytes(pieces)
