"""An event that cannot be kept is not taken; those taken before are still there."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from infra.manifest import ROOT, load_suite
from tests.cloud import wait_for, with_largest_file

ROOM = 400_000
BODY = b"x" * 20_000


@contextmanager
def _server(data: Path, largest_file: int | None = None) -> Iterator[httpx.Client]:
    """An Eventarc server whose files cannot grow past `largest_file` bytes, as on a disk that is full."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    limited = with_largest_file(largest_file) if largest_file else []
    process = subprocess.Popen(
        [*limited, sys.executable, "-m", "infra.local.eventarc", "--port", str(port), "--data", str(data)],
        cwd=ROOT,
        env={"GOOGLE_CLOUD_PROJECT": "p"},
        stderr=subprocess.DEVNULL,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as http:
            wait_for(lambda: _answers(http), "the server answers")
            yield http
    finally:
        process.terminate()
        process.wait()


def _answers(http: httpx.Client) -> bool:
    try:
        return http.get("/deliveries").is_success
    except httpx.TransportError:
        return False


def _send(http: httpx.Client, number: int) -> int:
    trigger = next(function.trigger.storage for function in load_suite().functions if function.trigger.storage)
    headers = {
        "ce-id": str(number),
        "ce-source": "//storage.googleapis.com/projects/_/buckets/b",
        "ce-specversion": "1.0",
        "ce-type": f"google.cloud.storage.object.v1.{trigger.event}",
        "ce-bucket": f"p-{trigger.bucket}",
    }
    return http.post("/events", headers=headers, content=BODY).status_code


def _kept(http: httpx.Client) -> set[int]:
    return {int(delivery["event"]["id"]) for delivery in http.get("/deliveries").json()["deliveries"]}


def test_what_was_taken_before_the_disk_was_full_is_kept_and_nothing_else_is_taken(tmp_path: Path) -> None:
    with _server(tmp_path, ROOM) as http:
        statuses = {number: _send(http, number) for number in range(60)}
        taken = {number for number, status in statuses.items() if status == 202}
        assert set(statuses.values()) == {202, 500}
        assert _kept(http) == taken
    with _server(tmp_path) as http:
        assert _kept(http) == taken
        assert _send(http, 1000) == 202
