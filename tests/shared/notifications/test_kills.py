"""Whoever delivers may die at any line, and any number may deliver at once: nothing is lost, nothing goes out a third time."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from infra.manifest import ROOT
from shared.core.clock import now
from shared.core.ids import new_id
from shared.notifications import Channel, DeliveryState, Email, SmtpServer, Webhook, deliver_due, list_deliveries, queue
from shared.notifications.claiming import LEASE
from tests.cloud import wait_for
from tests.shared.notifications.conftest import MakeChannel
from tests.shared.notifications.mailbox import HOST, Mailbox
from tests.shared.notifications.messages import AT, delivery_of, message
from tests.shared.notifications.receiver import Receiver
from tests.shared.notifications.secret_store import keep_secret, signing_secret

OURS = str(ROOT / "shared" / "notifications")
POINTS = 16
"""At how many lines of a delivery it is killed, spread evenly over all that run."""


class Killed(BaseException):
    """The process dies here: nothing catches it."""


class Reaper:
    """Counts the lines of our code that run, in any thread, and dies at the one with the number `last`, or as soon as `when`."""

    def __init__(self, last: int | None = None, when: Callable[[], bool] = lambda: False) -> None:
        self.lines = 0
        self._last = last
        self._when = when

    def trace(self, frame: FrameType, event: str, _arg: object) -> Any:
        code = frame.f_code
        if not code.co_filename.startswith(OURS) or code.co_name == "<lambda>":  # Pydantic catches what those raise.
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self._last or self._when():
                raise Killed(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}")
        return self.trace


@contextmanager
def watched(reaper: Reaper) -> Iterator[Reaper]:
    before = sys.gettrace()
    threading.settrace(reaper.trace)
    sys.settrace(reaper.trace)
    try:
        yield reaper
    finally:
        sys.settrace(before)
        threading.settrace(None)  # type: ignore[arg-type]


@pytest.fixture
def hook(make_channel: MakeChannel, receiver: Receiver) -> Channel:
    return make_channel(Webhook(url=receiver.url, secret=keep_secret(signing_secret())))


@pytest.fixture
def new_mail(make_channel: MakeChannel, mailbox: Mailbox) -> Callable[[], Channel]:
    server = SmtpServer(host=HOST, port=mailbox.port, security="none", sender="kompo@example.com")
    return lambda: make_channel(Email(recipients=(f"{new_id()}@example.com",), server=server))


def test_killed_at_any_line_nothing_is_lost_and_nothing_goes_out_a_third_time(
    hook: Channel, new_mail: Callable[[], Channel], receiver: Receiver, mailbox: Mailbox
) -> None:
    """Two messages to a webhook, and two that go out as one mail."""

    def round_of(last: int | None, when: Callable[[], bool] = lambda: False) -> Reaper:
        mail = new_mail()
        ids = [queue(message(), [each.id], at=AT)[0].id for each in (hook, hook, mail, mail)]
        with watched(Reaper(last, when)) as reaper, suppress(Killed):
            deliver_due(AT)
        deliver_due(AT + LEASE)
        deliver_due(AT + 2 * LEASE)
        assert {delivery_of(each).state for each in ids} == {DeliveryState.DELIVERED}, last
        return reaper

    lines = round_of(None).lines
    for number in range(POINTS):
        round_of(1 + number * lines // POINTS)
    # And once just after a message has arrived, before that is written down: it goes out a second time.
    arrived = len(receiver.requests)
    round_of(None, lambda: len(receiver.requests) > arrived)
    sent = Counter(request.headers["webhook-id"] for request in receiver.requests)
    mails = Counter(mail["Message-ID"] for mail in mailbox.mails)
    assert len(sent) == 2 * (POINTS + 2)
    assert len(mails) == POINTS + 2
    assert {*sent.values(), *mails.values()} == {1, 2}
    assert len({(request.headers["webhook-id"], request.body) for request in receiver.requests}) == len(sent)
    assert len({(mail["Message-ID"], raw) for mail, raw in zip(mailbox.mails, mailbox.raw, strict=True)}) == len(mails)


def test_killed_while_it_queues_it_queues_the_rest_when_it_is_called_again(hook: Channel, mail: Channel) -> None:
    with watched(Reaper()) as whole:
        queue(message(), [hook.id, mail.id], at=AT)
    for last in range(1, whole.lines, max(1, whole.lines // POINTS)):
        told = message()
        with watched(Reaper(last)), suppress(Killed):
            queue(told, [hook.id, mail.id], at=AT)
        again = queue(told, [hook.id, mail.id], at=AT)
        found = [each for each in list_deliveries(200).items if each.key == told.key]
        assert {each.id for each in found} == {each.id for each in again}
        assert len(found) == 2


def test_of_many_who_deliver_at_once_one_sends_each(hook: Channel, receiver: Receiver) -> None:
    ids = [queue(message(), [hook.id], at=AT)[0].id for _ in range(10)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: deliver_due(AT), range(4)))
    assert sum(each.delivered for each in done) == 10
    assert Counter(request.headers["webhook-id"] for request in receiver.requests) == Counter(ids)


def test_a_lease_that_is_still_good_is_respected(hook: Channel, receiver: Receiver) -> None:
    [queued] = queue(message(), [hook.id], at=AT)
    receiver.may_answer.clear()
    first = threading.Thread(target=deliver_due, args=(AT,))
    first.start()
    wait_for(lambda: receiver.requests, "the first has posted it")
    deliver_due(AT + timedelta(seconds=60))
    receiver.may_answer.set()
    first.join()
    assert len(receiver.requests) == 1
    assert delivery_of(queued.id).state is DeliveryState.DELIVERED


def test_a_process_that_is_killed_before_it_hears_the_answer_has_its_message_sent_once_more(
    hook: Channel, receiver: Receiver
) -> None:
    at = now()
    [queued] = queue(message(), [hook.id], at=at)
    receiver.may_answer.clear()
    process = subprocess.Popen(
        [sys.executable, "-m", "shared.notifications", "deliver"], cwd=ROOT, env=dict(os.environ)
    )
    wait_for(lambda: receiver.requests, "it has posted it")
    process.send_signal(signal.SIGKILL)
    process.wait()
    receiver.may_answer.set()
    deliver_due(at + LEASE + timedelta(seconds=30))
    first, second = receiver.requests
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)
    assert [attempt.outcome for attempt in delivery_of(queued.id).attempts] == ["lost", "delivered"]
