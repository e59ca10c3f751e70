"""Stands in for the deployed functions: an HTTP server that records its requests and answers as it is told."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    """A request. Header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes
    connection: tuple[str, int]


@dataclass
class Receiver:
    """What has been received, and what will be answered: `answers[path]` in turn, then 200; held back until `release`."""

    url: str
    requests: list[Received] = field(default_factory=list)
    answers: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    release: threading.Event = field(default_factory=threading.Event)
    together: int = 0
    most_together: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def at(self, path: str) -> list[Received]:
        """The requests for a path, in order."""
        return [request for request in self.requests if request.path == path]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Serve until the end of the block; answers are not held back unless the test clears `release`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {key.lower(): value for key, value in self.headers.items()}
            with state.lock:
                state.requests.append(Received(self.path, headers, body, self.client_address))
                status = state.answers[self.path].pop(0) if state.answers[self.path] else 200
                state.together += 1
                state.most_together = max(state.most_together, state.together)
            state.release.wait()
            with state.lock:
                state.together -= 1
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state = Receiver(f"http://127.0.0.1:{server.server_port}")
    state.release.set()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield state
    finally:
        state.release.set()
        server.shutdown()
        server.server_close()
