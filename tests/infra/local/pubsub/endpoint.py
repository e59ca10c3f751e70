"""A push endpoint: a small HTTP server that remembers what was posted and answers what it is told to."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Posted:
    """One request. `at` is monotonic, in seconds."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def envelope(self) -> dict[str, Any]:
        """The JSON of a wrapped push."""
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    @property
    def text(self) -> str:
        """The message's data, of a wrapped push."""
        return base64.b64decode(self.envelope["message"].get("data", "")).decode()


Answer = Callable[[Posted], int]


@dataclass
class Endpoint:
    """What has been posted to `url` so far, in order of arrival."""

    url: str
    port: int
    answer: Answer
    posted: list[Posted] = field(default_factory=list)
    inside: int = 0
    most_inside: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def texts(self) -> list[str]:
        """The texts of the messages, in order of arrival."""
        return [posted.text for posted in self.posted]

    def take(self, posted: Posted) -> int:
        """Remember a request and choose its answer."""
        with self._lock:
            self.posted.append(posted)
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        try:
            return self.answer(posted)
        finally:
            with self._lock:
                self.inside -= 1


@contextmanager
def push_endpoint(answer: Answer = lambda _: 204, port: int = 0) -> Iterator[Endpoint]:
    """Serve on 127.0.0.1 until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {key.lower(): value for key, value in self.headers.items()}
            self.send_response(endpoint.take(Posted(self.path, headers, body)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Tests say what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}/push", server.server_port, answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
