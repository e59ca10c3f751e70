"""`python -m bench.firestore`: the local Firestore server, driven by the official client, as ratios against two baselines
measured in the same run: a call to the same server that does nothing, and bare SQLite with the same durability.

Also counts what a query over 100,000 documents reads.
"""

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from tests.cloud import local_cloud

THREADS = 8
CALLS = 250
"""Calls of each thread."""
MANY = 100_000
BATCH = 500
DOCUMENT = {
    "title": "komposition",
    "state": "queued",
    "priority": 3,
    "progress": 0.5,
    "tags": ["a", "b"],
    "meta": {"fps": 30},
}


def rate(work: Callable[[int, int], object], calls: int = CALLS) -> float:
    """Calls a second with THREADS threads; `work` gets the numbers of thread and call."""

    def loop(thread: int) -> None:
        for call in range(calls):
            work(thread, call)

    with ThreadPoolExecutor(THREADS) as pool:
        start = time.perf_counter()
        list(pool.map(loop, range(THREADS)))
        return THREADS * calls / (time.perf_counter() - start)


def bare_sqlite(folder: Path) -> float:
    """Durable inserts a second, one transaction each, by one thread with no server around it."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id TEXT PRIMARY KEY, v BLOB)"
    )
    blob = b"x" * 200
    start = time.perf_counter()
    for number in range(CALLS * THREADS):
        connection.execute("INSERT INTO t VALUES (?, ?)", (str(number), blob))
    seconds = time.perf_counter() - start
    connection.close()
    return CALLS * THREADS / seconds


def fill(client: firestore.Client) -> float:
    """MANY documents in batches; documents a second."""
    start = time.perf_counter()

    def write(first: int) -> None:
        batch = client.batch()
        for number in range(first, first + BATCH):
            batch.set(client.document(f"many/{number:06}"), {"n": number, "state": "done" if number % 2 else "queued"})
        batch.commit()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(0, MANY, BATCH)))
    return MANY / (time.perf_counter() - start)


def examined(query: Any) -> tuple[float, int]:
    """Milliseconds that a query takes, and documents that it reads."""
    results = query.get(explain_options=firestore.ExplainOptions(analyze=True))
    stats = results.get_explain_metrics().execution_stats
    start = time.perf_counter()
    query.get()
    return (time.perf_counter() - start) * 1000, int(stats.debug_stats["documents_scanned"])


def throughput(client: firestore.Client, sqlite_rate: float) -> None:
    """Print calls a second and their ratio to the baselines."""
    api, metadata = client._firestore_api, client._rpc_metadata
    nothing = {"database": client._database_string, "transaction": b""}
    noop = rate(lambda *_: api.rollback(request=nothing, metadata=metadata))
    things = client.collection("things")
    recent = things.where(filter=FieldFilter("state", "==", "queued")).limit(10)
    rows = {
        "no-op call (rollback of nothing)": noop,
        "set, new document": rate(lambda thread, call: things.document(f"{thread}-{call}").set(DOCUMENT)),
        "set, 2 of 6 fields changed": rate(
            lambda thread, call: things.document(f"{thread}-{call}").set(
                {**DOCUMENT, "state": "done" if call % 2 else "queued", "priority": call}
            )
        ),
        "get": rate(lambda thread, call: things.document(f"{thread}-{call}").get()),
        "query, 10 of 2,000 documents": rate(lambda *_: list(recent.stream()), CALLS // 5),
    }
    print(
        f"{THREADS} client threads on this machine; bare SQLite, WAL and FULL, one thread: {sqlite_rate:,.0f} inserts/s"
    )
    print(f"{'':36}{'calls/s':>9}{'of no-op':>10}{'of SQLite':>11}")
    for name, value in rows.items():
        print(f"{name:36}{value:9,.0f}{value / noop:10.2f}{value / sqlite_rate:11.2f}")


def large_queries(client: firestore.Client) -> None:
    """Print what queries over MANY documents cost against reading them all."""
    speed = fill(client)
    many = client.collection("many")
    queued = many.where(filter=FieldFilter("state", "==", "queued"))
    full, _ = examined(many.select(["__name__"]))
    print(
        f"\n{MANY:,} documents, written at {speed:,.0f}/s in batches of {BATCH}; reading them all takes {full:,.0f} ms"
    )
    queries = {
        "n == 4711": many.where(filter=FieldFilter("n", "==", 4711)),
        "state == queued, 20 newest": queued.order_by("n", direction="DESCENDING").limit(20),
        "n > 99,900, limit 20": many.where(filter=FieldFilter("n", ">", 99_900)).limit(20),
        "20 newest of all": many.order_by("n", direction="DESCENDING").limit(20),
        "state == queued, offset 100, limit 20": queued.offset(100).limit(20),
    }
    print(f"{'':40}{'ms':>8}{'read':>8}{'of reading all':>16}")
    for name, query in queries.items():
        milliseconds, documents = examined(query)
        print(f"{name:40}{milliseconds:8.1f}{documents:8,}{milliseconds / full:16.5f}")
    start = time.perf_counter()
    count = queued.count().get()[0][0].value
    print(f"{'count where state == queued':40}{(time.perf_counter() - start) * 1000:8.1f}{0:8}   = {count:,}")


def main() -> None:
    """Run it all against a server of its own."""
    with TemporaryDirectory(prefix="bench-firestore-") as folder, local_cloud("firestore") as cloud, cloud.applied():
        client = firestore.Client(project="bench")  # whose queries need no composite index
        throughput(client, bare_sqlite(Path(folder)))
        large_queries(client)


if __name__ == "__main__":
    main()
