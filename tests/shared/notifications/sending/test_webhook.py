"""Webhooks: signed as Standard Webhooks says, tried again, switched off when their receiver is gone."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from shared.core.clients import firestore_client
from shared.notifications import Channel, DeliveryState, Webhook, deliver_due, get_channel, queue, save_channel
from tests.cloud import wait_for
from tests.shared.notifications.conftest import MakeChannel
from tests.shared.notifications.messages import AT, delivery_of, message
from tests.shared.notifications.receiver import Receiver, Reply
from tests.shared.notifications.secret_store import disable_version, keep_secret, signing_secret

SECRET = signing_secret()


@pytest.fixture
def channel(make_channel: MakeChannel, receiver: Receiver) -> Channel:
    return make_channel(Webhook(url=f"{receiver.url}/hook?a=b", secret=keep_secret(SECRET)))


def secret_of(channel: Channel) -> str:
    assert isinstance(channel.config, Webhook)
    return channel.config.secret


def test_the_official_library_verifies_what_arrives(channel: Channel, receiver: Receiver) -> None:
    [queued] = queue(message(data={"value": 95.5, "who": "Zoë"}), [channel.id], at=AT)
    assert deliver_due(AT).delivered == 1
    [request] = receiver.requests
    told = Verifier(SECRET).verify(request.body, request.headers)
    assert told["data"] == {
        "subject": "Slow", "text": "Slow: 95 s", "url": None, "severity": "critical", "value": 95.5, "who": "Zoë",
    }  # fmt: skip
    assert told["timestamp"] == AT.isoformat()
    assert (request.path, request.headers["webhook-id"]) == ("/hook?a=b", queued.id)
    with pytest.raises(WebhookVerificationError):
        Verifier(SECRET).verify(request.body + b" ", request.headers)


def test_while_a_secret_is_rotated_receivers_with_either_of_them_verify(channel: Channel, receiver: Receiver) -> None:
    new = signing_secret()
    keep_secret(new, secret_of(channel))
    queue(message(), [channel.id], at=AT)
    deliver_due(AT)
    disable_version(secret_of(channel), 1)
    queue(message(), [channel.id], at=AT)
    deliver_due(AT)
    during, after = receiver.requests
    Verifier(SECRET).verify(during.body, during.headers)
    Verifier(new).verify(during.body, during.headers)
    Verifier(new).verify(after.body, after.headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(SECRET).verify(after.body, after.headers)


def test_what_fails_is_tried_again_as_the_same_message(channel: Channel, receiver: Receiver) -> None:
    receiver.replies = [Reply(500, "a defect"), Reply(400, "not now")]
    [queued] = queue(message(), [channel.id], at=AT)
    at = AT
    for _ in range(3):
        deliver_due(at)
        at += timedelta(hours=5)
    assert [attempt.answer for attempt in delivery_of(queued.id).attempts] == ["500 a defect", "400 not now", "200 ok"]
    assert len({(request.headers["webhook-id"], request.body) for request in receiver.requests}) == 1
    assert delivery_of(queued.id).state is DeliveryState.DELIVERED


def test_pauses_grow_and_are_never_the_same(channel: Channel, receiver: Receiver) -> None:
    receiver.usual = Reply(503, "")
    at, pauses = AT, []
    [queued] = queue(message(), [channel.id], at=AT)
    for _ in range(5):
        deliver_due(at)
        due = delivery_of(queued.id).due
        assert due is not None
        pauses.append((due - at).total_seconds())
        at = due
    for number, pause in enumerate(pauses):
        assert 7.5 * 2**number <= pause <= 15 * 2**number + 5


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(channel: Channel, receiver: Receiver, status: int) -> None:
    receiver.replies = [Reply(status, "", {"Retry-After": "600"})]
    [queued] = queue(message(), [channel.id], at=AT)
    deliver_due(AT)
    deliver_due(AT + timedelta(seconds=599))
    assert len(receiver.requests) == 1
    deliver_due(AT + timedelta(seconds=610))
    assert len(receiver.requests) == 2
    assert delivery_of(queued.id).state is DeliveryState.DELIVERED


def test_a_receiver_that_is_gone_switches_its_channel_off(channel: Channel, receiver: Receiver) -> None:
    receiver.replies = [Reply(410, "unsubscribed")]
    [queued] = queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).dead == 1
    assert delivery_of(queued.id).state is DeliveryState.DEAD
    off = get_channel(channel.id)
    assert (off.enabled, off.disabled_because) == (False, "410 unsubscribed")
    [later] = queue(message(), [channel.id], at=AT)
    deliver_due(AT)
    assert (later.state, len(receiver.requests)) == (DeliveryState.DEAD, 1)


def test_a_channel_that_leads_elsewhere_by_then_is_not_switched_off(channel: Channel, receiver: Receiver) -> None:
    receiver.replies = [Reply(410)]
    receiver.may_answer.clear()
    queue(message(), [channel.id], at=AT)
    with ThreadPoolExecutor(1) as thread:
        delivering = thread.submit(deliver_due, AT)
        wait_for(lambda: receiver.requests, "it is asked")
        moved = Webhook(url=f"{receiver.url}/new", secret=secret_of(channel))
        save_channel(channel.id, AT, name="Moved", config=moved)
        receiver.may_answer.set()
        assert delivering.result().dead == 1
    assert get_channel(channel.id).enabled


def test_a_redirect_is_not_followed(channel: Channel, receiver: Receiver) -> None:
    receiver.replies = [Reply(307, "", {"Location": f"{receiver.url}/inside"})]
    queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).failed == 1
    assert [request.path for request in receiver.requests] == ["/hook?a=b"]


def test_no_secret_is_in_any_document(channel: Channel, receiver: Receiver) -> None:
    receiver.replies = [Reply(500, "oh")]
    [queued] = queue(message(), [channel.id], at=AT)
    deliver_due(AT)
    for path in (f"notification_channels/{channel.id}", f"notification_deliveries/{queued.id}"):
        assert SECRET.removeprefix("whsec_") not in json.dumps(
            firestore_client().document(path).get().to_dict(), default=str
        )


@pytest.mark.parametrize("bad", ["whsec_", "hello", "whsec_????", "whsec_c2hvcnQ="])
def test_a_secret_that_cannot_sign_is_refused_and_not_shown(
    make_channel: MakeChannel, receiver: Receiver, bad: str
) -> None:
    channel = make_channel(Webhook(url=receiver.url, secret=keep_secret(bad)))
    [queued] = queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).dead == 1
    [attempt] = delivery_of(queued.id).attempts
    assert attempt.answer == f"The secret {secret_of(channel)} must be whsec_ followed by 24 to 64 bytes in base64."
    assert receiver.requests == []


def test_while_a_receiver_does_not_answer_it_is_left_alone_and_nothing_is_given_up(
    channel: Channel, receiver: Receiver
) -> None:
    ids = [queue(message(f"#{number}"), [channel.id], at=AT)[0].id for number in range(30)]
    receiver.usual = Reply(503, "", {"Retry-After": "60"})
    done = deliver_due(AT)
    assert (done.failed, done.held, len(receiver.requests)) == (1, 29, 1)
    assert deliver_due(AT + timedelta(seconds=50)).failed == 0
    receiver.usual = Reply()
    assert deliver_due(AT + timedelta(seconds=90)).delivered == 30
    assert {delivery_of(each).state for each in ids} == {DeliveryState.DELIVERED}


def test_one_message_that_is_refused_does_not_hold_up_the_others(channel: Channel, receiver: Receiver) -> None:
    receiver.replies = [Reply(400, "not this one")]
    [poison] = queue(message("Poison"), [channel.id], at=AT)
    deliver_due(AT)
    receiver.replies = [Reply(), Reply(), Reply(400, "not this one")]
    fine = [queue(message("Fine"), [channel.id], at=AT)[0].id for _ in range(2)]
    done = deliver_due(AT + timedelta(minutes=1))
    assert (done.delivered, done.failed) == (2, 1)
    assert {delivery_of(each).state for each in fine} == {DeliveryState.DELIVERED}
    assert delivery_of(poison.id).state is DeliveryState.QUEUED
