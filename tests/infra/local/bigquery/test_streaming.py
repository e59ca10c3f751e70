"""tabledata.insertAll: what is acknowledged is there at once, once, and after a kill."""

import datetime
import decimal
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from google.api_core.exceptions import BadRequest, NotFound
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

from infra.local.bigquery.engine import Engine
from tests.cloud import ROOT, local_cloud
from tests.infra.local.bigquery.conftest import Ask

NOW = "2024-05-01T10:00:00Z"


@pytest.fixture
def table(client: bigquery.Client, dataset: str) -> bigquery.Table:
    """Every type of column."""
    kinds = ["STRING", "INT64", "FLOAT64", "BOOL", "BYTES", "TIMESTAMP", "DATE", "TIME", "DATETIME", "NUMERIC", "JSON"]
    fields = [bigquery.SchemaField(kind.lower(), kind) for kind in kinds]
    fields.append(bigquery.SchemaField("record", "RECORD", fields=[bigquery.SchemaField("list", "BYTES", "REPEATED")]))
    return client.create_table(bigquery.Table(f"{client.project}.{dataset}.t", fields))


def test_values_of_every_type_come_back(client: bigquery.Client, table: bigquery.Table, ask: Ask) -> None:
    row = {
        "string": "é'\"",
        "int64": "9223372036854775807",
        "float64": "NaN",
        "bool": "true",
        "bytes": "/wA=",
        "timestamp": "2024-05-01 10:00:00.123456 UTC",
        "date": "2024-05-01",
        "time": "10:00:00.5",
        "datetime": "2024-05-01T10:00:00",
        "numeric": "0.123456789",
        "json": '{"a": [1, null]}',
        "record": {"list": ["AA==", "/w=="]},
    }
    assert client.insert_rows_json(table, [row, {}]) == []
    full, empty = sorted((dict(row) for row in client.list_rows(table)), key=lambda row: row["string"] is None)
    assert str(full.pop("float64")) == "nan"
    assert full == {
        "string": "é'\"",
        "int64": 9223372036854775807,
        "bool": True,
        "bytes": b"\xff\x00",
        "timestamp": datetime.datetime(2024, 5, 1, 10, 0, 0, 123456, tzinfo=datetime.UTC),
        "date": datetime.date(2024, 5, 1),
        "time": datetime.time(10, 0, 0, 500000),
        "datetime": datetime.datetime(2024, 5, 1, 10),
        "numeric": decimal.Decimal("0.123456789"),
        "json": {"a": [1, None]},
        "record": {"list": [b"\x00", b"\xff"]},
    }
    assert set(empty.values()) == {None}
    assert ask(f"SELECT COUNT(*) FROM {table.dataset_id}.t") == [(2,)]


@pytest.mark.parametrize(
    ("row", "location", "message"),
    [
        ({"int64": "abc"}, "int64", "Cannot convert value to integer"),
        ({"int64": True}, "int64", "Cannot convert value to integer"),
        ({"timestamp": "yesterday"}, "timestamp", "Cannot convert value to timestamp"),
        ({"nope": 1}, "nope", "no such field: nope."),
        ({"record": {"nope": 1}}, "record.nope", "no such field: record.nope."),
        ({"record": "x"}, "record", "This field: record is not a record."),
        ({"string": ["x"]}, "string", "Array specified for non-repeated field"),
        ({"record": {"list": [None]}}, "record.list", "Only optional fields can be set to NULL"),
        ({"bytes": "é"}, "bytes", "Cannot convert value to bytes"),
    ],
)
def test_a_bad_value_is_named(
    client: bigquery.Client, table: bigquery.Table, row: Any, location: str, message: str
) -> None:
    (error,) = client.insert_rows_json(table, [row])
    assert error["index"] == 0
    assert error["errors"][0]["reason"] == "invalid"
    assert error["errors"][0]["location"] == location
    assert message in error["errors"][0]["message"]


def test_one_bad_row_stops_the_others_unless_skipped(client: bigquery.Client, table: bigquery.Table, ask: Ask) -> None:
    rows: list[dict[str, Any]] = [{"int64": 1}, {"int64": "x"}, {"int64": 3, "unknown": 1}]
    errors = client.insert_rows_json(table, rows)
    assert [(e["index"], e["errors"][0]["reason"]) for e in errors] == [(0, "stopped"), (1, "invalid"), (2, "invalid")]
    errors = client.insert_rows_json(table, rows, skip_invalid_rows=True, ignore_unknown_values=True)
    assert [error["index"] for error in errors] == [1]
    assert ask(f"SELECT int64 FROM {table.dataset_id}.t ORDER BY 1") == [(1,), (3,)]


def test_an_insert_id_is_taken_once(client: bigquery.Client, table: bigquery.Table, ask: Ask) -> None:
    rows = [{"int64": n} for n in range(3)]
    for _ in range(2):
        assert client.insert_rows_json(table, rows, row_ids=["a", "b", "b"]) == []
    assert ask(f"SELECT COUNT(*) FROM {table.dataset_id}.t") == [(2,)]


