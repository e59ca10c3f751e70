"""Posting: a receiver that never finishes is left, and Retry-After is read as it may be written."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime

import pytest

from shared.core.clock import now
from shared.notifications.errors import NotSent
from shared.notifications.sending import posting
from shared.notifications.sending.posting import Answer, post
from tests.shared.notifications.receiver import HOST


@pytest.fixture
def dripping() -> Iterator[int]:
    """The port of a receiver that answers a byte every 20 ms, without end."""
    with socket.create_server((HOST, 0)) as server:
        done = threading.Event()

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                while not done.wait(0.02):
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        done.set()
        thread.join()


def test_a_receiver_that_drips_is_cut_off(dripping: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "_IN_ALL", 0.3)
    began = time.monotonic()
    with pytest.raises(NotSent, match="does not answer"):
        post(f"http://{HOST}:{dripping}/", b"{}", {})
    assert time.monotonic() - began < 5


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """The port of a receiver that gives this answer to one request, and then keeps the connection."""
    done = threading.Event()
    with socket.create_server((HOST, 0)) as server:

        def speak() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)
                done.wait(30)

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        done.set()
        thread.join()


@pytest.mark.parametrize(
    ("rest", "text"),
    [
        ("\r\nok", "ok"),
        ("Content-Length: 100\r\n\r\nok", "ok"),
        ("Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz", "ok"),
        ("Transfer-Encoding: chunked\r\n\r\nzz\r\nok", ""),
    ],
)
def test_a_status_counts_though_the_text_after_it_never_ends(
    rest: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "_IN_ALL", 0.3)
    with answering(f"HTTP/1.1 410 Gone\r\nRetry-After: 9\r\n{rest}".encode()) as port:
        answer = post(f"http://{HOST}:{port}/", b"{}", {})
    assert (answer.status, answer.retry_after, answer.text) == (410, 9, text)


@pytest.mark.parametrize(
    ("given", "least", "most"),
    [
        ("120", 120, 120),
        (timedelta(hours=1), 3500, 3600),
        (-timedelta(seconds=90), 0, 0),
    ],
)
def test_retry_after_is_seconds_or_a_date(given: str | timedelta, least: float, most: float) -> None:
    said = given if isinstance(given, str) else format_datetime(now() + given)
    after = Answer(429, {"retry-after": said}, "").retry_after
    assert after is not None
    assert least <= after <= most


@pytest.mark.parametrize("given", ["", "soon", "-1", "1.5", "²", "Wed, 99 Foo"])
def test_anything_else_is_none(given: str) -> None:
    assert Answer(429, {"retry-after": given}, "").retry_after is None
