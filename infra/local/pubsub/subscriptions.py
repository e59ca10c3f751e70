"""Subscriptions: made, changed, listed, detached, deleted."""

import sqlite3
import time
from collections.abc import Callable, Collection

from infra.local.pubsub.broker import Broker
from infra.local.pubsub.catalog import Subscription, Topic
from infra.local.pubsub.errors import exists
from infra.local.pubsub.fields import merged, refuse_unsupported
from infra.local.pubsub.names import DELETED_TOPIC, check_name, check_project
from infra.local.pubsub.paging import Page, page_of
from infra.local.pubsub.settings import complete_subscription, read_settings
from infra.local.pubsub.wire import Proto

_MUTABLE = frozenset(
    {"push_config", "ack_deadline_seconds", "retain_acked_messages",
     "message_retention_duration", "labels", "expiration_policy", "dead_letter_policy", "retry_policy",
     "enable_exactly_once_delivery"}
)  # fmt: skip
_UNSUPPORTED = ("bigquery_config", "cloud_storage_config", "bigtable_config", "message_transforms")


class Subscriptions:
    """Operations on subscriptions. All raise the errors of `errors`; all are on disk when they return."""

    def __init__(self, broker: Broker, on_change: Callable[[Subscription], None]) -> None:
        """`on_change` hears of every subscription that was made, changed or deleted (its backlog is then closed)."""
        self._broker = broker
        self._on_change = on_change

    async def create(self, proto: Proto) -> Subscription:
        """Make a subscription: it gets what is published to its topic from now on."""
        check_name(proto.name, "subscriptions")
        check_name(proto.topic, "topics")
        if proto.name in self._broker.catalog.subscriptions:
            raise exists(proto.name)
        topic = self._broker.catalog.topic(proto.topic)
        proto.ClearField("detached")
        complete_subscription(proto)
        refuse_unsupported(proto, _UNSUPPORTED)
        _show_retention(proto, topic)
        subscription = self._broker.subscription(self._broker.catalog.next_id(), proto, topic)
        self._broker.catalog.add_subscription(subscription)
        self._on_change(subscription)
        row = (subscription.id, subscription.name, topic.id, proto.SerializeToString())
        try:
            await self._broker.database.submit(
                lambda db: db.execute("INSERT INTO subscriptions VALUES (?, ?, ?, ?)", row)
            )
        except sqlite3.Error:
            self._remove(subscription)
            raise
        return subscription

    def get(self, name: str) -> Subscription:
        """The subscription of that name."""
        check_name(name, "subscriptions")
        subscription = self._broker.catalog.subscription(name)
        _show_retention(subscription.proto, subscription.topic)
        return subscription

    def list(self, project: str, size: int, token: str) -> Page[Subscription]:
        """The subscriptions of `projects/{project}`."""
        check_project(project)
        mine = (s for s in self._broker.catalog.subscriptions.values() if s.name.startswith(f"{project}/"))
        return page_of(mine, size, token)

    async def update(self, update: Proto, paths: Collection[str]) -> Subscription:
        """Change the fields at `paths`. Leases and the order of what is waiting stay as they are."""
        subscription = self.get(update.name)
        proto = merged(subscription.proto, update, paths, _MUTABLE)
        complete_subscription(proto)
        refuse_unsupported(proto, _UNSUPPORTED)
        await self._replace(subscription, proto)
        return subscription

    async def detach(self, name: str) -> None:
        """Stop a subscription for good: what it had is dropped, and it gets nothing more."""
        subscription = self.get(name)
        proto = type(subscription.proto)()
        proto.CopyFrom(subscription.proto)
        proto.detached = True
        subscription.backlog.clear()
        self._broker.sweep_all = True
        await self._replace(subscription, proto, "DELETE FROM deliveries WHERE subscription_id = ?")

    async def delete(self, name: str) -> None:
        """Delete a subscription with all that it had not acknowledged."""
        subscription = self.get(name)
        self._remove(subscription)
        number = (subscription.id,)

        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM subscriptions WHERE id = ?", number)
            db.execute("DELETE FROM deliveries WHERE subscription_id = ?", number)

        await self._broker.database.submit(work)

    def _remove(self, subscription: Subscription) -> None:
        self._broker.catalog.remove_subscription(subscription)
        subscription.backlog.close()
        self._broker.sweep_all = True
        self._on_change(subscription)

    async def _replace(self, subscription: Subscription, proto: Proto, cleaning: str = "") -> None:
        settings = read_settings(proto)
        if subscription.settings.retain_acked and not settings.retain_acked:
            cleaning = cleaning or "DELETE FROM deliveries WHERE subscription_id = ? AND acked = 1"
            self._broker.sweep_all = True
        subscription.proto = proto
        subscription.settings = settings
        subscription.backlog.backoff = settings.backoff
        subscription.used = time.time()
        self._on_change(subscription)
        row = (proto.SerializeToString(), subscription.id)

        def work(db: sqlite3.Connection) -> None:
            db.execute("UPDATE subscriptions SET proto = ? WHERE id = ?", row)
            if cleaning:
                db.execute(cleaning, (subscription.id,))

        await self._broker.database.submit(work)


def _show_retention(proto: Proto, topic: Topic | None) -> None:
    """A subscription shows how long its topic retains messages."""
    proto.ClearField("topic_message_retention_duration")
    if topic is None:
        proto.topic = DELETED_TOPIC
    elif topic.proto.HasField("message_retention_duration"):
        proto.topic_message_retention_duration.CopyFrom(topic.proto.message_retention_duration)
