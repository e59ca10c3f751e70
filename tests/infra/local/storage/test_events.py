"""Object events: as CloudEvents to Eventarc, none lost while nobody listens."""

import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from tests.cloud import ROOT, RunningCloud, wait_for

Event = tuple[dict[str, str], dict[str, object], float]


class Listener:
    """Stands where Eventarc stands: keeps the events that come in, answers with `status`."""

    def __init__(self, port: int) -> None:
        self.events: list[Event] = []
        self.status = 202
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                headers = {name.lower(): value for name, value in self.headers.items()}
                listener.events.append((headers | {"path": self.path}, body, time.monotonic()))
                self.send_response(listener.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()

    def types(self, status: int = 202) -> list[str]:
        """The types of the events, in the order in which they came."""
        return [headers["ce-type"].rpartition(".")[2] for headers, _, _ in self.events]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _storage(data: Path, eventarc_port: int) -> Iterator[tuple[storage.Bucket, "subprocess.Popen[bytes]"]]:
    port = _free_port()
    environment = {
        **os.environ,
        "KOMPO_LOCAL_EVENTARC": f"http://127.0.0.1:{eventarc_port}",
        "GOOGLE_CLOUD_PROJECT": "ev",
    }
    command = [sys.executable, "-m", "infra.local.storage", "--port", str(port), "--data", str(data)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(lambda: _accepts(port), "Storage answers")
        endpoint = {"api_endpoint": f"http://127.0.0.1:{port}"}
        client = storage.Client(project="ev", credentials=AnonymousCredentials(), client_options=endpoint)
        yield client.bucket("ev-media"), process
    finally:
        process.kill()
        process.wait()


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_each_change_of_an_object_is_told_at_once(tmp_path: Path) -> None:
    listener = Listener(_free_port())
    with _storage(tmp_path, listener.server.server_port) as (bucket, _):
        blob = bucket.blob("users/ü 1/a.mp4")
        blob.upload_from_string(b"12345", content_type="video/mp4")
        uploaded_at = time.monotonic()
        wait_for(lambda: len(listener.events) == 1, "the event arrives")
        headers, body, arrived_at = listener.events[0]
        assert arrived_at - uploaded_at < 0.5
        assert headers["path"] == "/events"
        assert headers["ce-type"] == "google.cloud.storage.object.v1.finalized"
        assert headers["ce-source"] == "//storage.googleapis.com/projects/_/buckets/ev-media"
        assert headers["ce-subject"] == "objects/users/%C3%BC%201/a.mp4"
        assert (headers["ce-bucket"], headers["ce-specversion"]) == ("ev-media", "1.0")
        assert "." in headers["ce-time"]
        assert body["name"] == "users/ü 1/a.mp4"
        assert (body["size"], body["contentType"], body["storageClass"]) == ("5", "video/mp4", "STANDARD")
        assert (body["generation"], body["metageneration"]) == (str(blob.generation), "1")
        blob.metadata = {"a": "1"}
        blob.patch()
        wait_for(lambda: len(listener.events) == 2, "the change arrives")
        bucket.blob(blob.name).upload_from_string(b"6")
        wait_for(lambda: len(listener.events) == 4, "the overwriting arrives")
        bucket.blob(blob.name).delete()
        wait_for(lambda: len(listener.events) == 5, "the deletion arrives")
        types = listener.types()
        assert types[:2] == ["finalized", "metadataUpdated"]
        assert sorted(types[2:4]) == ["deleted", "finalized"]
        assert types[4] == "deleted"
    listener.close()


def test_events_wait_until_somebody_listens_and_survive_kill_9(tmp_path: Path) -> None:
    port = _free_port()
    with _storage(tmp_path, port) as (bucket, process):
        for number in range(5):
            bucket.blob(f"n{number}").upload_from_string(b"x")
        process.kill()
    with _storage(tmp_path, port) as (bucket, _):
        bucket.blob("n5").upload_from_string(b"x")
        listener = Listener(port)
        names = [f"n{number}" for number in range(6)]
        wait_for(lambda: sorted(str(body["name"]) for _, body, _ in listener.events) == names, "all events arrive")
    listener.close()


def test_an_event_that_is_refused_comes_again_with_the_same_id(tmp_path: Path) -> None:
    listener = Listener(_free_port())
    listener.status = 503
    with _storage(tmp_path, listener.server.server_port) as (bucket, _):
        bucket.blob("x").upload_from_string(b"x")
        wait_for(lambda: len(listener.events) >= 2, "the event comes twice")
        listener.status = 202
        bucket.blob("y").upload_from_string(b"y")
        wait_for(lambda: listener.events[-1][1]["name"] == "x" or len(listener.events) > 3, "the event comes again")
        assert len({headers["ce-id"] for headers, body, _ in listener.events if body["name"] == "x"}) == 1
    listener.close()


def test_eventarc_keeps_the_event_for_the_function_that_waits_for_it(cloud: RunningCloud) -> None:
    bucket = storage.Client(project=cloud.project).bucket(f"{cloud.project}-media")
    name = f"users/u/assets/{time.time_ns()}/v1/source.mp4"
    bucket.blob(name).upload_from_string(b"x")

    def functions() -> list[str]:
        url = f"{cloud.env['KOMPO_LOCAL_EVENTARC']}/deliveries"
        deliveries = requests.get(url, timeout=10).json()["deliveries"]
        return [d["function"] for d in deliveries if d["event"]["subject"] == f"objects/{name}"]

    assert wait_for(functions, "Eventarc has the event") == ["register_upload"]
