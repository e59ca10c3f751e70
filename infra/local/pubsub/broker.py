"""The broker: what all operations share, made from what the database kept."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from infra.local.pubsub import wire
from infra.local.pubsub.backlog import Backlog
from infra.local.pubsub.catalog import Catalog, Snapshot, Subscription, Topic, load_messages
from infra.local.pubsub.database import Database
from infra.local.pubsub.errors import missing
from infra.local.pubsub.messages import Bodies, MessageIds
from infra.local.pubsub.ordering import Delivery
from infra.local.pubsub.settings import read_retention, read_settings
from infra.local.pubsub.wire import Proto

FailureHandler = Callable[[Subscription, Delivery], bool]


class Broker:
    """The state of the server. Made on, and used from, one asyncio loop."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder)
        self.catalog = Catalog()
        self.bodies = Bodies(self.database)
        self.ids = MessageIds(self._last_message())
        self.on_failure: FailureHandler = lambda _subscription, _delivery: False
        """What hears of failed deliveries (see Backlog): set once, when the operations are put together."""
        self.sweep_all = True
        """Messages of any age may have become garbage since the last sweep."""
        self._load()

    def subscription(self, number: int, proto: Proto, topic: Topic | None) -> Subscription:
        """Build a subscription, not entered anywhere yet, from checked settings. Raises InvalidArgumentError."""
        settings = read_settings(proto)
        backlog = Backlog(settings.backoff, settings.ordered)
        subscription = Subscription(number, proto, topic, settings, backlog)
        backlog.on_failure = partial(self._failed, subscription)
        return subscription

    def exists(self, subscription: Subscription) -> bool:
        """Whether the subscription has not been deleted, even if there is a new one of its name."""
        return self.catalog.subscriptions.get(subscription.name) is subscription

    def check_exists(self, subscription: Subscription) -> None:
        """Raise NotFoundError if the subscription has been deleted."""
        if not self.exists(subscription):
            raise missing(subscription.name)

    def close(self) -> None:
        """Commit what is under way and end all backlogs."""
        for subscription in self.catalog.subscriptions.values():
            subscription.backlog.close()
        self.database.close()

    def _failed(self, subscription: Subscription, delivery: Delivery) -> bool:
        return self.on_failure(subscription, delivery)

    def _last_message(self) -> int:
        rows = self.database.rows(
            "SELECT max(coalesce((SELECT max(id) FROM messages), 0), coalesce((SELECT max(watermark) FROM snapshots), 0))"
        )
        return int(rows[0][0])

    def _load(self) -> None:
        topics: dict[int, Topic] = {}
        for number, body in self.database.rows("SELECT id, proto FROM topics"):
            proto = wire.Topic.FromString(body)
            topics[number] = self.catalog.topics[proto.name] = Topic(number, proto, read_retention(proto))
        waiting = load_messages(self.database)
        for number, topic_id, body in self.database.rows("SELECT id, topic_id, proto FROM subscriptions"):
            subscription = self.subscription(number, wire.Subscription.FromString(body), topics.get(topic_id))
            self.catalog.add_subscription(subscription)
            subscription.backlog.load(waiting.pop(number, []))
        for number, topic_id, watermark, body in self.database.rows(
            "SELECT id, topic_id, watermark, proto FROM snapshots"
        ):
            snapshot = Snapshot(number, wire.Snapshot.FromString(body), topics.get(topic_id), watermark)
            self.catalog.add_snapshot(snapshot)
