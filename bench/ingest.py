"""Events a second from the HTTP API into BigQuery: validated, hashed, published, pushed, checked again, written.

Run inside the suite: `python -m infra.local exec -- python -m bench.ingest`. The baseline is the same rows, in the same chunks,
put into the same table by BigQuery's client with nothing around it. Beside the rates stand CPU seconds, which other work on
the machine does not change: of each server and of the bench itself, in microseconds an event."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from demo.client import Client
from shared.core.clients import bigquery_client
from shared.core.ids import new_id
from shared.core.settings import settings
from shared.events import Event, event_messages

EVENTS = 40_000
USERS = 8
BATCH = 1_000
SENDERS = 4
TIMEOUT = 120.0


def make_event(kind: str) -> dict[str, Any]:
    """An event of the usual size, as a client sends it."""
    return {
        "eventId": new_id(),
        "timestamp": datetime.now(UTC).isoformat(),
        "platform": "mcp",
        "eventType": "operation",
        "operation": {
            "type": kind,
            "inputFormat": "mp4",
            "outputFormat": "mp4",
            "sourceFileType": "video",
            "parameters": {"start": 1.5, "end": 9.25, "codec": "libx264", "crf": 20, "input": "/home/ann/x.mp4"},
            "fileSize": 52_428_800,
            "fileSizeCategory": "medium",
        },
        "metrics": {"success": True, "processingTime": 812.5, "cpuUsage": 180.0, "memoryUsage": 512.0},
        "context": {"workflowType": "social_media", "sequencePosition": 1, "sessionId": new_id()},
    }


def main() -> None:
    """Measure and print."""
    origin = os.environ["KOMPO_PUBLIC_URL"]
    clients = [Client.sign_up(origin, f"bench-{number}-{time.time_ns()}@example.com") for number in range(USERS)]
    for client in clients:
        client.call("POST", "/v1/events", {"events": [make_event("warm_up")]})
    baseline = insert_rate([make_event("baseline") for _ in range(EVENTS)])
    before = cpu_seconds()
    answered, through = pipeline_rates(clients, [make_event("bench") for _ in range(EVENTS)])
    spent = {name: (seconds - before[name]) / EVENTS * 1e6 for name, seconds in cpu_seconds().items()}
    print(f"{EVENTS} events of {USERS} users, {SENDERS} senders of {BATCH} at a time, {os.cpu_count()} cores")
    for name, rate in (
        ("rows straight into BigQuery (baseline)", baseline),
        ("POST /v1/events: checked, hashed and safe in Pub/Sub", answered),
        ("POST /v1/events until they are in BigQuery", through),
    ):
        print(f"{name:<56}{rate:>8,.0f} events/s   {rate / baseline:5.2f} x baseline")
    each = ", ".join(
        f"{name} {micros:.0f}" for name, micros in sorted(spent.items(), key=lambda item: -item[1]) if micros >= 1
    )
    total = sum(spent.values())
    print(f"CPU an event: {total:.0f} µs ({each}); two cores without other work: {2e6 / total:,.0f} events/s")


def cpu_seconds() -> dict[str, float]:
    """What each server, its workers included, and the bench itself have spent so far."""
    servers = json.loads((Path(os.environ["KOMPO_LOCAL_DATA"]) / "servers.json").read_text())
    pids = {name: server["pid"] for name, server in servers.items()} | {"bench": os.getpid()}
    return {name: sum(map(_spent, _family(pid))) for name, pid in pids.items()}


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def insert_rate(events: list[dict[str, Any]]) -> float:
    """Rows a second when the bodies of finished messages are inserted, SENDERS at a time."""
    checked = [Event.model_validate(event, by_name=False) for event in events]
    chunks = [json.loads(body)["events"] for body in event_messages(None, checked)]
    client = bigquery_client()
    table = f"{client.project}.{settings().dataset}.events"

    def insert(rows: list[dict[str, Any]]) -> None:
        failed = client.insert_rows_json(table, rows, row_ids=[row["event_id"] for row in rows])
        if failed:
            raise RuntimeError(f"BigQuery refused {len(failed)} rows: {failed[0]}")

    started = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as senders:
        list(senders.map(insert, chunks))
    return len(events) / (time.perf_counter() - started)


def pipeline_rates(clients: list[Client], events: list[dict[str, Any]]) -> tuple[float, float]:
    """Events a second until the API has answered, and until a query sees them all."""

    def send(start: int) -> None:
        client = clients[start // BATCH % len(clients)]
        receipt = client.call("POST", "/v1/events", {"events": events[start : start + BATCH]})
        if receipt["accepted"] != BATCH:
            raise RuntimeError(f"not all events were accepted: {receipt}")

    started = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as senders:
        list(senders.map(send, range(0, len(events), BATCH)))
    answered = time.perf_counter() - started
    while arrived() < len(events):
        if time.perf_counter() - started > TIMEOUT:
            raise RuntimeError(f"after {TIMEOUT:.0f} s only {arrived()} of {len(events)} events are in BigQuery")
        time.sleep(0.1)
    return len(events) / answered, len(events) / (time.perf_counter() - started)


def arrived() -> int:
    """How many of the bench's events are in the table, each counted once."""
    sql = f"SELECT COUNT(DISTINCT event_id) AS n FROM {settings().dataset}.events WHERE operation_type = 'bench'"
    [row] = bigquery_client().query_and_wait(sql)
    return int(row["n"])


if __name__ == "__main__":
    main()
