"""Subscriptions through the official client."""

import pytest
from google.api_core import exceptions
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask

from tests.infra.local.pubsub.clients import Clients


def test_a_subscription_has_the_services_defaults(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscriber.get_subscription(subscription=clients.subscription(topic))
    assert subscription.topic == topic
    assert subscription.ack_deadline_seconds == 10
    assert subscription.message_retention_duration.days == 7
    assert subscription.expiration_policy.ttl.days == 31
    assert subscription.state == subscription.State.ACTIVE


def test_a_subscription_needs_its_topic_and_a_free_name(clients: Clients) -> None:
    name = clients.subscription(clients.topic())
    with pytest.raises(exceptions.AlreadyExists):
        clients.subscriber.create_subscription(name=name, topic=clients.topic())
    with pytest.raises(exceptions.NotFound):
        clients.subscription("projects/p/topics/missing")


@pytest.mark.parametrize(
    "settings",
    [
        {"ack_deadline_seconds": 9},
        {"ack_deadline_seconds": 601},
        {"message_retention_duration": Duration(seconds=599)},
        {"expiration_policy": {"ttl": Duration(seconds=86_399)}},
        {"retry_policy": {"minimum_backoff": Duration(seconds=20), "maximum_backoff": Duration(seconds=10)}},
        {"retry_policy": {"maximum_backoff": Duration(seconds=601)}},
        {"dead_letter_policy": {"dead_letter_topic": "projects/p/topics/dead", "max_delivery_attempts": 4}},
        {"dead_letter_policy": {"dead_letter_topic": "dead", "max_delivery_attempts": 5}},
        {"push_config": {"push_endpoint": "ftp://example.com"}},
        {"bigquery_config": {"table": "p.d.t"}},
    ],
)
def test_a_setting_out_of_range_is_refused(clients: Clients, settings: dict[str, object]) -> None:
    topic = clients.topic()
    with pytest.raises(exceptions.InvalidArgument):
        clients.subscription(topic, **settings)


def test_an_update_changes_only_what_its_mask_names(clients: Clients) -> None:
    name = clients.subscription(clients.topic(), labels={"a": "1"})
    update = {"name": name, "ack_deadline_seconds": 60, "labels": {"b": "2"}}
    subscription = clients.subscriber.update_subscription(
        subscription=update, update_mask=FieldMask(paths=["ack_deadline_seconds"])
    )
    assert (subscription.ack_deadline_seconds, dict(subscription.labels)) == (60, {"a": "1"})
    for path in ("topic", "filter", "enable_message_ordering", "no_such_field"):
        with pytest.raises(exceptions.InvalidArgument, match="update_mask"):
            clients.subscriber.update_subscription(subscription=update, update_mask=FieldMask(paths=[path]))
    with pytest.raises(exceptions.InvalidArgument):
        clients.subscriber.update_subscription(
            subscription={"name": name, "ack_deadline_seconds": 700},
            update_mask=FieldMask(paths=["ack_deadline_seconds"]),
        )
    assert clients.subscriber.get_subscription(subscription=name).ack_deadline_seconds == 60


def test_subscriptions_are_listed_by_project(clients: Clients) -> None:
    topic = clients.topic()
    names = [f"projects/listed-too/subscriptions/subscription-{number}" for number in range(3)]
    for name in names:
        clients.subscriber.create_subscription(name=name, topic=topic)
    listed = clients.subscriber.list_subscriptions(request={"project": "projects/listed-too", "page_size": 2})
    assert [subscription.name for subscription in listed] == names


def test_a_deleted_subscription_is_gone_with_its_messages(clients: Clients) -> None:
    topic = clients.topic()
    name = clients.subscription(topic)
    clients.publish(topic, "old")
    clients.subscriber.delete_subscription(subscription=name)
    with pytest.raises(exceptions.NotFound):
        clients.pull(name)
    clients.subscriber.create_subscription(name=name, topic=topic)
    assert clients.pull(name) == []


def test_a_push_subscription_cannot_be_pulled_until_it_is_made_one_to_pull(clients: Clients) -> None:
    topic = clients.topic()
    name = clients.subscription(topic, push_config={"push_endpoint": "http://127.0.0.1:9/nobody"})
    clients.publish(topic, "a")
    with pytest.raises(exceptions.FailedPrecondition):
        clients.pull(name)
    clients.subscriber.modify_push_config(subscription=name, push_config={})
    assert clients.wait_texts(name, 1) == ["a"]
