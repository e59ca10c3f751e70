"""Calls of the official client: all of its four kinds, and every way in which they end."""

import hashlib
import queue
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from tests.cloud import wait_for
from tests.infra.local.firestore.rpc.conftest import MEBIBYTE, Served

LARGE = hashlib.shake_128(b"rpc").digest(20 * MEBIBYTE)


@pytest.mark.parametrize("method", ["Echo", "EchoLater"])
@pytest.mark.parametrize("size", [0, 1, 16_379, 16_384, 65_536, len(LARGE)])
def test_a_message_of_any_size_comes_back(channel: grpc.Channel, method: str, size: int) -> None:
    assert channel.unary_unary(f"/test/{method}")(LARGE[:size], timeout=30) == LARGE[:size]


def test_calls_at_once_get_each_its_own_answer(channel: grpc.Channel) -> None:
    echo = channel.unary_unary("/test/EchoLater")
    messages = [str(number).encode() * (number % 50) for number in range(500)]
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(lambda message: echo(message, timeout=30), messages)) == messages


def test_compressed_requests_are_understood(channel: grpc.Channel) -> None:
    echo = channel.unary_unary("/test/Echo")
    for compression in (grpc.Compression.Gzip, grpc.Compression.Deflate):
        assert echo(b"again and " * 1000, compression=compression, timeout=10) == b"again and " * 1000


def test_who_calls_is_known_however_the_headers_change(channel: grpc.Channel) -> None:
    whoami = channel.unary_unary("/test/WhoAmI")
    for number in [*range(40), *range(40)]:
        name = f"Bearer {number}" * (number % 7 + 1)
        metadata = [("authorization", name), (f"x-{number % 5}", "other")]
        assert whoami(b"", metadata=metadata, timeout=10) == name.encode()
    assert whoami(b"", timeout=10) == b""


def test_headers_of_many_frames_are_put_together(channel: grpc.Channel) -> None:
    name = "Bearer " + "x" * 40_000
    answer = channel.unary_unary("/test/WhoAmI")(b"", metadata=[("authorization", name)], timeout=10)
    assert answer == name.encode()


@pytest.mark.parametrize("message", ["plain", "100 % – ünïcödé", "two\nlines", "x" * 3000, ""])
def test_a_refusal_says_why(channel: grpc.Channel, message: str) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        channel.unary_unary("/test/Refuse")(message.encode(), timeout=10)
    assert (refused.value.code(), refused.value.details()) == (grpc.StatusCode.FAILED_PRECONDITION, message)


def test_what_is_not_served_and_what_breaks_says_so(channel: grpc.Channel) -> None:
    for method, code in {"Nothing": grpc.StatusCode.UNIMPLEMENTED, "Broken": grpc.StatusCode.INTERNAL}.items():
        with pytest.raises(grpc.RpcError) as failed:
            channel.unary_unary(f"/test/{method}")(b"", timeout=10)
        assert failed.value.code() == code
    assert channel.unary_unary("/test/Echo")(b"still here", timeout=10) == b"still here"


def test_a_message_past_the_limit_is_refused_before_it_is_held(channel: grpc.Channel) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        channel.unary_unary("/test/Echo")(bytes(65 * MEBIBYTE), timeout=30)
    assert refused.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


def test_a_stream_of_answers_waits_for_who_is_slow(channel: grpc.Channel, served: Served) -> None:
    answers = channel.unary_stream("/test/Pour")(b"64", timeout=60)
    assert next(answers) == bytes(MEBIBYTE)
    assert channel.unary_unary("/test/Echo")(b"quick", timeout=10) == b"quick"  # nobody else is held up
    assert served.sent < 40
    assert [message[:1] for message in answers] == [bytes([number]) for number in range(1, 64)]
    assert served.over.wait(10)


def test_both_sides_of_a_stream_take_turns(channel: grpc.Channel, served: Served) -> None:
    requests: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def feed() -> Iterator[bytes]:
        while (message := requests.get()) is not None:
            yield message

    answers = channel.stream_stream("/test/Chat")(feed(), timeout=30)
    for message in (b"one", b"", b"three" * 50_000):
        requests.put(message)
        assert next(answers) == message
    requests.put(None)
    assert list(answers) == []
    assert served.over.wait(10)
    assert not served.gone.is_set()


@pytest.mark.parametrize("method", ["Chat", "Pour"])
@pytest.mark.parametrize("how", ["cancels", "hangs up"])
def test_a_handler_learns_that_its_caller_is_gone(channel: grpc.Channel, served: Served, method: str, how: str) -> None:
    waiting = threading.Event()

    def feed() -> Iterator[bytes]:
        yield b"hello"
        waiting.wait(30)

    chat, pour = channel.stream_stream("/test/Chat"), channel.unary_stream("/test/Pour")
    answers = chat(feed()) if method == "Chat" else pour(b"1000")
    next(answers)
    answers.cancel() if how == "cancels" else channel.close()
    assert served.gone.wait(10)
    assert served.over.wait(10)
    waiting.set()


def test_a_stop_lets_calls_end_and_takes_no_more(channel: grpc.Channel, served: Served) -> None:
    answers = channel.unary_stream("/test/Pour")(b"8", timeout=30)
    next(answers)
    stopping = threading.Thread(target=served.stop, args=(20,))
    stopping.start()
    assert len(list(answers)) == 7
    stopping.join()


def test_a_stop_hangs_up_on_calls_without_an_end(channel: grpc.Channel, served: Served) -> None:
    waiting = threading.Event()

    def feed() -> Iterator[bytes]:
        yield b"hello"
        waiting.wait(30)

    answers = channel.stream_stream("/test/Chat")(feed(), timeout=30)
    next(answers)
    served.stop(0.1)
    with pytest.raises(grpc.RpcError) as ended:
        next(answers)
    assert ended.value.code() == grpc.StatusCode.UNAVAILABLE
    wait_for(served.gone.is_set, "the handler has been told")
    waiting.set()
