"""The server: puts the operations together, provisions, serves until it is told to end."""

import asyncio
import gc
import signal
from pathlib import Path

import grpc.aio

from infra.local.pubsub.broker import Broker
from infra.local.pubsub.dead_letter import DeadLetters
from infra.local.pubsub.delivery import Deliveries
from infra.local.pubsub.provision import provision
from infra.local.pubsub.publisher_service import PublisherService
from infra.local.pubsub.publishing import Publishing
from infra.local.pubsub.push import Push
from infra.local.pubsub.retention import Retention
from infra.local.pubsub.snapshots import Snapshots
from infra.local.pubsub.subscriber_service import SubscriberService
from infra.local.pubsub.subscriptions import Subscriptions
from infra.local.pubsub.topics import Topics
from infra.local.serving import Options
from infra.manifest import load_suite

_CHANNEL = [
    ("grpc.max_receive_message_length", 32 << 20),  # above the service's limits: those answer, with its words
    ("grpc.max_send_message_length", -1),
    ("grpc.so_reuseport", 0),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
    ("grpc.http2.max_ping_strikes", 0),
]


async def serve(options: Options) -> None:
    """Serve at `options.address` until SIGTERM or SIGINT."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    broker = _load(options.data)
    deliveries = Deliveries(broker)
    push = Push(broker, deliveries)
    topics = Topics(broker)
    subscriptions = Subscriptions(broker, push.watch)
    snapshots = Snapshots(broker)
    publishing = Publishing(broker)
    broker.on_failure = DeadLetters(broker, deliveries, publishing).failed
    await provision(load_suite(), options.project, topics, subscriptions)
    retention = asyncio.create_task(Retention(broker, subscriptions, snapshots).run())
    for subscription in broker.catalog.subscriptions.values():
        push.watch(subscription)
    server = grpc.aio.server(options=_CHANNEL)
    server.add_generic_rpc_handlers(
        (
            PublisherService(topics, subscriptions, publishing).handler(),
            SubscriberService(broker, subscriptions, snapshots, deliveries).handler(),
        )
    )
    server.add_insecure_port(options.address)
    await server.start()
    await ended.wait()
    await server.stop(grace=0.5)
    retention.cancel()
    await push.close()
    broker.close()


def _load(folder: Path) -> Broker:
    """The broker of what is in `folder`. The collector would go through a large backlog again and again, in vain."""
    gc.disable()
    broker = Broker(folder)
    gc.freeze()
    gc.enable()
    return broker
