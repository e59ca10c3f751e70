"""Publishing through the official client."""

import datetime

import pytest
from google.api_core import exceptions
from google.pubsub_v1.types import PubsubMessage

from tests.infra.local.pubsub.clients import Clients


def test_a_message_arrives_as_it_was_sent(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    before = datetime.datetime.now(datetime.UTC)
    number = clients.publisher.publish(topic, b"\x00\xff", kind="clip", empty="").result(timeout=10)
    (received,) = clients.pull(subscription)
    message = received.message
    assert (message.data, dict(message.attributes), message.message_id) == (
        b"\x00\xff",
        {"kind": "clip", "empty": ""},
        number,
    )
    assert before <= message.publish_time <= datetime.datetime.now(datetime.UTC)


def test_every_subscription_gets_every_message(clients: Clients) -> None:
    topic = clients.topic()
    subscriptions = [clients.subscription(topic) for _ in range(3)]
    clients.publish(topic, "a", "b")
    assert [clients.texts(subscription) for subscription in subscriptions] == [["a", "b"]] * 3


def test_a_subscription_gets_what_is_published_after_it_was_made(clients: Clients) -> None:
    topic = clients.topic()
    clients.publish(topic, "before")
    subscription = clients.subscription(topic)
    clients.publish(topic, "after")
    assert clients.texts(subscription) == ["after"]


def test_every_message_has_its_own_id(clients: Clients) -> None:
    topic = clients.topic()
    futures = [clients.publisher.publish(topic, b"x") for _ in range(2500)]
    assert len({future.result(timeout=20) for future in futures}) == 2500


def test_the_ids_of_a_request_grow(clients: Clients) -> None:
    ids = [int(number) for number in clients.publish(clients.topic(), *"abc")]
    assert ids == sorted(ids)


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [{"data": b""}],
        [{"data": b"x"}] * 1001,
        [{"data": b"x", "attributes": {"googfoo": "1"}}],
        [{"data": b"x", "attributes": {"k" * 257: "1"}}],
        [{"data": b"x", "attributes": {"k": "v" * 1025}}],
        [{"data": b"x", "attributes": {str(n): "v" for n in range(101)}}],
        [{"data": b"x", "ordering_key": "k" * 1025}],
        [{"data": bytes(6_000_000)}] * 2,
    ],
    ids=["none", "empty", "too many", "goog", "long key", "long value", "attributes", "long ordering key", "too big"],
)
def test_what_the_service_refuses_is_refused(clients: Clients, messages: list[dict[str, object]]) -> None:
    topic = clients.topic()
    with pytest.raises(exceptions.InvalidArgument):
        clients.publish_messages(topic, [PubsubMessage(message) for message in messages])


def test_a_message_of_nearly_10_megabytes_is_taken(clients: Clients) -> None:
    topic = clients.topic()
    clients.publish_messages(topic, [PubsubMessage(data=bytes(9_900_000))])


def test_large_messages_come_in_responses_that_a_client_can_take_in(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    for size in (2_500_000, 2_500_000, 4_000_000, 10):
        clients.publish_messages(topic, [PubsubMessage(data=bytes(size))])
    sizes = [[len(received.message.data) for received in clients.pull(subscription)] for _ in range(4)]
    assert sizes == [[2_500_000], [2_500_000], [4_000_000], [10]]


def test_a_filter_decides_who_gets_a_message(clients: Clients) -> None:
    topic = clients.topic()
    video = clients.subscription(topic, filter='hasPrefix(attributes.type, "video/") AND NOT attributes:draft')
    clients.publish(topic, "yes", type="video/mp4")
    clients.publish(topic, "no", type="audio/wav")
    clients.publish(topic, "not yet", type="video/mp4", draft="1")
    assert clients.texts(video) == ["yes"]
    with pytest.raises(exceptions.InvalidArgument, match="position 14"):
        clients.subscription(topic, filter="attributes:a attributes:b")
