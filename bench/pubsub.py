"""Pub/Sub: messages a second in, and through to an acknowledging subscriber, against a server that keeps nothing.

Run inside the suite: `python -m infra.local exec --only pubsub -- python -m bench.pubsub`. The baseline is the same official
client, in the same run, publishing to a gRPC server that parses the messages, answers with ids and forgets them."""

import multiprocessing
import os
import queue
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable
from concurrent import futures
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import grpc
from google.cloud import pubsub_v1
from google.pubsub_v1 import PublisherClient
from google.pubsub_v1.types import (
    PublishRequest,
    PublishResponse,
    PubsubMessage,
    StreamingPullRequest,
    StreamingPullResponse,
)

MESSAGES = 20_000
BATCH = 1_000
SINGLES = 300
DATA = b"x" * 200


def main() -> None:
    """Measure and print the table."""
    address = os.environ["PUBSUB_EMULATOR_HOST"]
    server, bare_address = start_bare_server()
    try:
        baseline = publish_rate(bare_address, "projects/bench/topics/bare")
    finally:
        server.terminate()
    topic = make_topic("publish")
    subscription = make_subscription(topic)
    published = publish_rate(address, topic)
    drained = drain_rate(subscription)
    publish_rate(address, topic)
    streamed = protocol_drain_rate(subscription)
    rows = [
        ("publish to a server that keeps nothing (baseline)", baseline, "messages/s"),
        ("publish, one subscription", published, "messages/s"),
        ("streaming pull and acknowledge a backlog, callback", drained, "messages/s"),
        ("the same without the client's lease management", streamed, "messages/s"),
        ("publish -> streaming pull -> acknowledge, at once", through_rate(), "messages/s"),
        ("the same rows into plain SQLite, a commit a batch", sqlite_rate(), "messages/s"),
    ]
    for name, rate, unit in rows:
        print(f"{name:<52}{rate:>10,.0f} {unit}   {rate / baseline:5.2f} x baseline")
    for name, latencies in (("publish of one message", publish_latencies()), ("publish to push", push_latencies())):
        cuts = statistics.quantiles(latencies, n=20)
        print(f"{name:<52}{statistics.median(latencies):>10.1f} ms median   {cuts[18]:.1f} ms p95")


def make_topic(name: str) -> str:
    """A topic for one measurement."""
    topic: str = PublisherClient.topic_path("bench", f"{name}-{time.time_ns()}")
    pubsub_v1.PublisherClient().create_topic(name=topic)
    return topic


def make_subscription(topic: str, **settings: Any) -> str:
    """A subscription to it."""
    name = topic.replace("/topics/", "/subscriptions/")
    pubsub_v1.SubscriberClient().create_subscription(request={"name": name, "topic": topic, **settings})
    return name


