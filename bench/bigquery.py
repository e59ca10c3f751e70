"""The local BigQuery against bare DuckDB in the same run: rows streamed a second, and the time of a query.

Run inside the suite: `python -m infra.local exec --only bigquery -- python -m bench.bigquery`.
A ratio above 1 says how much slower the whole wire is than DuckDB called directly.
"""

import datetime
import json
import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

BATCH, BATCHES, QUERIES = 500, 20, 20
GROUPED = (
    "SELECT operation_type, COUNT(*) AS n, AVG(metrics.processing_time) AS mean FROM {table} GROUP BY operation_type"
)
NOW = datetime.datetime.now(datetime.UTC)


def events() -> list[dict[str, Any]]:
    """Rows like those of the suite."""
    return [
        {
            "event_id": uuid.uuid4().hex,
            "occurred_at": NOW.isoformat(),
            "received_at": NOW.isoformat(),
            "platform": "mcp",
            "event_type": "operation",
            "operation_type": ("trim", "resize", "to_mp3")[number % 3],
            "metrics": {"success": number % 10 > 0, "processing_time": float(number)},
        }
        for number in range(BATCH)
    ]


def seconds(work: Callable[[int], object], times: int) -> list[float]:
    """The time of each call."""
    taken = []
    for number in range(times):
        start = time.perf_counter()
        work(number)
        taken.append(time.perf_counter() - start)
    return taken


def bare(folder: Path) -> tuple[float, float]:
    """Rows a second and median query seconds of DuckDB itself: one synced transaction a batch, the rows as one JSON text."""
    connection = duckdb.connect(folder / "bare.duckdb", config={"threads": 2})
    metrics = {"success": "BOOLEAN", "processing_time": "DOUBLE"}
    moments = {"occurred_at": "TIMESTAMPTZ", "received_at": "TIMESTAMPTZ"}
    kinds = {name: moments.get(name, "VARCHAR") for name in events()[0]} | {"metrics": metrics}
    rows_of = f"SELECT r.* FROM (SELECT unnest(from_json(?, '{json.dumps([kinds])}')) AS r)"
    connection.execute(f"CREATE TABLE events AS {rows_of}", ["[]"])

    def insert(_batch: int) -> None:
        connection.execute(f"INSERT INTO events {rows_of}", [json.dumps(events())])

    rows = BATCH * BATCHES / sum(seconds(insert, BATCHES))
    query = GROUPED.format(table="events")
    return rows, statistics.median(seconds(lambda _: connection.execute(query).fetchall(), QUERIES))


def wire() -> tuple[float, float, float]:
    """Rows a second, median query seconds, and the seconds from an insert's answer until a query has shown its row."""
    client = bigquery.Client(project=os.environ["GOOGLE_CLOUD_PROJECT"], credentials=AnonymousCredentials())

    def insert(_batch: int) -> None:
        rows = events()
        assert client.insert_rows_json("kompo.events", rows, row_ids=[row["event_id"] for row in rows]) == []

    rows = BATCH * BATCHES / sum(seconds(insert, BATCHES))
    query = GROUPED.format(table="kompo.events")
    median = statistics.median(seconds(lambda _: list(client.query_and_wait(query)), QUERIES))
    last = events()[0]
    client.insert_rows_json("kompo.events", [last])
    start = time.perf_counter()
    (row,) = client.query_and_wait(f"SELECT COUNT(*) AS n FROM kompo.events WHERE event_id = '{last['event_id']}'")
    assert row.n == 1
    return rows, median, time.perf_counter() - start


def main() -> None:
    """Print one line a measurement."""
    with tempfile.TemporaryDirectory() as folder:
        bare_rows, bare_query = bare(Path(folder))
    rows, query, visible = wire()
    slower = bare_rows / rows
    print(f"insertAll      {rows:8,.0f} rows/s through the wire, {bare_rows:8,.0f} bare    ratio {slower:.2f}")
    slower = query / bare_query
    print(
        f"query          {query * 1000:8.1f} ms through the wire, {bare_query * 1000:8.1f} ms bare   ratio {slower:.2f}"
    )
    print(f"visible within {visible * 1000:8.1f} ms of the answer")


if __name__ == "__main__":
    main()
