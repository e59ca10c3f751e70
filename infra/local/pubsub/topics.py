"""Topics: made, changed, listed, deleted."""

import sqlite3
from collections.abc import Collection

from infra.local.pubsub.broker import Broker
from infra.local.pubsub.catalog import Topic
from infra.local.pubsub.errors import exists
from infra.local.pubsub.fields import merged, refuse_unsupported
from infra.local.pubsub.names import check_name, check_project
from infra.local.pubsub.paging import Page, page_of
from infra.local.pubsub.settings import read_retention
from infra.local.pubsub.wire import Proto

_MUTABLE = frozenset({"labels", "message_storage_policy", "kms_key_name", "message_retention_duration"})
_UNSUPPORTED = ("schema_settings", "ingestion_data_source_settings", "message_transforms")


class Topics:
    """Operations on topics. All raise the errors of `errors`; all are on disk when they return."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    async def create(self, proto: Proto) -> Topic:
        """Make a topic."""
        check_name(proto.name, "topics")
        if proto.name in self._broker.catalog.topics:
            raise exists(proto.name)
        refuse_unsupported(proto, _UNSUPPORTED)
        proto.state = proto.DESCRIPTOR.enum_types_by_name["State"].values_by_name["ACTIVE"].number
        topic = Topic(self._broker.catalog.next_id(), proto, read_retention(proto))
        self._broker.catalog.topics[topic.name] = topic
        row = (topic.id, topic.name, proto.SerializeToString())
        try:
            await self._broker.database.submit(lambda db: db.execute("INSERT INTO topics VALUES (?, ?, ?)", row))
        except sqlite3.Error:
            self._broker.catalog.remove_topic(topic)
            raise
        return topic

    def get(self, name: str) -> Topic:
        """The topic of that name."""
        check_name(name, "topics")
        return self._broker.catalog.topic(name)

    def list(self, project: str, size: int, token: str) -> Page[Topic]:
        """The topics of `projects/{project}`."""
        check_project(project)
        mine = (t for t in self._broker.catalog.topics.values() if t.name.startswith(f"{project}/"))
        return page_of(mine, size, token)

    async def update(self, update: Proto, paths: Collection[str]) -> Topic:
        """Change the fields at `paths`."""
        topic = self.get(update.name)
        proto = merged(topic.proto, update, paths, _MUTABLE)
        topic.retention = read_retention(proto)
        topic.proto = proto
        self._broker.sweep_all = True
        row = (proto.SerializeToString(), topic.id)
        await self._broker.database.submit(lambda db: db.execute("UPDATE topics SET proto = ? WHERE id = ?", row))
        return topic

    async def delete(self, name: str) -> None:
        """Delete a topic. Its subscriptions stay, with what they have not acknowledged."""
        topic = self.get(name)
        orphans = [*topic.subscriptions.values()]
        snapshots = [*topic.snapshots.values()]
        self._broker.catalog.remove_topic(topic)
        self._broker.sweep_all = True
        subscription_rows = [(s.proto.SerializeToString(), s.id) for s in orphans]
        snapshot_rows = [(s.proto.SerializeToString(), s.id) for s in snapshots]
        number = topic.id

        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM topics WHERE id = ?", (number,))
            db.executemany("UPDATE subscriptions SET proto = ? WHERE id = ?", subscription_rows)
            db.executemany("UPDATE snapshots SET proto = ? WHERE id = ?", snapshot_rows)

        await self._broker.database.submit(work)
