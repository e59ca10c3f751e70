"""Delivery: hand messages out under a lease, and settle, extend or fail them by their ack ids."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from infra.local.pubsub.broker import Broker
from infra.local.pubsub.catalog import Subscription
from infra.local.pubsub.errors import InvalidAckIdsError, InvalidArgumentError
from infra.local.pubsub.ordering import Delivery
from infra.local.pubsub.settings import ACK_DEADLINE
from infra.local.pubsub.wire import Proto

RESPONSE_BYTES: Final = 3 << 20
"""The most message bytes in one response, unless a single message has more. Clients that are pointed at a local server
take in 4 MiB at a time."""


@dataclass(slots=True)
class Receipt:
    """What became of a list of ack ids: `invalid` are those whose lease had ended (only told with exactly-once)."""

    valid: list[str]
    invalid: list[str]


class Deliveries:
    """The way out."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    async def pull(self, subscription: Subscription, limit: int, wait: float) -> list[Delivery]:
        """Lease up to `limit` messages, waiting up to `wait` seconds for the first."""
        backlog = subscription.backlog
        changed = asyncio.Event()
        backlog.listeners.add(changed.set)
        try:
            async with asyncio.timeout(wait):
                while True:
                    subscription.check_pull()
                    taken = backlog.take(limit, RESPONSE_BYTES, subscription.settings.ack_deadline)
                    if taken or not wait:
                        return taken
                    await changed.wait()
                    changed.clear()
                    self._broker.check_exists(subscription)
        except TimeoutError:
            return []
        finally:
            backlog.listeners.discard(changed.set)

    def fill(self, received: Proto, subscription: Subscription, deliveries: Iterable[Delivery]) -> None:
        """Append leased messages to a repeated field of ReceivedMessage."""
        counted = bool(subscription.settings.dead_letter_topic)
        for delivery in deliveries:
            body = self._broker.bodies.get(delivery.message.id)
            if body is None:
                subscription.backlog.drop(delivery)
                continue
            entry = received.add()
            entry.ack_id = f"{subscription.id}-{delivery.message.id}-{delivery.lease}"
            entry.message.MergeFromString(body)
            if counted:
                entry.delivery_attempt = delivery.attempts + 1

    def body(self, delivery: Delivery) -> bytes | None:
        """The serialized PubsubMessage of a delivery, or None if its retention has just ended."""
        return self._broker.bodies.get(delivery.message.id)

    async def acknowledge(self, subscription: Subscription, ack_ids: Sequence[str]) -> Receipt:
        """Settle messages; on return that is on disk. Without exactly-once delivery a lease that has ended is good enough,
        unless the message has an ordering key: then an earlier one has failed, and this one has to come after it."""
        receipt = Receipt([], [])
        settled: list[Delivery] = []
        for ack_id, (message_id, lease) in [(ack_id, _parse(subscription, ack_id)) for ack_id in ack_ids]:
            delivery = subscription.backlog.leased(message_id, lease)
            if delivery is None and not subscription.settings.exactly_once:
                delivery = subscription.backlog.pending.get(message_id)
                if delivery is not None and delivery.line is not None:
                    delivery = None
            if delivery is None:
                receipt.invalid.append(ack_id)
                continue
            receipt.valid.append(ack_id)
            settled += subscription.backlog.acknowledge(delivery)
        if settled:
            await self.settle(subscription, settled)
        return receipt

    def modify(self, subscription: Subscription, seconds_by_ack_id: Iterable[tuple[str, int]]) -> Receipt:
        """Let leases end that many seconds from now; 0 fails the message at once. Raises InvalidArgumentError."""
        receipt = Receipt([], [])
        changes = [(ack_id, _parse(subscription, ack_id), seconds) for ack_id, seconds in seconds_by_ack_id]
        for _, _, seconds in changes:
            if not 0 <= seconds < ACK_DEADLINE.stop:
                raise InvalidArgumentError(f"Invalid ack deadline given (ack_deadline_secs={seconds}).")
        for ack_id, (message_id, lease), seconds in changes:
            delivery = subscription.backlog.leased(message_id, lease)
            if delivery is None:
                receipt.invalid.append(ack_id)
                continue
            receipt.valid.append(ack_id)
            if seconds:
                subscription.backlog.extend(delivery, seconds)
            else:
                subscription.backlog.fail(delivery)
        return receipt

    def settle(
        self,
        subscription: Subscription,
        settled: Sequence[Delivery],
        also: Callable[[sqlite3.Connection], Any] | None = None,
        then: Callable[[Any], None] | None = None,
    ) -> "asyncio.Future[Any]":
        """Write that deliveries taken out of the backlog are acknowledged, in one transaction with `also`.

        If that fails they are back in the backlog, for the acknowledgement to be tried again."""
        write = Settlement.of(self._broker, subscription, settled)

        def work(connection: sqlite3.Connection) -> None:
            write(connection)
            if also is not None:
                also(connection)

        def restore(done: "asyncio.Future[Any]") -> None:
            if done.cancelled() or done.exception() is None or not self._broker.exists(subscription):
                return
            subscription.backlog.load((delivery.message, delivery.attempts) for delivery in settled)

        done = self._broker.database.submit(work, then)
        done.add_done_callback(restore)
        return done


class Settlement:
    """The rows to change when messages are acknowledged."""

    def __init__(self, acked: list[tuple[int, int]], retain: bool, done: list[tuple[int]]) -> None:
        self._acked = acked
        self._retain = retain
        self._done = done

    @classmethod
    def of(cls, broker: Broker, subscription: Subscription, settled: Sequence[Delivery]) -> "Settlement":
        """What settling these takes. A message that nobody waits for or may seek goes at once; else the sweep takes it."""
        topic = subscription.topic
        finished = [delivery.message.id for delivery in settled if not delivery.message.waiting]
        for number in finished:
            broker.bodies.forget(number)
        keep = topic is None or topic.keeps_messages
        broker.sweep_all |= topic is None
        acked = [(delivery.message.id, subscription.id) for delivery in settled]
        return cls(acked, subscription.settings.retain_acked, [] if keep else [(number,) for number in finished])

    def __call__(self, connection: sqlite3.Connection) -> None:
        if self._retain:
            sql = "UPDATE deliveries SET acked = 1 WHERE message_id = ? AND subscription_id = ?"
        else:
            sql = "DELETE FROM deliveries WHERE message_id = ? AND subscription_id = ?"
        connection.executemany(sql, self._acked)
        connection.executemany("DELETE FROM messages WHERE id = ?", self._done)


def require_valid(subscription: Subscription, receipt: Receipt) -> None:
    """With exactly-once delivery, raise InvalidAckIdsError if some leases had ended."""
    if receipt.invalid and subscription.settings.exactly_once:
        raise InvalidAckIdsError(receipt.invalid)


def _parse(subscription: Subscription, ack_id: str) -> tuple[int, int]:
    owner, _, rest = ack_id.partition("-")
    message_id, _, lease = rest.partition("-")
    if not (message_id.isdigit() and lease.isdigit() and owner == str(subscription.id)):
        raise InvalidArgumentError(f"You have passed an invalid ack ID to the service (ack_id={ack_id}).")
    return int(message_id), int(lease)
