"""Addresses: a channel reaches the open internet and nothing else, whatever an internal address is written like."""

from ipaddress import ip_address

import pytest

from shared.core.clients import firestore_client
from shared.core.errors import InvalidInput
from shared.core.settings import settings
from shared.notifications import DeliveryState, Email, SmtpServer, Webhook, deliver_due, queue
from shared.notifications.addresses import is_open, resolve
from shared.notifications.errors import NotSent
from tests.shared.notifications.conftest import MakeChannel
from tests.shared.notifications.messages import AT, delivery_of, message
from tests.shared.notifications.receiver import HOST, Receiver
from tests.shared.notifications.secret_store import keep_secret, signing_secret

INSIDE = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::8.8.8.8", "fe80::1", "fec0::1", "feff::1", "fc00::1", "fd00:ec2::254", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "2002:a9fe:a9fe::1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2001:0:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:db8::1",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
WRITTEN_OTHERWISE = ["127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "localhost", "LOCALHOST.", "[::1]", "0"]
NEVER_OUTSIDE = ["metadata.google.internal", "Metadata.Google.Internal.", "printer.local", "a.localhost"]


@pytest.fixture
def nothing_named(this_machine: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of most deployments: no host is named."""
    monkeypatch.delenv("KOMPO_NOTIFICATION_HOSTS")
    settings.cache_clear()


@pytest.mark.parametrize("address", INSIDE)
def test_an_internal_address_is_none_of_the_open_internet(address: str) -> None:
    assert not is_open(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_others_are(address: str) -> None:
    assert is_open(ip_address(address))


@pytest.mark.parametrize("host", [*WRITTEN_OTHERWISE, *NEVER_OUTSIDE, *INSIDE[:8]])
def test_an_internal_host_is_refused_however_it_is_written(nothing_named: None, host: str) -> None:
    with pytest.raises(NotSent, match="is not on the open internet") as refused:
        resolve(host, 443)
    assert refused.value.verdict.permanent


def test_what_is_connected_to_is_the_address_that_was_looked_at(nothing_named: None) -> None:
    assert resolve("8.8.8.8", 443).address == "8.8.8.8"


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/x", "https://[::ffff:127.0.0.1]/x", "http://8.8.8.8/", "https://0x7f000001:{port}/"]
)
def test_a_webhook_reaches_nothing_inside(
    nothing_named: None, make_channel: MakeChannel, receiver: Receiver, url: str
) -> None:
    channel = make_channel(Webhook(url="https://8.8.8.8/", secret=keep_secret(signing_secret())))
    changed = {"config.url": url.format(port=receiver.port)}  # As DNS may change, after it was saved.
    firestore_client().document(f"notification_channels/{channel.id}").update(changed)
    [queued] = queue(message(), [channel.id], at=AT)
    assert deliver_due(AT).dead == 1
    assert delivery_of(queued.id).state is DeliveryState.DEAD
    assert receiver.requests == []


@pytest.mark.parametrize("host", ["10.0.0.1", "localhost", "[::1]"])
def test_an_internal_host_is_not_even_saved(nothing_named: None, make_channel: MakeChannel, host: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_channel(Webhook(url=f"https://{host}/", secret="notification-x"))
    assert [error.pointer for error in refused.value.errors] == ["/config/url"]
    server = SmtpServer(host=host.strip("[]"), port=587, sender="a@b.example")
    with pytest.raises(InvalidInput) as refused:
        make_channel(Email(server=server))
    assert [error.pointer for error in refused.value.errors] == ["/config/server/host"]


def test_a_host_may_be_named_for_one_port_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPO_NOTIFICATION_HOSTS", f" other.example, {HOST}:8025")
    settings.cache_clear()
    assert resolve(HOST, 8025).address == HOST
    with pytest.raises(NotSent):
        resolve(HOST, 8026)