def publish_rate(address: str, topic: str) -> float:
    """Messages a second with BATCH messages a call, two calls in flight."""
    os.environ["PUBSUB_EMULATOR_HOST"], before = address, os.environ["PUBSUB_EMULATOR_HOST"]
    client = pubsub_v1.PublisherClient()
    os.environ["PUBSUB_EMULATOR_HOST"] = before
    request = PublishRequest(topic=topic, messages=[PubsubMessage(data=DATA)] * BATCH)

    def call(_: int) -> None:
        PublisherClient.publish(client, request=request)

    call(0)
    started = time.perf_counter()
    with futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(call, range(MESSAGES // BATCH)))
    return MESSAGES / (time.perf_counter() - started)


def drain_rate(subscription: str) -> float:
    """Messages a second through a callback that acknowledges."""
    return _receive(subscription, MESSAGES, lambda: None)


def protocol_drain_rate(subscription: str) -> float:
    """Messages a second through the bare call: what the server could give a faster client."""
    requests: queue.SimpleQueue[StreamingPullRequest | None] = queue.SimpleQueue()
    first = StreamingPullRequest(subscription=subscription, stream_ack_deadline_seconds=60)
    first.max_outstanding_messages = BATCH  # so that messages come no faster than acknowledgements are taken in
    requests.put(first)
    started = time.perf_counter()
    received = 0
    for response in pubsub_v1.SubscriberClient().streaming_pull(requests=iter(requests.get, None)):
        ack_ids = [one.ack_id for one in StreamingPullResponse.pb(response).received_messages]
        if ack_ids:
            requests.put(StreamingPullRequest(ack_ids=ack_ids))
        received += len(ack_ids)
        if received >= MESSAGES:
            requests.put(None)
            break
    return received / (time.perf_counter() - started)


def through_rate() -> float:
    """Messages a second from a publisher with the client's own batching to a subscriber in the same process."""
    topic = make_topic("through")
    subscription = make_subscription(topic)
    publisher = pubsub_v1.PublisherClient(pubsub_v1.types.BatchSettings(max_messages=BATCH))

    def publish() -> None:
        for _ in range(MESSAGES):
            publisher.publish(topic, DATA)

    return _receive(subscription, MESSAGES, publish)


def _receive(subscription: str, count: int, meanwhile: Callable[[], None]) -> float:
    left = iter(range(count - 1))
    complete = threading.Event()

    def callback(message: Any) -> None:
        message.ack()
        if next(left, None) is None:
            complete.set()

    subscriber = pubsub_v1.SubscriberClient()
    started = time.perf_counter()
    future = subscriber.subscribe(subscription, callback, pubsub_v1.types.FlowControl(max_messages=5 * BATCH))
    meanwhile()
    if not complete.wait(120):
        raise SystemExit("messages are missing")
    elapsed = time.perf_counter() - started
    future.cancel()
    future.result()
    return count / elapsed


def publish_latencies() -> list[float]:
    """Milliseconds of calls with one message each, one after the other."""
    client, topic = pubsub_v1.PublisherClient(), make_topic("single")
    make_subscription(topic)
    latencies = []
    for _ in range(SINGLES):
        started = time.perf_counter()
        PublisherClient.publish(client, topic=topic, messages=[PubsubMessage(data=DATA)])
        latencies.append((time.perf_counter() - started) * 1000)
    return latencies


def push_latencies() -> list[float]:
    """Milliseconds from the call of publish to the arrival at an HTTP endpoint."""
    arrivals: list[float] = []
    arrived = threading.Semaphore(0)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            arrivals.append(time.perf_counter())
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()
            arrived.release()

        def log_message(self, *_: Any) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client, topic = pubsub_v1.PublisherClient(), make_topic("push")
    subscription = make_subscription(topic, push_config={"push_endpoint": f"http://127.0.0.1:{server.server_port}/"})
    latencies = []
    for _ in range(SINGLES):
        started = time.perf_counter()
        PublisherClient.publish(client, topic=topic, messages=[PubsubMessage(data=DATA)])
        arrived.acquire(timeout=10)
        latencies.append((arrivals[-1] - started) * 1000)
    pubsub_v1.SubscriberClient().delete_subscription(subscription=subscription)
    server.shutdown()
    return latencies


def sqlite_rate() -> float:
    """Messages a second into a table of a file, as durable as the server's, with nothing around it."""
    body = PubsubMessage.serialize(PubsubMessage(data=DATA))
    with TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "baseline.sqlite3", isolation_level=None)
        database.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE m (id INTEGER PRIMARY KEY, b)"
        )
        started = time.perf_counter()
        for first in range(0, MESSAGES, BATCH):
            database.execute("BEGIN")
            database.executemany("INSERT INTO m VALUES (?, ?)", ((first + number, body) for number in range(BATCH)))
            database.execute("COMMIT")
        elapsed = time.perf_counter() - started
        database.close()
    return MESSAGES / elapsed


def start_bare_server() -> tuple[multiprocessing.Process, str]:
    """The baseline's server in a process of its own, and its address."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve_bare, args=(theirs,), daemon=True)
    process.start()
    return process, f"127.0.0.1:{ours.recv()}"


def _serve_bare(port: Connection) -> None:
    response = PublishResponse.pb()

    def publish(request: Any, _: grpc.ServicerContext) -> Any:
        return response(message_ids=[str(number) for number, _ in enumerate(request.messages)])

    handler = grpc.unary_unary_rpc_method_handler(
        publish, PublishRequest.pb().FromString, lambda message: message.SerializeToString()
    )
    server = grpc.server(futures.ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("google.pubsub.v1.Publisher", {"Publish": handler})]
    )
    port.send(server.add_insecure_port("127.0.0.1:0"))
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
