"""What was acknowledged is there after `kill -9`, and listeners pick up where they were."""

import queue
import threading
from pathlib import Path
from uuid import uuid4

import pytest
from google.api_core import exceptions, retry
from google.cloud import firestore

from tests.cloud import local_cloud, wait_for
from tests.infra.local.firestore.conftest import HOST

KILLS = 2
WRITERS = 4
AGAIN = retry.Retry(
    predicate=retry.if_exception_type(exceptions.ServiceUnavailable, exceptions.Aborted), initial=0.05, timeout=30
)


def test_acknowledged_writes_survive_kills_under_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with local_cloud("firestore", data=tmp_path) as cloud:
        monkeypatch.setenv(HOST, cloud.env[HOST])
        client = firestore.Client(project=f"test-{uuid4().hex[:12]}")
        counter = client.document("counters/one")
        counter.set({"n": 0})
        acknowledged: list[str] = []
        increments: list[int] = []
        stop = threading.Event()

        @firestore.transactional
        def increment(transaction: firestore.Transaction) -> None:
            n = counter.get(transaction=transaction).get("n")
            transaction.update(counter, {"n": n + 1})

        def write(writer: int) -> None:
            number = 0
            while not stop.is_set():
                number += 1
                client.document(f"things/{writer}-{number}").set({"n": number}, retry=AGAIN)
                acknowledged.append(f"{writer}-{number}")

        def count() -> None:
            while not stop.is_set():
                AGAIN(increment)(client.transaction(max_attempts=10))
                increments.append(1)

        threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
        threads.append(threading.Thread(target=count))
        for thread in threads:
            thread.start()
        try:
            for _ in range(KILLS):
                before = len(acknowledged), len(increments)
                wait_for(
                    lambda b=before: len(acknowledged) > b[0] + 20 and len(increments) > b[1], "writes are under way"
                )
                cloud.kill("firestore")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        stored = {each.id for each in client.collection("things").select([]).stream()}
        assert set(acknowledged) <= stored
        assert counter.get().get("n") >= len(increments)


def test_a_listener_goes_on_over_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with local_cloud("firestore", data=tmp_path) as cloud:
        monkeypatch.setenv(HOST, cloud.env[HOST])
        client = firestore.Client(project=f"test-{uuid4().hex[:12]}")
        things = client.collection("things")
        things.document("a").set({"n": 1})
        things.document("b").set({"n": 1})
        events: queue.Queue[list[tuple[str, str]]] = queue.Queue()
        watch = things.on_snapshot(
            lambda _, changes, __: events.put([(each.type.name, each.document.id) for each in changes])
        )
        assert events.get(timeout=10) == [("ADDED", "a"), ("ADDED", "b")]
        cloud.kill("firestore")
        batch = client.batch()
        batch.update(things.document("a"), {"n": 2})
        batch.delete(things.document("b"))
        batch.commit(retry=AGAIN)
        assert events.get(timeout=30) == [("REMOVED", "b"), ("MODIFIED", "a")]
        watch.unsubscribe()
