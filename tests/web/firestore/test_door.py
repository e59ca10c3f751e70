"""The port that gRPC and HTTP/1.1 share, between sockets of the test and protocols that echo."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from infra.local.firestore.web.door import Door

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


class Echo(asyncio.Protocol):
    """Says its name, then sends back what it receives."""

    def __init__(self, name: bytes) -> None:
        self._name = name
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._name)

    def data_received(self, data: bytes) -> None:
        self._transport.write(data)


@pytest.fixture
def connect() -> Iterator[Callable[[], socket.socket]]:
    """Opens connections to a door."""
    ready, opened, leave = threading.Event(), [], []
    address = []

    async def serve() -> None:
        loop, done = asyncio.get_running_loop(), asyncio.Event()
        door = partial(Door, partial(Echo, b"http:"), partial(Echo, b"grpc:"))
        async with await loop.create_server(door, "127.0.0.1", 0) as listener:
            address.append(listener.sockets[0].getsockname())
            leave.append(partial(loop.call_soon_threadsafe, done.set))
            ready.set()
            await done.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)

    def open_one() -> socket.socket:
        opened.append(socket.create_connection(address[0], timeout=10))
        return opened[-1]

    yield open_one
    for connection in opened:
        connection.close()
    leave[0]()
    thread.join()


def read(connection: socket.socket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size and (data := connection.recv(65536)):
        received += data
    return bytes(received)


def test_a_preface_that_comes_byte_by_byte_is_grpc(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for position in range(len(PREFACE)):
        connection.sendall(PREFACE[position : position + 1])
    assert read(connection, 5 + len(PREFACE)) == b"grpc:" + PREFACE


@pytest.mark.parametrize(
    "begin", [b"GET / HTTP/1.1\r\n", b"POST /x HTTP/1.1\r\n", b"PATCH /x", b"PUT", b"\x16\x03\x01"]
)
def test_everything_else_is_http_and_untouched(connect: Callable[[], socket.socket], begin: bytes) -> None:
    connection = connect()
    connection.sendall(begin)
    assert read(connection, 5 + len(begin)) == b"http:" + begin


def test_connections_that_say_nothing_are_no_trouble(connect: Callable[[], socket.socket]) -> None:
    silent = connect()
    connect().close()
    connection = connect()
    connection.sendall(PREFACE)
    assert read(connection, 5 + len(PREFACE)) == b"grpc:" + PREFACE
    silent.sendall(PREFACE)
    assert read(silent, 5 + len(PREFACE)) == b"grpc:" + PREFACE
