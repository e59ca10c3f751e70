"""A hub of models on this machine, which speaks as much of Hugging Face's protocol as its own client asks for."""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REVISION = "a" * 40


@contextmanager
def hub(
    repository: str, files: Mapping[str, bytes], told: Mapping[str, str], *, breaks_off: str | None = None
) -> Iterator[str]:
    """Its URL. `told`: the SHA-256 that it tells of large files. `breaks_off`: a file of which half arrives, always."""
    entries = [
        {"rfilename": name, "size": len(content), **_large(name, content, told)} for name, content in files.items()
    ]
    answers = {
        f"/api/models/{repository}": {"id": repository, "sha": REVISION, "siblings": entries},
        f"/api/models/{repository}/tree/{REVISION}": [
            {"type": "file", "path": name, "size": len(content), "oid": _sha1(content)}
            for name, content in files.items()
        ],
    }

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def _answer(self, *, body: bool) -> None:
            path = self.path.partition("?")[0]
            content = json.dumps(answers[path]).encode() if path in answers else None
            if path.startswith(f"/{repository}/resolve/{REVISION}/"):
                content = files[path.rsplit("/", 1)[1]]
            if content is None:
                self.send_error(404)
                return
            self.send_response(200)
            headers = {"Content-Length": len(content), "ETag": f'"{_sha1(content)}"', "X-Repo-Commit": REVISION}
            for name, value in headers.items():
                self.send_header(name, str(value))
            self.end_headers()
            if body and breaks_off is not None and path.endswith(breaks_off):
                self.wfile.write(content[: len(content) // 2])
                self.close_connection = True
            elif body:
                self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _large(name: str, content: bytes, told: Mapping[str, str]) -> dict[str, object]:
    large = {"sha256": told[name], "size": len(content), "pointerSize": 130} if name in told else None
    return {"blobId": _sha1(content), **({"lfs": large} if large else {})}


def _sha1(content: bytes) -> str:
    return hashlib.sha1(content).hexdigest()
