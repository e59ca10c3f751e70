"""The port that gRPC and HTTP/1.1 share, between sockets of the test."""

import hashlib
import queue
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from infra.local.firestore.web.front import Front
from tests.cloud import wait_for

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
LARGE = hashlib.shake_128(b"front").digest(16 * 1024 * 1024)


class Inner:
    """Stands where grpcio would: what it receives it sends back."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.connections: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self._echo, args=(connection,), daemon=True).start()

    def _echo(self, connection: socket.socket) -> None:
        with connection:
            while data := connection.recv(65536):
                connection.sendall(data)

    def close(self) -> None:
        self._server.close()


@pytest.fixture
def inner() -> Iterator[Inner]:
    server = Inner()
    yield server
    server.close()


@pytest.fixture
def adopted() -> "queue.Queue[socket.socket]":
    """The connections that the front has handed over."""
    return queue.Queue()


@pytest.fixture
def connect(inner: Inner, adopted: "queue.Queue[socket.socket]") -> Iterator[Callable[[], socket.socket]]:
    """Opens connections to a front."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = ("127.0.0.1", free.getsockname()[1])
    front = Front(address, inner.port, adopted.put)
    opened = []

    def open_one() -> socket.socket:
        opened.append(socket.create_connection(address, timeout=10))
        return opened[-1]

    yield open_one
    front.close()
    for connection in opened:
        connection.close()


def read(connection: socket.socket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size and (data := connection.recv(65536)):
        received += data
    return bytes(received)


def test_grpc_is_passed_on_in_both_directions(connect: Callable[[], socket.socket]) -> None:
    connections = [connect() for _ in range(3)]
    for number, connection in enumerate(connections):
        connection.sendall(PREFACE + bytes([number]))
    for number, connection in enumerate(connections):
        assert read(connection, len(PREFACE) + 1) == PREFACE + bytes([number])


def test_a_preface_that_comes_byte_by_byte_is_grpc(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for position in range(len(PREFACE)):
        connection.sendall(PREFACE[position : position + 1])
    assert read(connection, len(PREFACE)) == PREFACE


@pytest.mark.parametrize(
    "begin", [b"GET / HTTP/1.1\r\n", b"POST /x HTTP/1.1\r\n", b"PATCH /x", b"PUT", b"\x16\x03\x01"]
)
def test_everything_else_is_handed_over_untouched(
    connect: Callable[[], socket.socket], adopted: "queue.Queue[socket.socket]", begin: bytes
) -> None:
    connect().sendall(begin)
    with adopted.get(timeout=10) as connection:
        connection.settimeout(10)
        assert read(connection, len(begin)) == begin


def test_who_does_not_read_loses_nothing_and_holds_up_nobody(connect: Callable[[], socket.socket]) -> None:
    slow, quick = connect(), connect()
    sender = threading.Thread(target=slow.sendall, args=(PREFACE + LARGE,))
    sender.start()  # more than the buffers on the way there and back: it waits
    for _ in range(10):
        quick.sendall(PREFACE)
        assert read(quick, len(PREFACE)) == PREFACE
    assert read(slow, len(PREFACE) + len(LARGE)) == PREFACE + LARGE
    sender.join()


def test_either_side_ends_the_connection(connect: Callable[[], socket.socket], inner: Inner) -> None:
    connection = connect()
    connection.sendall(PREFACE)
    read(connection, len(PREFACE))
    inner.connections[0].shutdown(socket.SHUT_RDWR)
    assert connection.recv(1) == b""
    other = connect()
    other.sendall(PREFACE)
    read(other, len(PREFACE))
    other.close()
    wait_for(lambda: inner.connections[1].fileno() < 0, "the other side has ended too")


def test_connections_that_say_nothing_are_no_trouble(connect: Callable[[], socket.socket]) -> None:
    silent = connect()
    connect().close()
    connection = connect()
    connection.sendall(PREFACE)
    assert read(connection, len(PREFACE)) == PREFACE
    silent.sendall(PREFACE)
    assert read(silent, len(PREFACE)) == PREFACE
