"""Dead letters: what never arrived is kept with the reason, and goes out again when somebody says so."""

import io
from datetime import timedelta

import pytest

from shared.core.errors import Conflict, NotFound
from shared.notifications import (
    Channel,
    DeliveryState,
    Email,
    Webhook,
    delete_channel,
    deliver_due,
    list_deliveries,
    queue,
    replay,
    replay_dead,
    try_channel,
)
from shared.notifications.__main__ import main
from tests.shared.notifications.conftest import MakeChannel
from tests.shared.notifications.mailbox import Mailbox
from tests.shared.notifications.messages import AT, delivery_of, message
from tests.shared.notifications.receiver import Receiver, Reply
from tests.shared.notifications.secret_store import keep_secret, signing_secret


@pytest.fixture
def hook(make_channel: MakeChannel, receiver: Receiver) -> Channel:
    """A webhook with two attempts."""
    return make_channel(Webhook(url=receiver.url, secret=keep_secret(signing_secret())), max_attempts=2)


def dead_letter(hook: Channel, receiver: Receiver) -> str:
    """The id of a message that was given up."""
    receiver.usual = Reply(500, "down")
    [queued] = queue(message(), [hook.id], at=AT)
    for hours in (0, 1, 2):
        deliver_due(AT + timedelta(hours=hours))
    receiver.usual = Reply()
    return queued.id


def test_after_its_last_attempt_a_message_is_a_dead_letter(hook: Channel, receiver: Receiver) -> None:
    dead = dead_letter(hook, receiver)
    assert [delivery.id for delivery in list_deliveries(10, channel=hook.id, state=DeliveryState.DEAD).items] == [dead]
    assert [attempt.answer for attempt in delivery_of(dead).attempts] == ["500 down"] * 2
    assert len(receiver.requests) == 2


def test_a_replay_is_the_same_message(hook: Channel, receiver: Receiver) -> None:
    dead = dead_letter(hook, receiver)
    again = replay(dead, AT + timedelta(days=1))
    assert again.state is DeliveryState.QUEUED
    deliver_due(AT + timedelta(days=1))
    assert {(request.headers["webhook-id"], request.body) for request in receiver.requests} == {
        (dead, receiver.requests[0].body)
    }
    assert delivery_of(dead).state is DeliveryState.DELIVERED
    assert len(delivery_of(dead).attempts) == 3


def test_what_has_arrived_may_be_asked_for_again_and_what_is_on_its_way_not(hook: Channel, receiver: Receiver) -> None:
    [queued] = queue(message(), [hook.id], at=AT)
    with pytest.raises(Conflict, match="still on its way"):
        replay(queued.id, AT)
    deliver_due(AT)
    replay(queued.id, AT)
    deliver_due(AT)
    assert [request.headers["webhook-id"] for request in receiver.requests] == [queued.id] * 2
    with pytest.raises(NotFound):
        replay("nothing", AT)


def test_all_dead_letters_of_a_channel_are_replayed(hook: Channel, receiver: Receiver) -> None:
    dead = {dead_letter(hook, receiver) for _ in range(3)}
    at = AT + timedelta(days=1)
    assert {delivery.id for delivery in replay_dead(hook.id, at)} == dead
    assert deliver_due(at).delivered == 3


def test_a_bundle_that_was_given_up_is_replayed_whole(mail: Channel, mailbox: Mailbox) -> None:
    mailbox.answers = ["550 never"]
    ids = [queue(message(f"#{number}"), [mail.id], at=AT)[0].id for number in range(3)]
    assert deliver_due(AT).dead == 3
    assert {delivery_of(each).state for each in ids} == {DeliveryState.DEAD}
    assert len(replay_dead(mail.id, AT)) == 1
    assert deliver_due(AT + timedelta(minutes=5)).delivered == 3
    assert {delivery_of(each).state for each in ids} == {DeliveryState.DELIVERED}
    [bundle] = mailbox.mails
    body = bundle.get_body(("plain",))
    assert body is not None
    assert all(f"#{number}" in body.get_content() for number in range(3))


def test_what_waits_in_a_channel_that_is_deleted_is_a_dead_letter(hook: Channel, receiver: Receiver) -> None:
    [queued] = queue(message(), [hook.id], at=AT)
    delete_channel(hook.id)
    assert deliver_due(AT).dead == 1
    assert delivery_of(queued.id).attempts[-1].answer == "The channel is gone."
    assert receiver.requests == []


def test_a_test_goes_out_at_once_though_its_contact_was_told_a_moment_ago(mail: Channel, mailbox: Mailbox) -> None:
    queue(message(), [mail.id], at=AT)
    deliver_due(AT)
    [tested] = try_channel(mail.id, AT)
    assert tested.state is DeliveryState.DELIVERED
    assert mailbox.mails[-1]["Subject"] == "A test of Kompo's notifications"


def test_a_test_that_fails_says_why_and_is_not_tried_again(mail: Channel, mailbox: Mailbox) -> None:
    mailbox.answers = ["451 busy"]
    [tested] = try_channel(mail.id, AT)
    assert (tested.state, tested.attempts[0].answer) == (DeliveryState.DEAD, "451 busy")


def test_a_channel_that_reaches_nobody_cannot_be_tried(make_channel: MakeChannel) -> None:
    with pytest.raises(Conflict, match="no recipients"):
        try_channel(make_channel(Email()).id, AT)
    with pytest.raises(Conflict, match="switched off"):
        try_channel(make_channel(Email(), enabled=False).id, AT)


def test_an_operator_does_all_of_it_from_a_shell(
    hook: Channel, receiver: Receiver, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = hook.config.secret if isinstance(hook.config, Webhook) else ""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{signing_secret()}\n"))
    assert main(["secret", secret]) == 0
    assert capsys.readouterr().out == f"{secret} is kept: version 2\n"
    assert main(["test", hook.id]) == 0
    assert len(receiver.requests[0].headers["webhook-signature"].split()) == 2
    dead = dead_letter(hook, receiver)
    assert main(["dead", "--channel", hook.id]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split("\t")[:2] == [dead, "dead"]
    assert main(["replay", dead]) == 0
    assert main(["deliver"]) == 0
    assert "1 delivered" in capsys.readouterr().out
    assert main(["replay", "nothing"]) == 1
    assert main(["secret", "user-salt"]) == 1
    assert main(["test", "nothing"]) == 1
