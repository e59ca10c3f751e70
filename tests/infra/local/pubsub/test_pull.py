"""Pull, acknowledgement and deadlines through the official client."""

import threading
import time

import pytest
from google.api_core import exceptions
from google.protobuf.duration_pb2 import Duration

from tests.cloud import wait_for
from tests.infra.local.pubsub.clients import Clients


def test_an_acknowledged_message_does_not_come_again(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    clients.publish(topic, "a")
    (received,) = clients.pull(subscription)
    clients.ack(subscription, received)
    clients.nack(subscription, received)
    assert clients.pull(subscription) == []


def test_a_leased_message_is_not_given_out_twice(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    clients.publish(topic, "a", "b", "c")
    assert [len(clients.pull(subscription, 2)) for _ in range(3)] == [2, 1, 0]


def test_a_failed_message_comes_again_at_once_without_a_retry_policy(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    clients.publish(topic, "a")
    clients.nack(subscription, *clients.pull(subscription))
    assert clients.texts(subscription) == ["a"]


def test_a_lease_ends_at_its_deadline(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    clients.publish(topic, "a")
    (received,) = clients.pull(subscription)
    start = time.monotonic()
    clients.subscriber.modify_ack_deadline(subscription=subscription, ack_ids=[received.ack_id], ack_deadline_seconds=1)
    assert clients.wait_texts(subscription, 1) == ["a"]
    assert 0.9 < time.monotonic() - start < 3


def test_a_late_acknowledgement_still_counts(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    clients.publish(topic, "a")
    (received,) = clients.pull(subscription)
    clients.nack(subscription, received)
    clients.ack(subscription, received)
    assert clients.pull(subscription) == []


def test_a_pull_waits_for_a_message(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    timer = threading.Timer(0.3, clients.publish, (topic, "late"))
    timer.start()
    assert clients.wait_texts(subscription, 1) == ["late"]
    timer.join()


def test_a_pull_without_messages_is_answered_before_its_deadline(clients: Clients) -> None:
    """The client's default timeout of a minute must not make an empty subscription an error."""
    subscription = clients.subscription(clients.topic())
    answer = clients.subscriber.pull(subscription=subscription, max_messages=2, timeout=2.5)
    assert list(answer.received_messages) == []


def test_a_pull_that_is_given_up_takes_nothing(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    with pytest.raises(exceptions.DeadlineExceeded):
        clients.subscriber.pull(subscription=subscription, max_messages=1, timeout=0.2, retry=None)
    clients.publish(topic, "a")
    assert clients.texts(subscription) == ["a"]


def test_a_retry_policy_backs_off_exponentially(clients: Clients) -> None:
    topic = clients.topic()
    backoff = {"minimum_backoff": Duration(nanos=300_000_000), "maximum_backoff": Duration(nanos=700_000_000)}
    subscription = clients.subscription(topic, retry_policy=backoff)
    clients.publish(topic, "a")
    waits: list[float] = []
    received = clients.pull(subscription)
    for _ in range(3):
        clients.nack(subscription, *received)
        start = time.monotonic()
        received = wait_for(lambda: clients.pull(subscription), "the message comes again")
        waits.append(time.monotonic() - start)
    for wait, expected in zip(waits, (0.3, 0.6, 0.7), strict=True):
        assert expected - 0.02 < wait < expected + 0.45


@pytest.mark.parametrize("ack_id", ["", "nonsense", "1-2-3"])
def test_an_ack_id_that_was_never_given_out_is_refused(clients: Clients, ack_id: str) -> None:
    subscription = clients.subscription(clients.topic())
    with pytest.raises(exceptions.InvalidArgument):
        clients.subscriber.acknowledge(subscription=subscription, ack_ids=[ack_id])
    with pytest.raises(exceptions.InvalidArgument):
        clients.subscriber.modify_ack_deadline(subscription=subscription, ack_ids=[ack_id], ack_deadline_seconds=10)


def test_a_request_with_one_bad_ack_id_does_nothing(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    clients.publish(topic, "a")
    (received,) = clients.pull(subscription)
    with pytest.raises(exceptions.InvalidArgument):
        clients.subscriber.acknowledge(subscription=subscription, ack_ids=[received.ack_id, "nonsense"])
    clients.nack(subscription, received)
    assert clients.texts(subscription) == ["a"]


def test_what_the_service_refuses_is_refused(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    clients.publish(topic, "a")
    (received,) = clients.pull(subscription)
    with pytest.raises(exceptions.InvalidArgument):
        clients.subscriber.modify_ack_deadline(
            subscription=subscription, ack_ids=[received.ack_id], ack_deadline_seconds=601
        )
    with pytest.raises(exceptions.InvalidArgument):
        clients.subscriber.pull(subscription=subscription, max_messages=0)
    with pytest.raises(exceptions.NotFound):
        clients.subscriber.pull(subscription="projects/p/subscriptions/missing", max_messages=1)


def test_a_pull_ends_when_its_subscription_is_deleted(clients: Clients) -> None:
    subscription = clients.subscription(clients.topic())
    delete = threading.Timer(0.2, clients.subscriber.delete_subscription, kwargs={"subscription": subscription})
    delete.start()
    with pytest.raises(exceptions.NotFound):
        clients.subscriber.pull(subscription=subscription, max_messages=1, timeout=10)
    delete.join()
