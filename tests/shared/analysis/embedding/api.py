"""An OpenAI-compatible embeddings API on this machine: the vector of a text is how often it has each letter."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class EmbeddingsApi:
    """Answers on loopback within a `with`. `failures`: statuses to answer with first. `requests`: the bodies that came."""

    def __init__(self, *failures: int, answer: dict[str, Any] | None = None) -> None:
        self.failures = list(failures)
        self.answer = answer
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                api.requests.append(body)
                api.keys.append(self.headers.get("Authorization"))
                status = api.failures.pop(0) if api.failures else 200
                content = json.dumps(api.answer or answered(body["input"])).encode()
                self.send_response(status if self.path == "/v1/embeddings" else 404)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


def answered(texts: list[str]) -> dict[str, Any]:
    """What the API says, in another order than it was asked."""
    data = [
        {"index": index, "embedding": [float(text.lower().count(letter)) for letter in LETTERS]}
        for index, text in enumerate(texts)
    ]
    return {"object": "list", "data": data[::-1]}
