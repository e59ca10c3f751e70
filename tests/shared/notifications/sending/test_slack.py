"""Slack: blocks by an incoming webhook or by chat.postMessage."""

import json
from datetime import timedelta

import pytest

from shared.core.settings import settings
from shared.notifications import DeliveryState, Slack, deliver_due, queue
from tests.shared.notifications.conftest import MakeChannel
from tests.shared.notifications.messages import AT, delivery_of, message
from tests.shared.notifications.receiver import Receiver, Reply
from tests.shared.notifications.secret_store import keep_secret


@pytest.fixture
def slack(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    """Slack's API, as it answers."""
    monkeypatch.setenv("KOMPO_SLACK_URL", receiver.url)
    settings.cache_clear()
    receiver.usual = Reply(200, '{"ok":true,"ts":"1"}')
    return receiver


def test_a_webhook_gets_blocks_and_nobody_is_mentioned(make_channel: MakeChannel, receiver: Receiver) -> None:
    channel = make_channel(Slack(webhook=keep_secret(f"{receiver.url}/services/T/B/x")))
    queue(message("<!channel> slow", url="https://kompo.example/alerts/1"), [channel.id], at=AT)
    assert deliver_due(AT).delivered == 1
    [request] = receiver.requests
    assert request.path == "/services/T/B/x"
    said = json.loads(request.body)
    blocks = said["blocks"]
    assert said["text"] == "&lt;!channel&gt; slow", "a mention in what is shown in place of blocks is one"
    assert [block["type"] for block in blocks] == ["header", "section", "actions"]
    assert blocks[0]["text"] == {"type": "plain_text", "text": "🔴 <!channel> slow", "emoji": False}
    assert blocks[2]["elements"][0]["url"] == "https://kompo.example/alerts/1"


def test_a_webhook_that_is_no_more_is_a_dead_letter(make_channel: MakeChannel, receiver: Receiver) -> None:
    receiver.usual = Reply(404, "no_service")
    channel = make_channel(Slack(webhook=keep_secret(receiver.url)))
    [queued] = queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).dead == 1
    assert delivery_of(queued.id).attempts[0].answer == "404 no_service"


def test_a_token_posts_into_its_conversation(make_channel: MakeChannel, slack: Receiver) -> None:
    channel = make_channel(Slack(token=keep_secret("xoxb-1"), conversation="#ops"))
    [queued] = queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).delivered == 1
    [request] = slack.requests
    assert (request.path, request.headers["Authorization"]) == ("/api/chat.postMessage", "Bearer xoxb-1")
    said = json.loads(request.body)
    assert (said["channel"], said["metadata"]["event_payload"]) == ("#ops", {"id": queued.id})


def test_a_long_answer_of_slack_is_understood(make_channel: MakeChannel, slack: Receiver) -> None:
    slack.usual = Reply(200, json.dumps({"ok": True, "message": {"text": "x" * 10_000}}))
    channel = make_channel(Slack(token=keep_secret("xoxb-1"), conversation="#ops"))
    queue(message("x" * 5000), [channel.id], at=AT)
    assert deliver_due(AT).delivered == 1


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (Reply(200, '{"ok":false,"error":"channel_not_found"}'), DeliveryState.DEAD),
        (Reply(200, '{"ok":false,"error":"invalid_auth"}'), DeliveryState.QUEUED),
        (Reply(200, '{"ok":false,"error":"internal_error"}'), DeliveryState.QUEUED),
        (Reply(429, "", {"Retry-After": "30"}), DeliveryState.QUEUED),
    ],
)
def test_only_what_can_pass_is_tried_again(
    make_channel: MakeChannel, slack: Receiver, reply: Reply, state: DeliveryState
) -> None:
    slack.replies = [reply]
    channel = make_channel(Slack(token=keep_secret("xoxb-1"), conversation="#ops"))
    [queued] = queue(message(), [channel.id], at=AT)
    deliver_due(AT)
    assert delivery_of(queued.id).state is state
    deliver_due(AT + timedelta(minutes=5))
    assert len(slack.requests) == (1 if state is DeliveryState.DEAD else 2)


@pytest.mark.parametrize(
    "secret", ["https://hooks.slack.com/secret path", "https://hooks.slack.com/secret\x01", "secret", "ftp://secret"]
)
def test_a_url_that_is_none_is_not_shown(
    make_channel: MakeChannel, caplog: pytest.LogCaptureFixture, secret: str
) -> None:
    channel = make_channel(Slack(webhook=keep_secret(secret)))
    [queued] = queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).dead == 1
    assert "secret" not in delivery_of(queued.id).attempts[0].answer.replace("or a secret", "") + caplog.text


def test_a_token_that_no_header_can_hold_is_not_shown(
    make_channel: MakeChannel, slack: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    channel = make_channel(Slack(token=keep_secret("xoxb-1\r\nX: y"), conversation="#ops"))
    [queued] = queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).dead == 1
    assert "xoxb" not in delivery_of(queued.id).attempts[0].answer + caplog.text
    assert slack.requests == []
