"""TTL policies: what firestore.indexes.json marks with `"ttl": true` is deleted when its time has come."""

import json
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from google.cloud import firestore

from infra.local.firestore.authorization import ADMIN
from infra.local.firestore.engine import Engine
from infra.local.firestore.errors import FailedPrecondition, NotFound
from infra.local.firestore.index_file import read_index_file
from infra.local.firestore.indexing import Indexing
from infra.local.firestore.messages import CommitRequest, GetDocumentRequest, RunQueryRequest, Value, Write
from tests.cloud import RunningCloud, wait_for

DATABASE = "projects/p/databases/(default)"
TTL = {"fieldOverrides": [{"collectionGroup": "keys", "fieldPath": "meta.ends", "ttl": True, "indexes": []}]}
HOUR = 3600


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine that has the policy TTL for one of its databases."""
    file = tmp_path / "indexes.json"
    file.write_text(json.dumps(TTL))
    running = Engine(tmp_path, indexing=Indexing(DATABASE, read_index_file(file)))
    yield running
    running.close()


def timestamp(seconds_from_now: float) -> Value:
    value = Value()
    value.timestamp_value.FromDatetime(datetime.now(UTC) + timedelta(seconds=seconds_from_now))
    return value


def put(engine: Engine, path: str, ends: Value, database: str = DATABASE) -> None:
    write = Write(update={"name": f"{database}/documents/{path}"})
    write.update.fields["meta"].map_value.fields["ends"].CopyFrom(ends)
    engine.commits.commit(CommitRequest(database=database, writes=[write]), ADMIN)


def is_there(engine: Engine, path: str, database: str = DATABASE) -> bool:
    try:
        engine.reads.get_document(GetDocumentRequest(name=f"{database}/documents/{path}"), ADMIN)
    except NotFound:
        return False
    return True


def test_what_has_expired_is_deleted_at_every_depth_and_nothing_else(engine: Engine) -> None:
    put(engine, "keys/past", timestamp(-HOUR))
    put(engine, "users/ann/keys/past", timestamp(-1))
    kept = {
        "keys/future": timestamp(HOUR),
        "keys/text": Value(string_value="2020-01-01T00:00:00Z"),
        "keys/number": Value(integer_value=1),
        "locks/past": timestamp(-HOUR),
    }
    for path, ends in kept.items():
        put(engine, path, ends)
    put(engine, "keys/past", timestamp(-HOUR), "projects/other/databases/(default)")
    assert engine.sweep() == 2
    assert not is_there(engine, "keys/past")
    assert not is_there(engine, "users/ann/keys/past")
    assert all(is_there(engine, path) for path in kept)
    assert is_there(engine, "keys/past", "projects/other/databases/(default)")
    assert engine.sweep() == 0


def test_a_sweep_goes_on_beyond_one_commit(engine: Engine) -> None:
    write = Write()
    write.update.fields["meta"].map_value.fields["ends"].CopyFrom(timestamp(-HOUR))
    for first in (0, 400):
        writes = []
        for number in range(first, first + 400):
            write.update.name = f"{DATABASE}/documents/keys/{number}"
            writes.append(Write.FromString(write.SerializeToString()))
        engine.commits.commit(CommitRequest(database=DATABASE, writes=writes), ADMIN)
    assert engine.sweep() == 800


def test_the_time_is_no_more_open_to_queries_than_the_file_says(engine: Engine) -> None:
    query = RunQueryRequest(parent=f"{DATABASE}/documents")
    query.structured_query.from_.add(collection_id="keys")
    query.structured_query.order_by.add(field={"field_path": "meta.ends"})
    with pytest.raises(FailedPrecondition, match="exempts from indexing"):
        list(engine.queries.run_query(query, ADMIN))


def test_the_server_sweeps_when_it_starts(project: str, server: RunningCloud) -> None:
    client = firestore.Client(project=server.env["GOOGLE_CLOUD_PROJECT"])
    past, future = client.document("rate_limits/past"), client.document("rate_limits/future")
    past.set({"expireAt": datetime.now(UTC) - timedelta(hours=1)})
    future.set({"expireAt": datetime.now(UTC) + timedelta(hours=1)})
    server.kill("firestore", signal.SIGTERM)
    wait_for(lambda: not past.get().exists, "what had expired is deleted")
    assert future.get().exists
    future.delete()
