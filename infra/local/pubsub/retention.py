"""Retention: what is too old goes, and so do messages that nobody can ask for any more."""

import asyncio
import logging
import sqlite3
import time
from typing import Final

from infra.local.pubsub.broker import Broker
from infra.local.pubsub.errors import PubsubError
from infra.local.pubsub.snapshots import Snapshots
from infra.local.pubsub.subscriptions import Subscriptions
from infra.local.pubsub.wire import MICROSECONDS

_INTERVAL: Final = 30.0
_CHUNK: Final = 10_000
"""Messages deleted in one transaction: others wait for the writer no longer than that takes."""

_GARBAGE: Final = """
DELETE FROM messages WHERE id IN (
    SELECT id FROM messages m WHERE id < ?
    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE message_id = m.id)
    AND id < horizon(topic_id)
    AND NOT EXISTS (SELECT 1 FROM snapshots s WHERE s.topic_id = m.topic_id AND (m.id > s.watermark OR EXISTS (
        SELECT 1 FROM snapshot_messages WHERE snapshot_id = s.id AND message_id = m.id)))
    LIMIT ?)
"""

_log = logging.getLogger(__name__)


class Retention:
    """The sweep. Ids are never below publish times, so comparing ids with times never deletes too early."""

    def __init__(self, broker: Broker, subscriptions: Subscriptions, snapshots: Snapshots) -> None:
        self._broker = broker
        self._subscriptions = subscriptions
        self._snapshots = snapshots

    async def run(self) -> None:
        """Sweep for ever, until cancelled."""
        while True:
            try:
                await self.sweep(time.time())
            except (sqlite3.Error, PubsubError):
                _log.exception("the sweep failed; the next one tries again")
            await asyncio.sleep(_INTERVAL)

    async def sweep(self, now: float) -> None:
        """Remove what has expired by `now` (seconds since 1970)."""
        await self._expire_resources(now)
        cutoffs = [await self._expire_messages(now)] + [
            _before(now, topic.retention) for topic in self._broker.catalog.topics.values() if topic.retention
        ]
        bound = self._broker.ids.last + 1 if self._broker.sweep_all else max(cutoffs)
        self._broker.sweep_all = False
        await self._collect(now, bound)

    async def _expire_resources(self, now: float) -> None:
        for snapshot in list(self._broker.catalog.snapshots.values()):
            if snapshot.expires <= now * MICROSECONDS:
                await self._snapshots.delete(snapshot.name)
        for subscription in list(self._broker.catalog.subscriptions.values()):
            if subscription.backlog.listeners:
                subscription.used = now
            expiration = subscription.settings.expiration
            if expiration is not None and subscription.used + expiration <= now:
                await self._subscriptions.delete(subscription.name)

    async def _expire_messages(self, now: float) -> int:
        """Drop what subscriptions have kept long enough, acknowledged or not; gives the latest of the cut-offs."""
        rows: list[tuple[int, int]] = [(0, 0)]
        for subscription in self._broker.catalog.subscriptions.values():
            before = _before(now, subscription.settings.retention)
            rows.append((before, subscription.id))
            for delivery in subscription.backlog.expired(before):
                subscription.backlog.drop(delivery)
        await self._broker.database.submit(
            lambda db: db.executemany("DELETE FROM deliveries WHERE message_id < ? AND subscription_id = ?", rows)
        )
        return max(before for before, _ in rows)

    async def _collect(self, now: float, bound: int) -> None:
        horizons = {topic.id: _before(now, topic.retention) for topic in self._broker.catalog.topics.values()}

        def work(db: sqlite3.Connection) -> int:
            db.create_function("horizon", 1, lambda topic_id: horizons.get(topic_id, bound))
            return db.execute(_GARBAGE, (bound, _CHUNK)).rowcount

        while await self._broker.database.submit(work) == _CHUNK:
            pass


def _before(now: float, retention: float) -> int:
    return int((now - retention) * MICROSECONDS)
