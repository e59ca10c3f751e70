"""Topics through the official client."""

import pytest
from google.api_core import exceptions
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask

from tests.infra.local.pubsub.clients import Clients


def test_a_topic_is_what_it_was_made_as(clients: Clients) -> None:
    name = clients.topic(labels={"team": "render"})
    topic = clients.publisher.get_topic(topic=name)
    assert topic.name == name
    assert dict(topic.labels) == {"team": "render"}


def test_a_topic_is_made_once(clients: Clients) -> None:
    name = clients.topic()
    with pytest.raises(exceptions.AlreadyExists):
        clients.publisher.create_topic(name=name)


@pytest.mark.parametrize(
    "name", ["projects/p/topics/1a", "projects/p/topics/ab", "projects/p/topics/goog-x", "topics/a"]
)
def test_a_bad_name_is_refused(clients: Clients, name: str) -> None:
    with pytest.raises(exceptions.InvalidArgument):
        clients.publisher.create_topic(name=name)


def test_a_missing_topic_is_not_found(clients: Clients) -> None:
    missing = "projects/p/topics/missing"
    for call in (
        clients.publisher.get_topic,
        clients.publisher.delete_topic,
        clients.publisher.list_topic_subscriptions,
    ):
        with pytest.raises(exceptions.NotFound, match="missing"):
            call(topic=missing)
    with pytest.raises(exceptions.NotFound):
        clients.publish(missing, "x")


def test_topics_are_listed_by_project_in_pages(clients: Clients) -> None:
    names = [f"projects/listed/topics/topic-{number}" for number in range(5)]
    for name in names:
        clients.publisher.create_topic(name=name)
    pages = clients.publisher.list_topics(request={"project": "projects/listed", "page_size": 2}).pages
    assert [[topic.name for topic in page.topics] for page in pages] == [names[:2], names[2:4], names[4:]]


def test_an_update_changes_only_what_its_mask_names(clients: Clients) -> None:
    name = clients.topic(labels={"a": "1"})
    update = {"name": name, "labels": {"b": "2"}, "message_retention_duration": Duration(seconds=600)}
    mask = FieldMask(paths=["message_retention_duration"])
    topic = clients.publisher.update_topic(topic=update, update_mask=mask)
    assert (dict(topic.labels), topic.message_retention_duration.total_seconds()) == ({"a": "1"}, 600)
    for paths in ([], ["name"], ["no_such_field"]):
        with pytest.raises(exceptions.InvalidArgument):
            clients.publisher.update_topic(topic=update, update_mask=FieldMask(paths=paths))


def test_retention_is_from_10_minutes_to_31_days(clients: Clients) -> None:
    for seconds in (599, 31 * 86_400 + 1):
        with pytest.raises(exceptions.InvalidArgument):
            clients.topic(message_retention_duration=Duration(seconds=seconds))


def test_a_setting_that_would_not_be_honoured_is_refused(clients: Clients) -> None:
    with pytest.raises(exceptions.InvalidArgument, match="schema_settings"):
        clients.topic(schema_settings={"schema": "projects/p/schemas/s"})


def test_a_topic_lists_its_subscriptions(clients: Clients) -> None:
    topic = clients.topic()
    names = {clients.subscription(topic), clients.subscription(topic)}
    assert set(clients.publisher.list_topic_subscriptions(topic=topic)) == names


def test_subscriptions_outlive_their_topic_with_what_they_had(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    clients.publish(topic, "left behind")
    clients.publisher.delete_topic(topic=topic)
    assert clients.subscriber.get_subscription(subscription=subscription).topic == "_deleted-topic_"
    clients.publisher.create_topic(name=topic)
    clients.publish(topic, "for the new one")
    (received,) = clients.pull(subscription)
    assert received.message.data == b"left behind"
    clients.ack(subscription, received)


def test_a_detached_subscription_gets_and_gives_nothing(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    clients.publish(topic, "lost")
    clients.publisher.detach_subscription(request={"subscription": subscription})
    clients.publish(topic, "never had")
    assert clients.subscriber.get_subscription(subscription=subscription).detached
    with pytest.raises(exceptions.FailedPrecondition):
        clients.pull(subscription)
