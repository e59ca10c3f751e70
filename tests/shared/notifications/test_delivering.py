"""Deliveries: each message once, none lost, however often it is queued and whoever delivers."""

from datetime import timedelta

from shared.notifications import Channel, DeliveryState, deliver_due, queue
from tests.shared.notifications.mailbox import Mailbox
from tests.shared.notifications.messages import AT, delivery_of, message


def test_what_is_queued_goes_out_when_it_is_due(mail: Channel, mailbox: Mailbox) -> None:
    [queued] = queue(message(), [mail.id], at=AT)
    deliver_due(AT - timedelta(seconds=1))
    assert mailbox.mails == []
    assert deliver_due(AT).delivered == 1
    [received] = mailbox.mails
    assert (received["Subject"], received["To"]) == ("Slow", queued.to)
    assert received["Message-ID"] == f"<{queued.id}@example.com>"
    assert delivery_of(queued.id).state is DeliveryState.DELIVERED


def test_the_same_key_is_the_same_delivery(mail: Channel, mailbox: Mailbox) -> None:
    [first] = queue(message(key="k"), [mail.id, mail.id], at=AT)
    [again] = queue(message(key="k"), [mail.id], at=AT)
    assert again.id == first.id
    deliver_due(AT)
    queue(message(key="k"), [mail.id], at=AT)
    deliver_due(AT + timedelta(hours=1))
    assert len(mailbox.mails) == 1


def test_a_message_brings_along_any_json(mail: Channel) -> None:
    data = {"": [[1, [2.5, None]], {"a.b": True}], "ünï": "\x00"}
    [queued] = queue(message(data=data), [mail.id], at=AT)
    assert delivery_of(queued.id).content.data == data


def test_what_a_busy_server_puts_off_goes_out_later(mail: Channel, mailbox: Mailbox) -> None:
    mailbox.answers = ["451 4.3.0 busy"]
    queue(message(), [mail.id], at=AT)
    assert deliver_due(AT).failed == 1
    assert deliver_due(AT + timedelta(minutes=1)).delivered == 1
    assert len(mailbox.mails) == 1


def test_what_is_held_back_is_bundled_and_none_is_lost(mail: Channel, mailbox: Mailbox) -> None:
    queue(message("First"), [mail.id], at=AT)
    deliver_due(AT)
    held = [queue(message(f"Later {n}"), [mail.id], at=AT)[0] for n in range(3)]
    assert deliver_due(AT + timedelta(seconds=30)).held == 3
    assert deliver_due(AT + timedelta(seconds=60)).delivered == 3
    assert mailbox.mails[0]["Subject"] == "First"
    bundle = mailbox.mails[1].get_body(("plain",))
    assert bundle is not None
    assert all(f"Later {n}: 95 s" in bundle.get_content() for n in range(3))
    assert {delivery_of(delivery.id).state for delivery in held} == {DeliveryState.DELIVERED}
