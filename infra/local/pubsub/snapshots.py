"""Snapshots: what a subscription had not acknowledged at a moment, kept with all that is published afterwards."""

import sqlite3
import time
from collections.abc import Collection, Mapping
from typing import Final

from infra.local.pubsub import wire
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.catalog import Snapshot, Subscription
from infra.local.pubsub.errors import FailedPreconditionError, exists
from infra.local.pubsub.fields import merged
from infra.local.pubsub.names import check_name, check_project
from infra.local.pubsub.paging import Page, page_of
from infra.local.pubsub.wire import MICROSECONDS, Proto

_LIFETIME: Final = 7 * 86_400 * MICROSECONDS
_SHORTEST: Final = 3_600 * MICROSECONDS
_MUTABLE: Final = frozenset({"labels", "expire_time"})


class Snapshots:
    """Operations on snapshots. All raise the errors of `errors`; all are on disk when they return."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    async def create(self, name: str, subscription: Subscription, labels: Mapping[str, str]) -> Snapshot:
        """Snapshot a subscription. It lives for 7 days less the age of the oldest unacknowledged message."""
        check_name(name, "snapshots")
        if name in self._broker.catalog.snapshots:
            raise exists(name)
        if subscription.topic is None:
            raise FailedPreconditionError(f"The topic of the subscription has been deleted ({subscription.name}).")
        now = int(time.time() * MICROSECONDS)
        oldest = next((d.message.published for d in subscription.backlog.pending.values()), now)
        if oldest + _LIFETIME < now + _SHORTEST:
            raise FailedPreconditionError("The backlog is too old: the snapshot would expire in less than an hour.")
        proto = wire.Snapshot(name=name, topic=subscription.topic.name, labels=labels)
        wire.set_microseconds(proto.expire_time, oldest + _LIFETIME)
        snapshot = Snapshot(self._broker.catalog.next_id(), proto, subscription.topic, self._broker.ids.last)
        self._broker.catalog.add_snapshot(snapshot)
        row = (snapshot.id, name, subscription.topic.id, snapshot.watermark, proto.SerializeToString())

        def work(db: sqlite3.Connection) -> None:
            db.execute("INSERT INTO snapshots VALUES (?, ?, ?, ?, ?)", row)
            db.execute(
                "INSERT INTO snapshot_messages SELECT ?, message_id FROM deliveries WHERE subscription_id = ? AND acked = 0",
                (snapshot.id, subscription.id),
            )

        try:
            await self._broker.database.submit(work)
        except sqlite3.Error:
            self._broker.catalog.remove_snapshot(snapshot)
            raise
        return snapshot

    def get(self, name: str) -> Snapshot:
        """The snapshot of that name."""
        check_name(name, "snapshots")
        return self._broker.catalog.snapshot(name)

    def list(self, project: str, size: int, token: str) -> Page[Snapshot]:
        """The snapshots of `projects/{project}`."""
        check_project(project)
        mine = (s for s in self._broker.catalog.snapshots.values() if s.name.startswith(f"{project}/"))
        return page_of(mine, size, token)

    async def update(self, update: Proto, paths: Collection[str]) -> Snapshot:
        """Change the fields at `paths`."""
        snapshot = self.get(update.name)
        snapshot.proto = merged(snapshot.proto, update, paths, _MUTABLE)
        row = (snapshot.proto.SerializeToString(), snapshot.id)
        await self._broker.database.submit(lambda db: db.execute("UPDATE snapshots SET proto = ? WHERE id = ?", row))
        return snapshot

    async def delete(self, name: str) -> None:
        """Delete a snapshot; messages that only it kept go with it."""
        snapshot = self.get(name)
        self._broker.catalog.remove_snapshot(snapshot)
        self._broker.sweep_all = True
        number = (snapshot.id,)

        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM snapshots WHERE id = ?", number)
            db.execute("DELETE FROM snapshot_messages WHERE snapshot_id = ?", number)

        await self._broker.database.submit(work)
