"""The topics, subscriptions and snapshots that exist, and the start from what the database kept."""

import time
from dataclasses import dataclass, field
from typing import TypeVar

from infra.local.pubsub import wire
from infra.local.pubsub.backlog import Backlog
from infra.local.pubsub.database import Database
from infra.local.pubsub.errors import FailedPreconditionError, missing
from infra.local.pubsub.messages import Message
from infra.local.pubsub.names import DELETED_TOPIC
from infra.local.pubsub.settings import Settings
from infra.local.pubsub.wire import Proto

Named = TypeVar("Named")


@dataclass(slots=True, eq=False)
class Topic:
    """A topic. `retention` is in seconds, 0 if it keeps nothing for seeks."""

    id: int
    proto: Proto
    retention: float
    subscriptions: "dict[int, Subscription]" = field(default_factory=dict)
    snapshots: "dict[int, Snapshot]" = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The full resource name."""
        return str(self.proto.name)

    @property
    def keeps_messages(self) -> bool:
        """Whether a message may be wanted again after all subscriptions have acknowledged it."""
        return bool(
            self.retention or self.snapshots or any(s.settings.retain_acked for s in self.subscriptions.values())
        )


@dataclass(slots=True, eq=False)
class Subscription:
    """A subscription. `topic` is None once that has been deleted. `used` is when it was last used, in seconds since 1970."""

    id: int
    proto: Proto
    topic: Topic | None
    settings: Settings
    backlog: Backlog
    used: float = field(default_factory=time.time)

    @property
    def name(self) -> str:
        """The full resource name."""
        return str(self.proto.name)

    def check_attached(self) -> None:
        """Note that it is used; raise FailedPreconditionError if it has been detached from its topic."""
        self.used = time.time()
        if self.settings.detached:
            raise FailedPreconditionError(f"Subscription has been detached from its topic (subscription={self.name}).")

    def check_pull(self) -> None:
        """Like `check_attached`; raises FailedPreconditionError for a push subscription, too."""
        self.check_attached()
        if self.settings.push_endpoint:
            raise FailedPreconditionError(
                f"Method is not supported for a push subscription (subscription={self.name})."
            )


@dataclass(slots=True, eq=False)
class Snapshot:
    """What a subscription had not acknowledged at a moment, and all later messages (id above `watermark`)."""

    id: int
    proto: Proto
    topic: Topic | None
    watermark: int

    @property
    def name(self) -> str:
        """The full resource name."""
        return str(self.proto.name)

    @property
    def expires(self) -> int:
        """When it goes, in microseconds since 1970."""
        return wire.microseconds(self.proto.expire_time)


class Catalog:
    """Everything that has a name."""

    def __init__(self) -> None:
        self.topics: dict[str, Topic] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.snapshots: dict[str, Snapshot] = {}
        self._last_id = 0

    def topic(self, name: str) -> Topic:
        """The topic of that name. Raises NotFoundError."""
        return _found(self.topics, name)

    def subscription(self, name: str) -> Subscription:
        """The subscription of that name. Raises NotFoundError."""
        return _found(self.subscriptions, name)

    def snapshot(self, name: str) -> Snapshot:
        """The snapshot of that name. Raises NotFoundError."""
        return _found(self.snapshots, name)

    def next_id(self) -> int:
        """A number for a new resource, never given before."""
        self._last_id = max(self._last_id + 1, time.time_ns())
        return self._last_id

    def add_subscription(self, subscription: Subscription) -> None:
        """Enter a subscription under its name and its topic's."""
        self.subscriptions[subscription.name] = subscription
        if subscription.topic is not None:
            subscription.topic.subscriptions[subscription.id] = subscription

    def add_snapshot(self, snapshot: Snapshot) -> None:
        """Enter a snapshot under its name and its topic's."""
        self.snapshots[snapshot.name] = snapshot
        if snapshot.topic is not None:
            snapshot.topic.snapshots[snapshot.id] = snapshot

    def remove_topic(self, topic: Topic) -> None:
        """Take a topic out; what belonged to it stays, without one."""
        del self.topics[topic.name]
        owners: list[Subscription | Snapshot] = [*topic.subscriptions.values(), *topic.snapshots.values()]
        for owned in owners:
            owned.topic = None
            owned.proto.topic = DELETED_TOPIC
        topic.subscriptions.clear()
        topic.snapshots.clear()

    def remove_subscription(self, subscription: Subscription) -> None:
        """Take a subscription out."""
        del self.subscriptions[subscription.name]
        if subscription.topic is not None:
            del subscription.topic.subscriptions[subscription.id]

    def remove_snapshot(self, snapshot: Snapshot) -> None:
        """Take a snapshot out."""
        del self.snapshots[snapshot.name]
        if snapshot.topic is not None:
            del snapshot.topic.snapshots[snapshot.id]


MessageRow = tuple[Message, int]
"""A message and how many of its deliveries to a subscription have failed."""


def load_messages(database: Database) -> dict[int, list[MessageRow]]:
    """The unacknowledged messages by subscription id, oldest first."""
    backlogs: dict[int, list[MessageRow]] = {}
    message: Message | None = None
    for subscription_id, attempts, *row in database.rows(
        "SELECT d.subscription_id, d.attempts, m.id, m.topic_id, m.published, m.ordering_key, length(m.body) "
        "FROM deliveries d JOIN messages m ON m.id = d.message_id WHERE d.acked = 0 ORDER BY d.message_id"
    ):
        if message is None or message.id != row[0]:
            message = Message(*row)
        backlogs.setdefault(subscription_id, []).append((message, attempts))
    return backlogs


def _found(named: dict[str, Named], name: str) -> Named:
    try:
        return named[name]
    except KeyError:
        raise missing(name) from None
