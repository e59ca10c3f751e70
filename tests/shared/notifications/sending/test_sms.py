"""SMS by Twilio's API, and no more of them than anybody can read."""

import base64
import json
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from shared.core.ids import new_id
from shared.core.settings import settings
from shared.notifications import Channel, DeliveryState, Sms, deliver_due, queue
from shared.notifications.rendering import render
from shared.notifications.segments import segments
from tests.shared.notifications.conftest import MakeChannel
from tests.shared.notifications.messages import AT, delivery_of, message
from tests.shared.notifications.receiver import Receiver, Reply
from tests.shared.notifications.secret_store import keep_secret

ACCOUNT = f"AC{'0' * 32}"


@pytest.fixture
def twilio(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    """Twilio's API, as it answers."""
    monkeypatch.setenv("KOMPO_TWILIO_URL", receiver.url)
    settings.cache_clear()
    receiver.usual = Reply(201, json.dumps({"sid": "SM1", "status": "queued"}))
    return receiver


@pytest.fixture
def channel(make_channel: MakeChannel, twilio: Receiver) -> Channel:
    number = f"+1{abs(hash(new_id())) % 10**10:010}"
    return make_channel(Sms(account=ACCOUNT, token=keep_secret("tok"), sender="+15550001111", recipients=(number,)))


def texts(twilio: Receiver) -> list[str]:
    return [parse_qs(request.body.decode())["Body"][0] for request in twilio.requests]


def test_a_message_is_sent_as_twilio_asks_for_it(channel: Channel, twilio: Receiver) -> None:
    [queued] = queue(message("Slow & late", url="https://k.example/1"), [channel.id], at=AT)
    assert deliver_due(AT).delivered == 1
    [request] = twilio.requests
    assert request.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert request.headers["Authorization"] == f"Basic {base64.b64encode(f'{ACCOUNT}:tok'.encode()).decode()}"
    form = parse_qs(request.body.decode(), strict_parsing=True)
    assert form == {"To": [queued.to], "From": ["+15550001111"], "Body": ["Slow & late https://k.example/1"]}
    assert delivery_of(queued.id).attempts[0].answer == "201 SM1 queued"


def test_a_number_that_is_none_is_a_dead_letter_and_says_why(channel: Channel, twilio: Receiver) -> None:
    twilio.replies = [Reply(400, json.dumps({"code": 21211, "message": "Invalid 'To' Phone Number"}))]
    [queued] = queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).dead == 1
    assert delivery_of(queued.id).attempts[0].answer == "400 21211 Invalid 'To' Phone Number"


LINK = "https://k.example/alerts"


@pytest.mark.parametrize(
    ("subject", "size"), [("[A]" * 300, 459), ("ab " * 100, 459), ("ü" * 300, 459), ("ж" * 300, 201), ("😀" * 300, 201)]
)
def test_an_sms_is_no_longer_than_three_segments_and_keeps_its_link(subject: str, size: int) -> None:
    sms = render(message(subject, url=LINK)).sms
    wide = size == 201
    taken = len(sms.encode("utf-16-le")) // 2 if wide else len(sms) + sum(letter in "[]" for letter in sms)
    assert size - 8 <= taken <= size or sms == f"{subject.strip()} {LINK}"
    assert sms.endswith(LINK)
    assert segments(sms) <= 3


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        *[("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 459, 3), ("a" * 460, 4)],
        *[("€" * 80, 1), ("€" * 81, 2), (f"{'a' * 153}€{'a' * 151}", 2), (f"{'a' * 152}€{'a' * 152}", 3)],
        *[("ж" * 70, 1), ("ж" * 71, 2), ("😀" * 35, 1), ("😀" * 36, 2), ("😀" * 99, 3), ("😀" * 100, 4)],
    ],
)
def test_segments_are_counted_as_they_are_paid(text: str, taken: int) -> None:
    assert segments(text) == taken


def test_a_link_that_leaves_no_room_is_left_out() -> None:
    assert render(message("Slow", url=f"{LINK}/{'a' * 500}")).sms == "Slow"


def test_an_sms_of_many_messages_says_how_many_it_does_not_show(channel: Channel, twilio: Receiver) -> None:
    for number in range(20):
        queue(message(f"Alert {number:02} of a rule with a long name", url=LINK), [channel.id], at=AT)
    deliver_due(AT)
    [text] = texts(twilio)
    shown = text.count(LINK)
    assert text.endswith(f"; and {20 - shown} more")
    assert shown > 3
    assert segments(text) <= 3


def test_nobody_gets_more_than_the_limits_and_nothing_is_lost(channel: Channel, twilio: Receiver) -> None:
    """A message a minute for 16 minutes: after the fifth, what is held back is told as one."""
    ids = []
    for minute in range(16):
        at = AT + timedelta(minutes=minute)
        ids.append(queue(message(f"#{minute:02}"), [channel.id], at=at)[0].id)
        deliver_due(at)
    assert texts(twilio)[:5] == [f"#{minute:02}" for minute in range(5)]
    assert texts(twilio)[5:] == ["; ".join(f"#{minute:02}" for minute in range(5, 16))]
    assert {delivery_of(each).state for each in ids} == {DeliveryState.DELIVERED}
