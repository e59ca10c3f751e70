"""The wire between a prober and its child: messages with their length before them, on a pair of sockets.

Nothing but JSON and bytes comes from the child: it may have been thought up by the file that is looked into."""

import json
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

LONGEST = 1 << 20
"""Bytes of a message."""
_LENGTH = struct.Struct(">I")

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class WireClosed(Exception):
    """The other side has gone."""


class WireSlow(Exception):
    """The other side has said nothing for as long as the socket's timeout."""


class WireGarbled(Exception):
    """The other side says what is no message."""


def send(wire: socket.socket, message: bytes) -> None:
    with _told():
        wire.sendall(_LENGTH.pack(len(message)) + message)


def receive(wire: socket.socket) -> bytes:
    with _told():
        (length,) = _LENGTH.unpack(_exactly(wire, _LENGTH.size))
        if length > LONGEST:
            raise WireGarbled
        return _exactly(wire, length)


def send_json(wire: socket.socket, message: Json) -> None:
    send(wire, json.dumps(message).encode())


def receive_json(wire: socket.socket) -> Json:
    try:
        message: Json = json.loads(receive(wire))
    except (ValueError, RecursionError) as error:
        raise WireGarbled from error
    return message


def send_descriptor(wire: socket.socket, descriptor: int) -> None:
    """Give the other side what is open here under this number."""
    with _told():
        socket.send_fds(wire, [b"\0"], [descriptor])


def receive_descriptor(wire: socket.socket) -> int:
    """The number under which what the other side gives is open here."""
    with _told():
        descriptors = socket.recv_fds(wire, 1, 1)[1]
    if not descriptors:
        raise WireClosed
    return descriptors[0]


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise WireSlow from error
    except OSError as error:
        raise WireClosed from error


def _exactly(wire: socket.socket, length: int) -> bytes:
    pieces = bytearray()
    while len(pieces) < length:
        piece = wire.recv(length - len(pieces))
        if not piece:
            raise WireClosed
        pieces += piece
    return bytes(pieces)
