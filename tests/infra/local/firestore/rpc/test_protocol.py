"""The frames on the wire, as an HTTP/2 client of another make sends and checks them, and as nobody should send them."""

import random
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress

import grpc
import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated,
    DataReceived,
    Event,
    PingAckReceived,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    TrailersReceived,
)
from h2.settings import SettingCodes

from tests.infra.local.firestore.rpc.conftest import Served

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
EMPTY_SETTINGS = bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])


class Peer:
    """A connection of the library h2, which checks all that it is sent."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.h2 = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self._events: list[Event] = []

    def flush(self) -> None:
        self.socket.sendall(self.h2.data_to_send())

    def begin(self, method: str, **more: str) -> int:
        headers = {
            ":method": "POST",
            ":scheme": "http",
            ":authority": "test",
            ":path": f"/test/{method}",
            "content-type": "application/grpc",
            "te": "trailers",
        }
        stream = self.h2.get_next_available_stream_id()
        self.h2.send_headers(
            stream, list({**headers, **{name.replace("_", "-"): v for name, v in more.items()}}.items())
        )
        return stream

    def events(self) -> Iterator[Event]:
        with suppress(ConnectionError):  # the server has hung up while something was on its way there
            while data := self.socket.recv(65536):
                yield from self.h2.receive_data(data)
                self.flush()

    def next_data(self) -> bytes:
        return next(event.data for event in self.events() if isinstance(event, DataReceived))

    def until(self, kind: type[Event]) -> list[Event]:
        """What happens up to and with the first event of a kind."""
        seen: list[Event] = []
        for event in self.events():
            seen.append(event)
            if isinstance(event, kind):
                return seen
        raise EOFError(seen)


@pytest.fixture
def peer(served: Served) -> Iterator[Peer]:
    opened = Peer(served.port)
    opened.h2.initiate_connection()
    yield opened
    opened.socket.close()


def message(data: bytes) -> bytes:
    return struct.pack(">BL", 0, len(data)) + data


def test_an_answer_is_headers_data_and_a_status(peer: Peer) -> None:
    stream = peer.begin("Echo")
    peer.h2.send_data(stream, message(b"hello"), end_stream=True)
    peer.flush()
    seen = peer.until(StreamEnded)
    kinds = [type(event) for event in seen if isinstance(event, ResponseReceived | DataReceived | TrailersReceived)]
    assert kinds == [ResponseReceived, DataReceived, TrailersReceived]
    assert [event.data for event in seen if isinstance(event, DataReceived)] == [message(b"hello")]


def test_padding_pieces_and_last_words_are_no_part_of_a_message(peer: Peer) -> None:
    stream = peer.begin("Echo")
    for byte in message(b"hello"):
        peer.h2.send_data(stream, bytes([byte]), pad_length=7)
    peer.h2.send_headers(stream, [("x-last", "words")], end_stream=True)
    peer.flush()
    assert [event.data for event in peer.until(StreamEnded) if isinstance(event, DataReceived)] == [message(b"hello")]


def test_no_more_is_sent_than_the_windows_allow(peer: Peer) -> None:
    peer.h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 10})
    stream = peer.begin("Echo")
    peer.h2.send_data(stream, message(b"x" * 100), end_stream=True)
    peer.flush()
    assert peer.next_data() == message(b"x" * 100)[:10]
    peer.h2.ping(b"12345678")
    peer.flush()
    assert not [event for event in peer.until(PingAckReceived) if isinstance(event, DataReceived)]
    peer.h2.increment_flow_control_window(25, stream)
    peer.flush()
    assert peer.next_data() == b"x" * 25
    peer.h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 1000})
    peer.flush()
    rest = [event.data for event in peer.until(StreamEnded) if isinstance(event, DataReceived)]
    assert len(b"".join(rest)) == 105 - 35


def test_what_is_no_grpc_is_told_so(peer: Peer) -> None:
    stream = peer.begin("Echo", content_type="text/plain")
    peer.h2.end_stream(stream)
    peer.flush()
    answer = next(event for event in peer.events() if isinstance(event, ResponseReceived))
    assert dict(answer.headers)[":status"] == "415"


@pytest.mark.parametrize("data", [b"", message(b"a") + message(b"b"), message(b"abc")[:-1]])
def test_a_unary_call_takes_one_whole_message(peer: Peer, data: bytes) -> None:
    stream = peer.begin("Echo")
    peer.h2.send_data(stream, data, end_stream=True)
    peer.flush()
    answer = next(event for event in peer.events() if isinstance(event, ResponseReceived))
    assert dict(answer.headers)["grpc-status"] == "3"


def test_a_stream_that_is_refused_early_is_reset(peer: Peer) -> None:
    stream = peer.begin("Echo", grpc_encoding="snappy")
    peer.h2.send_data(stream, b"\x01" + message(b"hello")[1:])
    peer.flush()
    reset = peer.until(StreamReset)[-1]
    assert isinstance(reset, StreamReset)
    assert reset.error_code == ErrorCodes.NO_ERROR
    peer.h2.ping(b"12345678")
    peer.flush()
    assert peer.until(PingAckReceived)


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (bytes([0x40, 0, 1, 0, 0, 0, 0, 0, 1]), ErrorCodes.FRAME_SIZE_ERROR),
        (bytes([0, 0, 0, 0, 0, 0, 0, 0, 9]), ErrorCodes.PROTOCOL_ERROR),  # data on a stream that has not begun
        (bytes([0, 0, 1, 1, 0, 0, 0, 0, 1, 0x82, 0, 0, 0, 6, 0, 0, 0, 0, 0]), ErrorCodes.PROTOCOL_ERROR),
        (bytes([0, 0, 1, 9, 4, 0, 0, 0, 1, 0x82]), ErrorCodes.PROTOCOL_ERROR),  # goes on with no beginning
        (bytes([0, 0, 1, 1, 4, 0, 0, 0, 2, 0x82]), ErrorCodes.PROTOCOL_ERROR),  # an even number
        (bytes([0, 0, 1, 1, 4, 0, 0, 0, 1, 0xFE]), ErrorCodes.COMPRESSION_ERROR),
        (bytes([0, 0, 1, 1, 12, 0, 0, 0, 1, 9]), ErrorCodes.PROTOCOL_ERROR),  # more padding than bytes
        (bytes([0, 0, 2, 4, 0, 0, 0, 0, 0, 0, 0]), ErrorCodes.FRAME_SIZE_ERROR),
        (bytes([0, 0, 2, 8, 0, 0, 0, 0, 0, 0, 0]), ErrorCodes.FRAME_SIZE_ERROR),
    ],
)
def test_who_breaks_the_protocol_is_told_how_and_cut_off(served: Served, sent: bytes, reason: ErrorCodes) -> None:
    peer = Peer(served.port)
    peer.h2.initiate_connection()
    peer.socket.sendall(PREFACE + EMPTY_SETTINGS + sent)
    ended = [event for event in peer.events() if isinstance(event, ConnectionTerminated)]
    assert [event.error_code for event in ended] == [reason]
    peer.socket.close()


def test_noise_hurts_nobody_else(served: Served, channel: grpc.Channel) -> None:
    chance = random.Random(7)
    echo = channel.unary_unary("/test/Echo")
    for _ in range(60):
        peer = Peer(served.port)
        peer.h2.initiate_connection()
        stream = peer.begin("Echo")
        peer.h2.send_data(stream, message(b"hello" * 20), end_stream=True)
        noise = bytearray(peer.h2.data_to_send())
        for _ in range(chance.randint(1, 6)):
            noise[chance.randrange(len(PREFACE), len(noise))] = chance.randrange(256)
        peer.socket.sendall(noise)
        peer.socket.close()
        assert echo(b"hello", timeout=10) == b"hello"
