"""What was acknowledged to a client survives `kill -9`; what was not is delivered again."""

import contextlib
import threading
from pathlib import Path

from google.api_core import exceptions
from google.cloud.pubsub_v1.subscriber.message import Message
from google.protobuf.duration_pb2 import Duration
from google.pubsub_v1.types import PubsubMessage

from tests.cloud import local_cloud, wait_for
from tests.infra.local.pubsub.clients import Clients


def test_resources_messages_and_acknowledgements_survive(tmp_path: Path) -> None:
    with local_cloud("pubsub", data=tmp_path) as cloud:
        clients = Clients(cloud.env["PUBSUB_EMULATOR_HOST"])
        topic, dead = clients.topic(labels={"a": "1"}), clients.topic(message_retention_duration=Duration(seconds=3600))
        policy = {"dead_letter_topic": dead, "max_delivery_attempts": 5}
        subscription = clients.subscription(topic, dead_letter_policy=policy, enable_message_ordering=True)
        clients.publish(topic, "acknowledged", "leased", "failed")
        clients.publish(topic, "k1", "k2", key="k")
        received = {one.message.data: one for one in clients.pull(subscription)}
        clients.ack(subscription, received[b"acknowledged"], received[b"k1"])
        clients.nack(subscription, received[b"failed"])
        snapshot = f"projects/{clients.project}/snapshots/kept"
        clients.subscriber.create_snapshot(name=snapshot, subscription=subscription)

        cloud.kill("pubsub")

        assert dict(clients.publisher.get_topic(topic=topic).labels) == {"a": "1"}
        assert clients.subscriber.get_snapshot(snapshot=snapshot).topic == topic
        attempts = {one.message.data: one.delivery_attempt for one in clients.pull(subscription)}
        assert attempts == {b"leased": 1, b"failed": 2, b"k2": 1}
        clients.publish(topic, "new")
        clients.subscriber.seek(request={"subscription": subscription, "snapshot": snapshot})
        assert sorted(clients.texts(subscription)) == ["failed", "k2", "leased", "new"]
        clients.close()


def test_nothing_acknowledged_is_lost_when_the_server_is_killed_under_load(tmp_path: Path) -> None:
    with local_cloud("pubsub", data=tmp_path) as cloud:
        clients = Clients(cloud.env["PUBSUB_EMULATOR_HOST"])
        topic = clients.topic()
        subscription = clients.subscription(topic)
        batch = [PubsubMessage(data=b"x")] * 50
        published: set[str] = set()
        received: set[str] = set()
        stop = threading.Event()

        def publish() -> None:
            while not stop.is_set():
                # The client's own retries would wait longer and longer.
                with contextlib.suppress(exceptions.GoogleAPICallError):
                    published.update(clients.publish_messages(topic, batch, retry=None))
                stop.wait(0.01)

        def take(message: Message) -> None:
            received.add(message.message_id)
            message.ack()

        publisher = threading.Thread(target=publish)
        publisher.start()
        with clients.subscribe(subscription, take):
            for _ in range(3):
                before = len(published)
                wait_for(lambda before=before: len(published) > before + 200, "messages flow")
                cloud.kill("pubsub")
            stop.set()
            publisher.join()
            wait_for(lambda: published <= received, "everything published has come")
        clients.close()
