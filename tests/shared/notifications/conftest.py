"""Channels of tests, and the settings that let them reach this machine."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.ids import new_id
from shared.core.settings import settings
from shared.notifications import Channel, Email, SmtpServer, save_channel
from tests.cloud import RunningCloud
from tests.shared.notifications.mailbox import HOST, Mailbox, mail_server
from tests.shared.notifications.receiver import Receiver, http_receiver

MakeChannel = Callable[..., Channel]


@pytest.fixture(autouse=True)
def this_machine(cloud: RunningCloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Channels may reach this machine, and nothing waits that another test has queued."""
    for left in firestore_client().collection("notification_deliveries").stream():
        left.reference.delete()
    monkeypatch.setenv("KOMPO_NOTIFICATION_HOSTS", f"{HOST},localhost")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def make_channel(this_machine: None) -> MakeChannel:
    """Make a channel: `make_channel(config, throttle=…)`."""

    def make(config: Any, **options: Any) -> Channel:
        channel, _ = save_channel(f"c-{new_id()}", now(), name="Test", config=config, **options)
        return channel

    return make


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server."""
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def mail(make_channel: MakeChannel, mailbox: Mailbox) -> Channel:
    """A channel that sends mail to somebody new there."""
    server = SmtpServer(host=HOST, port=mailbox.port, security="none", sender="kompo@example.com")
    return make_channel(Email(recipients=(f"ann-{new_id()}@example.com",), server=server))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An HTTP receiver."""
    with http_receiver() as receiver:
        yield receiver