def test_requests_that_cannot_be_taken_at_all(client: bigquery.Client, table: bigquery.Table, dataset: str) -> None:
    with pytest.raises(NotFound, match="Not found: Table"):
        client.insert_rows_json(f"{client.project}.{dataset}.missing", [{"a": 1}])
    with pytest.raises(BadRequest, match="too many rows"):
        client.insert_rows_json(table, [{}] * 50_001)


def test_acknowledged_rows_and_their_ids_survive_kills_under_load(tmp_path: Path) -> None:
    with local_cloud("bigquery", data=tmp_path) as cloud, cloud.applied():
        client = bigquery.Client(project=cloud.project, credentials=AnonymousCredentials())
        client.query_and_wait("CREATE TABLE kompo.kept (n INT64)")
        acknowledged: list[int] = []
        stop = threading.Event()

        def stream() -> None:
            batch = 0
            while not stop.is_set():
                numbers = range(batch * 50, batch * 50 + 50)
                ids = [str(number) for number in numbers]
                try:
                    rows = [{"n": number} for number in numbers]
                    errors = client.insert_rows_json("kompo.kept", rows, row_ids=ids, timeout=5, retry=None)
                except Exception:
                    # Not acknowledged: the same batch goes out again, as a publisher would do it.
                    time.sleep(0.02)
                    continue
                assert errors == []
                acknowledged.extend(numbers)
                batch += 1

        sender = threading.Thread(target=stream)
        sender.start()
        for _ in range(3):
            reached = len(acknowledged) + 200
            while len(acknowledged) < reached:
                time.sleep(0.01)
            cloud.kill("bigquery")
        stop.set()
        sender.join()
        (row,) = client.query_and_wait("SELECT COUNT(*) AS n, COUNT(DISTINCT n) AS d, MAX(n) AS last FROM kompo.kept")
        # The last batch may have been written and not acknowledged when the sender stopped.
        assert row.n in (len(acknowledged), len(acknowledged) + 50)
        assert (row.d, row.last) == (row.n, row.n - 1)


def test_a_half_written_transaction_at_the_end_of_the_log_is_dropped(tmp_path: Path) -> None:
    data = tmp_path / "bigquery"
    data.mkdir()
    engine = Engine(data)
    engine.open("p")
    engine.close()
    whole = _log_after(data, 3)
    torn = tmp_path / "torn"
    torn.mkdir()
    for cut in (1, 7, 40):
        shutil.copy(data / "p.duckdb", torn / "p.duckdb")
        (torn / "p.duckdb.wal").write_bytes(whole[:-cut])
        engine = Engine(torn)
        engine.open("p")
        with engine.cursor() as cursor:
            rows = cursor.execute("SELECT n FROM p.main.t ORDER BY n").fetchall()
        engine.close()
        assert rows == [(0,), (1,)]


def _log_after(data: Path, transactions: int) -> bytes:
    """The write-ahead log of a process that committed that many transactions and was killed."""
    script = f"""
import os, pathlib, signal
from infra.local.bigquery.engine import Engine
engine = Engine(pathlib.Path({str(data)!r}))
engine.open("p")
with engine.write("p") as cursor:
    cursor.execute("CREATE TABLE p.main.t (n INTEGER)")
for number in range({transactions}):
    with engine.write("p") as cursor:
        cursor.execute("INSERT INTO p.main.t VALUES (?)", [number])
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", script], check=False, cwd=ROOT)
    return (data / "p.duckdb.wal").read_bytes()


def test_rows_in_the_streaming_buffer_can_be_neither_changed_nor_deleted(tmp_path: Path) -> None:
    with local_cloud("bigquery", data=tmp_path, KOMPO_LOCAL_STREAMING_BUFFER="3") as cloud, cloud.applied():
        client = bigquery.Client(project="buffered", credentials=AnonymousCredentials())
        client.create_dataset("d")
        table = client.create_table(bigquery.Table("buffered.d.t", [bigquery.SchemaField("id", "STRING")]))
        client.query_and_wait("INSERT INTO d.t VALUES ('loaded')")
        assert client.insert_rows_json(table, [{"id": "streamed"}]) == []
        streamed = time.monotonic()
        client.query_and_wait("DELETE FROM d.t WHERE id = 'loaded'")
        for statement in ("DELETE FROM d.t WHERE id = 'streamed'", "UPDATE d.t SET id = 'x' WHERE TRUE"):
            with pytest.raises(BadRequest, match="would affect rows in the streaming buffer, which is not supported"):
                client.query_and_wait(statement)
        assert [row.id for row in client.query_and_wait("SELECT id FROM d.t")] == ["streamed"]
        time.sleep(max(0, streamed + 3.1 - time.monotonic()))
        client.query_and_wait("DELETE FROM d.t WHERE id = 'streamed'")
        assert list(client.query_and_wait("SELECT id FROM d.t")) == []
