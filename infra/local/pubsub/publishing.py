"""Publishing: check messages, give them ids, keep them, and put them into the backlogs of the topic's subscriptions."""

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf.timestamp_pb2 import Timestamp

from infra.local.pubsub import wire
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.catalog import Subscription, Topic
from infra.local.pubsub.errors import InvalidArgumentError, invalid
from infra.local.pubsub.messages import Message
from infra.local.pubsub.wire import MICROSECONDS, Proto

_MAX_MESSAGES: Final = 1000
_MAX_BYTES: Final = 10_000_000
_MAX_ATTRIBUTES: Final = 100
_MAX_KEY_BYTES: Final = 256
_MAX_VALUE_BYTES: Final = 1024
_MAX_ORDERING_KEY_BYTES: Final = 1024


@dataclass(slots=True)
class Batch:
    """Messages on their way into the database and from there into the backlogs."""

    ids: range
    message_rows: list[tuple[Any, ...]] = field(default_factory=list)
    delivery_rows: list[tuple[int, int]] = field(default_factory=list)
    wanted: list[tuple[Subscription, list[Message]]] = field(default_factory=list)

    def write(self, connection: sqlite3.Connection) -> None:
        """Keep the messages and who is to get them."""
        connection.executemany(
            "INSERT INTO messages (id, topic_id, published, ordering_key, body) VALUES (?, ?, ?, ?, ?)",
            self.message_rows,
        )
        connection.executemany("INSERT INTO deliveries (message_id, subscription_id) VALUES (?, ?)", self.delivery_rows)


class Publishing:
    """The way in."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    async def publish(self, topic: Topic, messages: Sequence[Proto]) -> list[str]:
        """Publish and return the ids, in order, once the messages are on disk. Raises InvalidArgumentError."""
        check_messages(messages)
        batch = self.prepare(topic, messages)
        if batch.message_rows:
            await self._broker.database.submit(batch.write, lambda _: self.deliver(batch))
        return [str(number) for number in batch.ids]

    def prepare(self, topic: Topic, messages: Sequence[Proto]) -> Batch:
        """Give the messages ids and a publish time, and find who wants them. Nobody sees them yet."""
        now = int(time.time() * MICROSECONDS)
        published = Timestamp()
        wire.set_microseconds(published, now)
        batch = Batch(self._broker.ids.take(len(messages)))
        batch.wanted = [(s, []) for s in topic.subscriptions.values() if not s.settings.detached]
        keep = topic.keeps_messages
        for number, proto in zip(batch.ids, messages, strict=True):
            proto.message_id = str(number)
            proto.publish_time.CopyFrom(published)
            body: bytes = proto.SerializeToString()
            message = Message(number, topic.id, now, proto.ordering_key, len(body))
            wanted = False
            for subscription, theirs in batch.wanted:
                matches = subscription.settings.matches
                if matches is None or matches(proto.attributes):
                    wanted = True
                    theirs.append(message)
                    batch.delivery_rows.append((number, subscription.id))
            if wanted or keep:
                batch.message_rows.append((number, topic.id, now, message.key, body))
            if wanted:
                self._broker.bodies.put(number, body)
        return batch

    def deliver(self, batch: Batch) -> None:
        """Make the messages available, now that they are kept."""
        for subscription, messages in batch.wanted:
            if self._broker.exists(subscription) and not subscription.settings.detached:
                subscription.backlog.add(messages)


def check_messages(messages: Sequence[Proto]) -> None:
    """Raise InvalidArgumentError unless the service would accept these messages in one request."""
    if not 1 <= len(messages) <= _MAX_MESSAGES:
        raise invalid(
            "messages", f"A request must have from 1 to {_MAX_MESSAGES} messages; this one has {len(messages)}."
        )
    if sum(message.ByteSize() for message in messages) > _MAX_BYTES:
        raise InvalidArgumentError(f"Request payload size exceeds the limit: {_MAX_BYTES} bytes.")
    for message in messages:
        if not message.data and not message.attributes:
            raise InvalidArgumentError(
                "One or more messages in the publish request is empty. "
                "Each message must contain either non-empty data, or at least one attribute."
            )
        if len(message.ordering_key.encode()) > _MAX_ORDERING_KEY_BYTES:
            raise invalid("message.ordering_key", f"It must be at most {_MAX_ORDERING_KEY_BYTES} bytes.")
        if message.attributes:
            _check_attributes(message.attributes)


def _check_attributes(attributes: Proto) -> None:
    if len(attributes) > _MAX_ATTRIBUTES:
        raise invalid("message.attributes", f"A message must have at most {_MAX_ATTRIBUTES}.")
    for key, value in attributes.items():
        if not key or len(key.encode()) > _MAX_KEY_BYTES or key.startswith("goog"):
            raise invalid("message.attributes", "A key must have 1 to 256 bytes and not start with goog.")
        if len(value.encode()) > _MAX_VALUE_BYTES:
            raise invalid("message.attributes", f"A value must have at most {_MAX_VALUE_BYTES} bytes.")
