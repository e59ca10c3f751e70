"""Seeking: mark everything before a time as acknowledged and everything after it as not, or go back to a snapshot."""

import sqlite3
import time
from collections.abc import Callable
from typing import Any, Final

from infra.local.pubsub import wire
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.catalog import MessageRow, Snapshot, Subscription
from infra.local.pubsub.errors import InvalidArgumentError
from infra.local.pubsub.filters import Predicate
from infra.local.pubsub.messages import Message
from infra.local.pubsub.wire import MICROSECONDS

_PUBLISHED: Final = "(SELECT published FROM messages WHERE id = message_id)"
_UNACK: Final = (
    f"UPDATE deliveries SET acked = 0, attempts = 0 WHERE subscription_id = ? AND acked = 1 AND {_PUBLISHED} >= ?"  # noqa: S608
)
_BACKLOG: Final = (
    "SELECT d.attempts, m.id, m.topic_id, m.published, m.ordering_key, length(m.body) FROM deliveries d "
    "JOIN messages m ON m.id = d.message_id WHERE d.subscription_id = ? AND d.acked = 0 ORDER BY d.message_id"
)


class Seeking:
    """Operations that replace a subscription's backlog. Leases end; the new backlog is on disk when they return."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    async def to_time(self, subscription: Subscription, when: int) -> None:
        """Redeliver what was published from `when` (microseconds since 1970) on, as far as subscription or topic retain it."""
        topic = subscription.topic
        retained_from = int((time.time() - topic.retention) * MICROSECONDS) if topic and topic.retention else None
        number = subscription.id
        before = f"{_forget(subscription)} AND {_PUBLISHED} < ?"

        def work(db: sqlite3.Connection) -> None:
            if topic is not None and retained_from is not None:
                db.execute(
                    "INSERT OR IGNORE INTO deliveries (message_id, subscription_id, acked) "
                    "SELECT id, ?, 1 FROM messages WHERE topic_id = ? AND published >= ? AND wanted(body)",
                    (number, topic.id, max(when, retained_from)),
                )
            db.execute(before, (number, when))
            db.execute(_UNACK, (number, when))

        await self._replace(subscription, work)

    async def to_snapshot(self, subscription: Subscription, snapshot: Snapshot) -> None:
        """Go back to the snapshot. Raises InvalidArgumentError if it is of another topic."""
        topic = subscription.topic
        if topic is None or snapshot.topic is not topic:
            raise InvalidArgumentError(f"The snapshot is not of the subscription's topic (snapshot={snapshot.name}).")
        number = subscription.id
        forget = _forget(subscription)

        def work(db: sqlite3.Connection) -> None:
            db.execute(forget, (number,))
            db.execute(
                "INSERT OR REPLACE INTO deliveries (message_id, subscription_id) SELECT id, ? FROM messages "
                "WHERE topic_id = ? AND wanted(body) AND "
                "(id > ? OR id IN (SELECT message_id FROM snapshot_messages WHERE snapshot_id = ?))",
                (number, topic.id, snapshot.watermark, snapshot.id),
            )

        await self._replace(subscription, work)

    async def _replace(self, subscription: Subscription, change: Callable[[sqlite3.Connection], None]) -> None:
        matches = subscription.settings.matches

        def work(db: sqlite3.Connection) -> list[tuple[Any, ...]]:
            db.create_function("wanted", 1, lambda body: matches is None or _matches(matches, body))
            change(db)
            return db.execute(_BACKLOG, (subscription.id,)).fetchall()

        def then(rows: list[tuple[Any, ...]]) -> None:
            subscription.backlog.clear()
            subscription.backlog.load([self._message(subscription, *row) for row in rows])
            self._broker.sweep_all = True

        await self._broker.database.submit(work, then)

    def _message(self, subscription: Subscription, attempts: int, *row: Any) -> MessageRow:
        """The message, the same object as in the backlogs of the topic's other subscriptions: it counts who waits."""
        others = subscription.topic.subscriptions.values() if subscription.topic else ()
        for other in others:
            delivery = other.backlog.pending.get(row[0])
            if delivery is not None:
                return delivery.message, attempts
        return Message(*row), attempts


def _forget(subscription: Subscription) -> str:
    if subscription.settings.retain_acked:
        return "UPDATE deliveries SET acked = 1 WHERE subscription_id = ?"
    return "DELETE FROM deliveries WHERE subscription_id = ?"


def _matches(predicate: Predicate, body: bytes) -> bool:
    return predicate(wire.PubsubMessage.FromString(body).attributes)
