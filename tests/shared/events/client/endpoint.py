"""An endpoint on this machine that behaves as a test says: as the API does, or as nothing should."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Request:
    """A request as it came, its body unpacked."""

    path: str
    headers: dict[str, str]
    body: Any
    connection: Any


@dataclass
class Endpoint:
    """What was posted; `behaviour` answers: status, headers and body, or None if it has dealt with the connection itself."""

    url: str
    behaviour: Callable[[Request], tuple[int, dict[str, str], bytes] | None]
    requests: list[Request] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every event that was accepted, once."""
        found = {event["eventId"]: event for request in list(self.requests) for event in request.body["events"]}
        return [event for event_id, event in found.items() if event_id in self.known]

    def receipt(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        """As the API answers: an event that is known is a duplicate, the others are accepted."""
        verdicts = []
        for event in request.body["events"]:
            outcome = "duplicate" if event["eventId"] in self.known else "accepted"
            self.known.add(event["eventId"])
            verdicts.append({"eventId": event["eventId"], "outcome": outcome})
        return 202, {}, json.dumps({"verdicts": verdicts}).encode()

    def refuse(self, status: int, **headers: str) -> None:
        """Answer every request with this status from now on."""
        self.behaviour = lambda _: (status, headers, b'{"detail": "no"}')

    def recover(self) -> None:
        """Answer as the API does from now on."""
        self.behaviour = self.receipt


@contextmanager
def serving() -> Iterator[Endpoint]:
    """An endpoint on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                data = gzip.decompress(data)
            request = Request(self.path, dict(self.headers), json.loads(data), self)
            endpoint.requests.append(request)
            answer = endpoint.behaviour(request)
            if answer is None:
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}", lambda _: None)
    endpoint.recover()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
