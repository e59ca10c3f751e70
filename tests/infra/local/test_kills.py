"""What was acknowledged is there after the restart: servers are killed at random, under load, and nothing is missing."""

import os
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import requests

from tests.cloud import RunningCloud, local_cloud, wait_for

KILLS = int(os.environ.get("KOMPO_SERVER_KILLS", "10"))
"""At least one of every server."""
VICTIMS = ("firestore", "pubsub", "bigquery", "storage", "auth", "run", "scheduler", "eventarc")


class Load:
    """Writers that note what was acknowledged; a call that fails in a kill counts as not acknowledged."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, list[str]] = {}
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, name: str, write: Callable[[str], None]) -> None:
        """Call `write` with ever new keys until the end."""
        kept = self.acknowledged[name] = []

        def work() -> None:
            number = 0
            while not self._stop.is_set():
                key = f"{name}-{number}"
                number += 1
                try:
                    write(key)
                except Exception:  # Whatever the client says of a server that was killed: it was not acknowledged.
                    self._stop.wait(0.05)
                else:
                    kept.append(key)

        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=60)
            assert not thread.is_alive(), f"the writer of {thread.name} hangs"


def test_nothing_acknowledged_is_lost_though_every_server_is_killed(tmp_path: Path) -> None:
    with local_cloud(*VICTIMS, data=tmp_path) as cloud, cloud.applied():
        clients = Clients(cloud)
        load = Load()
        for name in ("firestore", "pubsub", "bigquery", "storage", "auth", "scheduler"):
            load.start(name, getattr(clients, f"write_{name}"))
        dice = random.Random(20)
        victims = [*VICTIMS, *dice.choices(VICTIMS[:5], k=KILLS - len(VICTIMS))]
        dice.shuffle(victims)
        for victim in victims:
            before = {name: len(keys) for name, keys in load.acknowledged.items()}
            cloud.kill(victim)
            if victim in before:
                wait_for(
                    lambda: len(load.acknowledged[victim]) > before[victim],  # noqa: B023
                    f"{victim} takes writes again",
                    seconds=60,
                )
        load.stop()
        for name, keys in load.acknowledged.items():
            missing = set(keys) - getattr(clients, f"read_{name}")()
            assert not missing, f"{name} lost {len(missing)} of {len(keys)}: {sorted(missing)[:5]}"


class Clients:
    """How each server is written to and read, by its official client."""

    def __init__(self, cloud: RunningCloud) -> None:
        from google.auth.credentials import AnonymousCredentials
        from google.cloud import bigquery, firestore, storage
        from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient

        self.project = cloud.project
        self.auth = f"http://{cloud.env['FIREBASE_AUTH_EMULATOR_HOST']}/identitytoolkit.googleapis.com/v1"
        self.scheduler = f"{cloud.env['KOMPO_LOCAL_SCHEDULER']}/v1/projects/{cloud.project}/locations/us-central1/jobs"
        self.firestore = firestore.Client(project=cloud.project)
        self.publisher = PublisherClient()
        self.subscriber = SubscriberClient()
        self.bigquery = bigquery.Client(project=cloud.project, credentials=AnonymousCredentials())
        self.storage = storage.Client(project=cloud.project)
        self.topic = self.publisher.topic_path(cloud.project, "kills")
        self.subscription = self.subscriber.subscription_path(cloud.project, "kills")
        self.publisher.create_topic(name=self.topic)
        self.subscriber.create_subscription(name=self.subscription, topic=self.topic, ack_deadline_seconds=60)
        self.bigquery.create_dataset("kills")
        schema = [bigquery.SchemaField("key", "STRING")]
        self.table = self.bigquery.create_table(bigquery.Table(f"{cloud.project}.kills.keys", schema))
        self.bucket = self.storage.create_bucket("kills")

    def write_firestore(self, key: str) -> None:
        self.firestore.collection("kills").document(key).create({"key": key}, timeout=5)

    def read_firestore(self) -> set[str]:
        return {snapshot.id for snapshot in self.firestore.collection("kills").stream()}

    def write_pubsub(self, key: str) -> None:
        future: Future[Any] = self.publisher.publish(self.topic, key.encode(), timeout=5)
        future.result(timeout=20)

    def read_pubsub(self) -> set[str]:
        found: set[str] = set()
        while True:
            pulled = self.subscriber.pull(
                subscription=self.subscription, max_messages=1000, return_immediately=True, timeout=20
            )
            if not pulled.received_messages:
                return found
            found |= {received.message.data.decode() for received in pulled.received_messages}
            ids = [received.ack_id for received in pulled.received_messages]
            self.subscriber.acknowledge(subscription=self.subscription, ack_ids=ids)

    def write_bigquery(self, key: str) -> None:
        errors = self.bigquery.insert_rows_json(self.table, [{"key": key}], row_ids=[key], retry=None, timeout=5)
        assert errors == []

    def read_bigquery(self) -> set[str]:
        return {row["key"] for row in self.bigquery.query("SELECT key FROM kills.keys").result()}

    def write_storage(self, key: str) -> None:
        self.bucket.blob(key).upload_from_string(key * 100, retry=None, timeout=5)

    def read_storage(self) -> set[str]:
        found = {blob.name: blob for blob in self.bucket.list_blobs()}
        sample = random.Random(1).sample(sorted(found), min(20, len(found)))
        assert all(found[name].download_as_text() == name * 100 for name in sample)
        return set(found)

    def write_auth(self, key: str) -> None:
        body = {"email": f"{key}@example.com", "password": "correct horse", "returnSecureToken": True}
        requests.post(f"{self.auth}/accounts:signUp?key=k", json=body, timeout=5).raise_for_status()
        time.sleep(0.05)  # Hashing passwords would take the processor from the others.

    def read_auth(self) -> set[str]:
        found: set[str] = set()
        token = ""
        while True:
            url = f"{self.auth}/projects/{self.project}/accounts:batchGet?maxResults=1000&nextPageToken={token}"
            page = requests.get(url, headers={"Authorization": "Bearer owner"}, timeout=20).json()
            found |= {user["email"].partition("@")[0] for user in page.get("users", [])}
            token = page.get("nextPageToken", "")
            if not token:
                return found

    def write_scheduler(self, key: str) -> None:
        target = {"uri": "http://127.0.0.1:9/nowhere", "httpMethod": "POST"}
        job = {"name": f"projects/{self.project}/locations/us-central1/jobs/{key}", "schedule": "0 0 1 1 *"}
        requests.post(self.scheduler, json={**job, "httpTarget": target}, timeout=5).raise_for_status()
        time.sleep(0.05)

    def read_scheduler(self) -> set[str]:
        found: set[str] = set()
        token = ""
        while True:
            page = requests.get(f"{self.scheduler}?pageSize=500&pageToken={token}", timeout=20).json()
            found |= {job["name"].rpartition("/")[2] for job in page.get("jobs", [])}
            token = page.get("nextPageToken", "")
            if not token:
                return found
