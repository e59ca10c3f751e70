"""Dead letters."""

from google.protobuf.duration_pb2 import Duration

from tests.cloud import wait_for
from tests.infra.local.pubsub.clients import Clients
from tests.infra.local.pubsub.endpoint import push_endpoint

AT_ONCE = {"minimum_backoff": Duration(nanos=10_000_000), "maximum_backoff": Duration(nanos=20_000_000)}


def test_a_message_that_fails_too_often_goes_to_the_dead_letter_topic(clients: Clients) -> None:
    topic, dead = clients.topic(), clients.topic()
    graveyard = clients.subscription(dead)
    policy = {"dead_letter_topic": dead, "max_delivery_attempts": 5}
    subscription = clients.subscription(topic, dead_letter_policy=policy)
    (number,) = clients.publish(topic, "poison", kind="clip")
    attempts = []
    for _ in range(5):
        (received,) = clients.pull(subscription)
        attempts.append(received.delivery_attempt)
        clients.nack(subscription, received)
    assert attempts == [1, 2, 3, 4, 5]
    (forwarded,) = wait_for(lambda: clients.pull(graveyard), "it is forwarded")
    assert clients.pull(subscription) == []
    attributes = dict(forwarded.message.attributes)
    published = attributes.pop("CloudPubSubDeadLetterSourceTopicPublishTime")
    assert published.endswith("Z")
    assert attributes == {
        "kind": "clip",
        "CloudPubSubDeadLetterSourceDeliveryCount": "5",
        "CloudPubSubDeadLetterSourceSubscription": subscription.rsplit("/", 1)[1],
        "CloudPubSubDeadLetterSourceSubscriptionProject": clients.project,
    }
    assert forwarded.message.data == b"poison"
    assert forwarded.message.message_id != number


def test_attempts_are_not_told_without_a_dead_letter_policy(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    clients.publish(topic, "a")
    clients.nack(subscription, *clients.pull(subscription))
    (received,) = clients.pull(subscription)
    assert not received.delivery_attempt


def test_a_message_is_not_lost_when_the_dead_letter_topic_is_missing(clients: Clients) -> None:
    topic, dead = clients.topic(), clients.topic()
    policy = {"dead_letter_topic": dead, "max_delivery_attempts": 5}
    subscription = clients.subscription(topic, dead_letter_policy=policy)
    clients.publisher.delete_topic(topic=dead)
    clients.publish(topic, "a")
    for _ in range(7):
        clients.nack(subscription, *clients.pull(subscription))
    assert clients.texts(subscription) == ["a"]


def test_pushes_count_as_attempts_and_tell_them(clients: Clients) -> None:
    topic, dead = clients.topic(), clients.topic()
    graveyard = clients.subscription(dead)
    policy = {"dead_letter_topic": dead, "max_delivery_attempts": 5}
    with push_endpoint(lambda _: 500) as endpoint:
        config = {"push_endpoint": endpoint.url}
        clients.subscription(topic, dead_letter_policy=policy, push_config=config, retry_policy=AT_ONCE)
        clients.publish(topic, "poison")
        assert clients.wait_texts(graveyard, 1) == ["poison"]
    assert [posted.envelope["deliveryAttempt"] for posted in endpoint.posted] == [1, 2, 3, 4, 5]


def test_the_key_of_a_dead_letter_goes_on_with_the_next_message(clients: Clients) -> None:
    topic, dead = clients.topic(), clients.topic()
    policy = {"dead_letter_topic": dead, "max_delivery_attempts": 5}
    subscription = clients.subscription(topic, dead_letter_policy=policy, enable_message_ordering=True)
    clients.publish(topic, "poison", "next", key="k")
    for _ in range(5):
        clients.nack(subscription, clients.pull(subscription)[0])
    assert clients.texts(subscription) == ["next"]
