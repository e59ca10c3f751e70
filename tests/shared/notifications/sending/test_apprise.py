"""Apprise: any other service, by a URL that only Secret Manager has."""

import json

import pytest

from shared.notifications import Apprise, deliver_due, queue
from tests.shared.notifications.conftest import MakeChannel
from tests.shared.notifications.messages import AT, delivery_of, message
from tests.shared.notifications.receiver import HOST, Receiver, Reply
from tests.shared.notifications.secret_store import keep_secret


def test_a_service_gets_the_message(make_channel: MakeChannel, receiver: Receiver) -> None:
    channel = make_channel(Apprise(url=keep_secret(f"json://{HOST}:{receiver.port}/told")))
    queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).delivered == 1
    [request] = receiver.requests
    told = json.loads(request.body)
    assert (request.path, told["title"], told["message"], told["type"]) == ("/told", "Slow", "Slow: 95 s", "failure")


def test_a_service_that_fails_is_tried_again(make_channel: MakeChannel, receiver: Receiver) -> None:
    receiver.usual = Reply(500)
    channel = make_channel(Apprise(url=keep_secret(f"json://{HOST}:{receiver.port}/")))
    queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).failed == 1


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("nonsense://secret-path", "does not hold a URL that Apprise knows"),
        ("discord://secret-path", "does not hold a URL that Apprise knows"),
        ("syslog://", "is for a desktop"),
        ("json://10.0.0.1/secret-path", "is at a host of its own"),
        ("ntfy://ntfy.example/secret-path", "is at a host of its own"),
    ],
)
def test_what_could_reach_inside_is_refused_and_its_url_not_shown(
    make_channel: MakeChannel, caplog: pytest.LogCaptureFixture, url: str, why: str
) -> None:
    channel = make_channel(Apprise(url=keep_secret(url)))
    [queued] = queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).dead == 1
    [attempt] = delivery_of(queued.id).attempts
    assert why in attempt.answer
    assert "secret-path" not in attempt.answer + caplog.text
