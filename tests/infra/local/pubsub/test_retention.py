"""Retention, on the engine itself with a clock of its own: the shortest that the service allows is ten minutes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from infra.local.pubsub import wire
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.catalog import Subscription
from infra.local.pubsub.delivery import Deliveries
from infra.local.pubsub.publishing import Publishing
from infra.local.pubsub.retention import Retention
from infra.local.pubsub.snapshots import Snapshots
from infra.local.pubsub.subscriptions import Subscriptions
from infra.local.pubsub.topics import Topics
from infra.local.pubsub.wire import Proto

TOPIC = "projects/p/topics/topic"
DAY = 86_400


class Engine:
    """The operations on a database in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.broker = Broker(folder)
        self.topics = Topics(self.broker)
        self.subscriptions = Subscriptions(self.broker, lambda _: None)
        self.snapshots = Snapshots(self.broker)
        self.deliveries = Deliveries(self.broker)
        self.retention = Retention(self.broker, self.subscriptions, self.snapshots)

    async def publish(self, count: int = 1) -> None:
        topic = self.topics.get(TOPIC)
        await Publishing(self.broker).publish(topic, [wire.PubsubMessage(data=b"x") for _ in range(count)])

    async def subscribe(self, number: int = 1, **settings: Proto) -> Subscription:
        name = f"projects/p/subscriptions/subscription-{number}"
        return await self.subscriptions.create(wire.Subscription(name=name, topic=TOPIC, **settings))

    async def acknowledge_all(self, subscription: Subscription) -> None:
        taken = await self.deliveries.pull(subscription, 1000, 0)
        ids = [f"{subscription.id}-{delivery.message.id}-{delivery.lease}" for delivery in taken]
        await self.deliveries.acknowledge(subscription, ids)

    async def sweep(self, days_from_now: float = 0) -> None:
        await self.retention.sweep(time.time() + days_from_now * DAY)

    def kept(self) -> int:
        """Rows in the table of messages."""
        return int(self.broker.database.rows("SELECT count(*) FROM messages")[0][0])


def on_engine(folder: Path, steps: Callable[[Engine], Awaitable[None]], **topic: Proto) -> None:
    """Run `steps` on a new engine that has the topic."""

    async def run() -> None:
        engine = Engine(folder)
        await engine.topics.create(wire.Topic(name=TOPIC, **topic))
        try:
            await steps(engine)
        finally:
            engine.broker.close()

    asyncio.run(run())


def test_a_message_goes_when_the_last_subscription_has_acknowledged_it(tmp_path: Path) -> None:
    async def steps(engine: Engine) -> None:
        first, second = await engine.subscribe(1), await engine.subscribe(2)
        await engine.publish(3)
        await engine.acknowledge_all(first)
        assert engine.kept() == 3
        await engine.acknowledge_all(second)
        assert engine.kept() == 0

    on_engine(tmp_path, steps)


def test_a_message_that_nobody_wants_is_not_kept(tmp_path: Path) -> None:
    async def steps(engine: Engine) -> None:
        await engine.publish(3)
        assert engine.kept() == 0

    on_engine(tmp_path, steps)


def test_unacknowledged_messages_go_after_the_subscriptions_retention(tmp_path: Path) -> None:
    async def steps(engine: Engine) -> None:
        subscription = await engine.subscribe()
        await engine.publish(3)
        await engine.sweep(6.9)
        assert len(subscription.backlog.pending) == 3
        await engine.sweep(7.1)
        assert (len(subscription.backlog.pending), engine.kept()) == (0, 0)
        assert subscription.backlog.take(10, 1000, 10) == []

    on_engine(tmp_path, steps)


def test_acknowledged_messages_stay_while_the_subscription_retains_them(tmp_path: Path) -> None:
    async def steps(engine: Engine) -> None:
        subscription = await engine.subscribe(retain_acked_messages=True)
        await engine.publish(3)
        await engine.acknowledge_all(subscription)
        await engine.sweep(6.9)
        assert engine.kept() == 3
        await engine.sweep(7.1)
        assert engine.kept() == 0

    on_engine(tmp_path, steps)


def test_messages_stay_while_their_topic_retains_them(tmp_path: Path) -> None:
    async def steps(engine: Engine) -> None:
        await engine.publish(3)
        await engine.sweep(0.9)
        assert engine.kept() == 3
        await engine.sweep(1.1)
        assert engine.kept() == 0

    retention = wire.Topic().message_retention_duration
    retention.seconds = DAY
    on_engine(tmp_path, steps, message_retention_duration=retention)


def test_messages_stay_while_a_snapshot_holds_them_and_the_snapshot_expires(tmp_path: Path) -> None:
    async def steps(engine: Engine) -> None:
        subscription = await engine.subscribe()
        await engine.publish()
        await engine.snapshots.create("projects/p/snapshots/snapshot", subscription, {})
        await engine.publish()
        await engine.acknowledge_all(subscription)
        await engine.sweep(6.9)
        assert engine.kept() == 2
        await engine.sweep(7.1)
        assert (engine.kept(), engine.broker.catalog.snapshots) == (0, {})

    on_engine(tmp_path, steps)


def test_messages_of_a_deleted_subscription_go(tmp_path: Path) -> None:
    async def steps(engine: Engine) -> None:
        subscription = await engine.subscribe()
        await engine.publish(3)
        await engine.subscriptions.delete(subscription.name)
        await engine.sweep()
        assert engine.kept() == 0

    on_engine(tmp_path, steps)


def test_a_subscription_that_nobody_uses_expires_unless_it_never_does(tmp_path: Path) -> None:
    async def steps(engine: Engine) -> None:
        idle = await engine.subscribe(1)
        forever = await engine.subscribe(2, expiration_policy=wire.Subscription().expiration_policy)
        await engine.sweep(30.9)
        assert set(engine.broker.catalog.subscriptions) == {idle.name, forever.name}
        await engine.sweep(31.1)
        assert set(engine.broker.catalog.subscriptions) == {forever.name}

    on_engine(tmp_path, steps)


def test_ids_are_never_used_twice(tmp_path: Path) -> None:
    async def run() -> int:
        broker = Broker(tmp_path)
        broker.close()
        return broker.ids.take(5)[-1]

    assert asyncio.run(run()) < asyncio.run(run()) - 4
