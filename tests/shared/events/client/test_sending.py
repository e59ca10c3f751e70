"""Whatever the server does, the caller does not notice, and each event comes to exactly one end."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from shared.events.client import AnalyticsCollector
from tests.cloud import wait_for
from tests.shared.events.client.conftest import Collectors
from tests.shared.events.client.endpoint import Endpoint, Request


def track(collector: AnalyticsCollector, count: int = 1) -> None:
    for _ in range(count):
        collector.track_operation("ann", "trim", {"start": 1}, 1, True)


def hang(request: Request) -> None:
    time.sleep(3)


def close(request: Request) -> None:
    request.connection.connection.close()


def drip(request: Request) -> None:
    """A byte now and then, for ever."""
    request.connection.wfile.write(b"HTTP/1.1 202 Accepted\r\n")
    for _ in range(60):
        request.connection.wfile.write(b"X")
        request.connection.wfile.flush()
        time.sleep(0.05)


def garbage(request: Request) -> None:
    request.connection.wfile.write(b"\x00\xff what?\r\n\r\n")


def answering(body: bytes, status: int = 200, **headers: str) -> Callable[[Request], Any]:
    return lambda _: (status, headers, body)


@pytest.mark.parametrize(
    "behaviour",
    [
        hang,
        close,
        drip,
        garbage,
        answering(b"not json"),
        answering(b"[]"),
        answering(b'{"verdicts": []}'),
        answering(b'{"verdicts": [{"outcome": "eaten"}]}'),
        answering(b'{"verdicts": [7]}'),
        answering(b"", 301, Location="http://127.0.0.1:9/elsewhere"),
        answering(b"", 401),
        answering(b"", 429),
        answering(b"", 500),
        answering(b"", 503, Retry_After="soon"),
    ],
)
def test_an_event_that_gets_no_receipt_waits_on_disk_and_is_sent_again_under_its_id(
    make: Collectors, endpoint: Endpoint, behaviour: Callable[[Request], Any]
) -> None:
    collector = make(timeout=0.3)
    endpoint.behaviour = behaviour
    track(collector)
    started = time.monotonic()
    assert collector.flush(2) is False
    assert time.monotonic() - started < 2
    assert collector.stats().spooled == 1
    assert collector.stats().problem
    endpoint.recover()
    wait_for(lambda: collector.flush(5), "the event is taken")
    stats = collector.stats()
    assert (stats.accepted, stats.spooled) == (1, 0)
    assert len({event["eventId"] for each in endpoint.requests for event in each.body["events"]}) == 1


@pytest.mark.parametrize("status", [400, 405, 415, 422])
def test_a_batch_that_can_never_be_taken_is_given_up_at_once(make: Collectors, endpoint: Endpoint, status: int) -> None:
    collector = make()
    endpoint.refuse(status)
    track(collector, 3)
    assert collector.flush()
    stats = collector.stats()
    assert (stats.refused, stats.spooled) == (3, 0)
    assert sum(len(each.body["events"]) for each in endpoint.requests) == 3
    endpoint.recover()
    track(collector)
    assert collector.flush()
    assert collector.stats().accepted == 1


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_only_a_person_can_mend_is_tried_ten_times(make: Collectors, endpoint: Endpoint, status: int) -> None:
    collector = make()
    endpoint.refuse(status)
    track(collector)
    while not collector.flush():
        pass
    assert collector.stats().refused == 1
    assert len(endpoint.requests) == 10


def test_a_batch_that_is_too_large_is_halved(make: Collectors, endpoint: Endpoint) -> None:
    collector = make()
    endpoint.behaviour = lambda request: (
        (413, {}, b"") if len(request.body["events"]) > 3 else endpoint.receipt(request)
    )
    track(collector, 10)
    assert collector.flush()
    assert collector.stats().accepted == 10


def test_a_server_that_takes_no_packed_bodies_gets_plain_ones(make: Collectors, endpoint: Endpoint) -> None:
    collector = make()
    endpoint.behaviour = lambda request: (
        (415, {}, b"") if "Content-Encoding" in request.headers else endpoint.receipt(request)
    )
    track(collector, 50)
    assert collector.flush()
    track(collector, 50)
    assert collector.flush()
    packed = ["Content-Encoding" in each.headers for each in endpoint.requests]
    assert sum(packed) == 1
    assert collector.stats().accepted == 100


@pytest.mark.parametrize("as_date", [False, True])
def test_a_server_that_says_when_to_come_back_is_not_asked_before(
    make: Collectors, endpoint: Endpoint, as_date: bool
) -> None:
    tomorrow = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
    collector = make()
    endpoint.refuse(429, Retry_After=tomorrow if as_date else "1")
    track(collector)
    assert collector.flush() is False
    endpoint.recover()
    asked = time.monotonic()
    while not collector.flush(0.2) and time.monotonic() - asked < 2.5:
        assert len(endpoint.requests) == 1 or time.monotonic() - asked >= 0.5
        time.sleep(0.05)
    assert collector.stats().accepted == (0 if as_date else 1)


def test_pauses_grow_while_a_server_is_down(make: Collectors, endpoint: Endpoint) -> None:
    collector = make()
    endpoint.refuse(500)
    track(collector)
    time.sleep(2)
    assert 2 <= len(endpoint.requests) <= 5


def test_verdicts_are_counted_and_what_is_limited_comes_again(make: Collectors, endpoint: Endpoint) -> None:
    collector = make()
    outcomes = ["accepted", "filtered", "invalid", "duplicate", "limited"]
    seen: set[str] = set()

    def some(request: Request) -> tuple[int, dict[str, str], bytes]:
        """The five verdicts in turn; whatever comes again is accepted."""
        verdicts = []
        for event in request.body["events"]:
            again = event["eventId"] in seen
            seen.add(event["eventId"])
            verdicts.append({"outcome": "accepted" if again else outcomes[len(seen) - 1]})
        return 202, {"Retry-After": "0"}, json.dumps({"verdicts": verdicts}).encode()

    endpoint.behaviour = some
    track(collector, 5)
    wait_for(lambda: len(seen) == 5, "all five have had a verdict")
    wait_for(lambda: collector.flush(), "the limited one is taken")
    stats = collector.stats()
    assert (stats.accepted, stats.filtered, stats.invalid, stats.duplicate, stats.limited) == (2, 1, 1, 1, 1)
    assert sum(len(each.body["events"]) for each in endpoint.requests) == 6


def test_a_call_does_not_wait_for_a_server_that_is_down(make: Collectors, endpoint: Endpoint) -> None:
    collector = make(timeout=5.0)
    endpoint.behaviour = hang
    track(collector)
    wait_for(lambda: endpoint.requests, "the thread is held up")
    started = time.monotonic()
    track(collector, 1000)
    assert time.monotonic() - started < 1
    started = time.monotonic()
    assert collector.close(0.3) is False
    assert time.monotonic() - started < 2
    assert collector.stats().spooled == 1001
    track(collector)
    assert collector.stats().dropped == 1


def test_a_user_over_the_budget_holds_up_nobody_else(make: Collectors, endpoint: Endpoint) -> None:
    collector = make(on_behalf=True)

    def limiting(request: Request) -> tuple[int, dict[str, str], bytes]:
        if request.body["userId"] == "bob":
            return endpoint.receipt(request)
        verdicts = [{"outcome": "limited"} for _ in request.body["events"]]
        return 200, {"Retry-After": "60"}, json.dumps({"verdicts": verdicts}).encode()

    endpoint.behaviour = limiting
    for user in ("ann", "bob", "ann"):
        collector.track_operation(user, "trim", {}, 1, True)
    assert collector.flush() is False
    collector.track_operation("bob", "trim", {}, 1, True)
    assert collector.flush() is False
    stats = collector.stats()
    assert stats.accepted == 2
    assert stats.limited >= 1
    assert sum(each.body["userId"] == "ann" for each in endpoint.requests) == 1
