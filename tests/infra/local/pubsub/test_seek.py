"""Seeks and snapshots."""

import datetime
import time

import pytest
from google.api_core import exceptions
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask

from tests.infra.local.pubsub.clients import Clients

HOUR = Duration(seconds=3600)


def test_a_seek_back_redelivers_what_the_subscription_retains(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic, retain_acked_messages=True)
    clients.publish(topic, "before")
    moment = _now()
    clients.publish(topic, "after")
    clients.ack(subscription, *clients.pull(subscription))
    clients.subscriber.seek(request={"subscription": subscription, "time": moment})
    assert clients.texts(subscription) == ["after"]


def test_a_seek_back_redelivers_what_the_topic_retains_even_to_a_later_subscription(clients: Clients) -> None:
    topic = clients.topic(message_retention_duration=HOUR)
    moment = _now()
    clients.publish(topic, "early", kind="x")
    clients.publish(topic, "other", kind="y")
    subscription = clients.subscription(topic, filter='attributes.kind = "x"')
    assert clients.pull(subscription) == []
    clients.subscriber.seek(request={"subscription": subscription, "time": moment})
    assert clients.texts(subscription) == ["early"]
    shown = clients.subscriber.get_subscription(subscription=subscription)
    assert shown.topic_message_retention_duration.total_seconds() == 3600


def test_a_seek_forward_acknowledges_what_is_before_it(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    clients.publish(topic, "old", "older")
    clients.pull(subscription, 1)
    clients.subscriber.seek(request={"subscription": subscription, "time": _now() + datetime.timedelta(seconds=1)})
    assert clients.pull(subscription) == []
    clients.publish(topic, "new")
    assert clients.texts(subscription) == ["new"]


def test_what_is_not_retained_does_not_come_back(clients: Clients) -> None:
    topic = clients.topic()
    moment = _now()
    subscription, other = clients.subscription(topic), clients.subscription(topic)
    clients.publish(topic, "a", "b")
    received = clients.pull(subscription)
    clients.ack(subscription, received[0])
    clients.subscriber.seek(request={"subscription": subscription, "time": moment})
    assert clients.texts(subscription) == ["b"]
    assert clients.texts(other) == ["a", "b"]


def test_a_message_stays_for_other_subscriptions_after_a_seek(clients: Clients) -> None:
    topic = clients.topic()
    moment = _now()
    first, second = clients.subscription(topic), clients.subscription(topic)
    clients.publish(topic, "a")
    clients.subscriber.seek(request={"subscription": first, "time": moment})
    clients.ack(first, *clients.pull(first))
    assert clients.texts(second) == ["a"]


def test_a_seek_to_a_snapshot_brings_back_its_backlog_and_all_that_came_later(clients: Clients) -> None:
    topic = clients.topic()
    subscription, other = clients.subscription(topic), clients.subscription(topic)
    clients.publish(topic, "done", "pending")
    received = clients.pull(subscription)
    clients.ack(subscription, received[0])
    snapshot = f"projects/{clients.project}/snapshots/back-again"
    clients.subscriber.create_snapshot(name=snapshot, subscription=subscription)
    clients.publish(topic, "later")
    for name in (subscription, other):
        clients.ack(name, *clients.pull(name))
        clients.ack(name, *received[1:]) if name == subscription else None
    assert clients.pull(subscription) == []
    for name in (subscription, other):
        clients.subscriber.seek(request={"subscription": name, "snapshot": snapshot})
        assert clients.texts(name) == ["pending", "later"]


def test_snapshots_are_made_listed_changed_and_deleted(clients: Clients) -> None:
    topic = clients.topic()
    subscription = clients.subscription(topic)
    name = "projects/snapshots-only/snapshots/first"
    made = clients.subscriber.create_snapshot(
        request={"name": name, "subscription": subscription, "labels": {"a": "1"}}
    )
    days = (made.expire_time - _now()).total_seconds() / 86_400
    assert (made.topic, dict(made.labels)) == (topic, {"a": "1"})
    assert 6.9 < days <= 7
    with pytest.raises(exceptions.AlreadyExists):
        clients.subscriber.create_snapshot(name=name, subscription=subscription)
    assert [one.name for one in clients.subscriber.list_snapshots(project="projects/snapshots-only")] == [name]
    assert list(clients.publisher.list_topic_snapshots(topic=topic)) == [name]
    update = {"name": name, "labels": {"b": "2"}}
    clients.subscriber.update_snapshot(snapshot=update, update_mask=FieldMask(paths=["labels"]))
    assert dict(clients.subscriber.get_snapshot(snapshot=name).labels) == {"b": "2"}
    clients.subscriber.delete_snapshot(snapshot=name)
    with pytest.raises(exceptions.NotFound):
        clients.subscriber.seek(request={"subscription": subscription, "snapshot": name})


def test_a_snapshot_of_another_topic_is_refused(clients: Clients) -> None:
    one, other = clients.subscription(clients.topic()), clients.subscription(clients.topic())
    name = f"projects/{clients.project}/snapshots/foreign"
    clients.subscriber.create_snapshot(name=name, subscription=one)
    with pytest.raises(exceptions.InvalidArgument):
        clients.subscriber.seek(request={"subscription": other, "snapshot": name})
    with pytest.raises(exceptions.InvalidArgument):
        clients.subscriber.seek(request={"subscription": other})


def _now() -> datetime.datetime:
    """A moment that is after everything published before it and before everything published after it."""
    time.sleep(0.002)
    moment = datetime.datetime.now(datetime.UTC)
    time.sleep(0.002)
    return moment
