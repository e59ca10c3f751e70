"""hls.js and dash.js in headless Chromium, with a server that gives parts of files."""

import contextlib
import functools
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.web import browser
from tests.web.packages import install

HERE = Path(__file__).parent
PAGE = """<!doctype html><meta charset="utf-8"><video muted></video>
<script src="hls.js"></script><script src="dash.js"></script><script src="page.js"></script>"""
SCRIPTS = {"hls.js": "hls.js/dist/hls.min.js", "dash.js": "dashjs/dist/modern/umd/dash.all.min.js"}

OpenPage = Callable[[Path], Page]


class _Parts(SimpleHTTPRequestHandler):
    """Files, and with `Range` parts of them, as a bucket gives them."""

    def do_GET(self) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        path = Path(self.translate_path(self.path))
        if asked is None or not path.is_file():
            super().do_GET()
            return
        data = path.read_bytes()
        begin, end = int(asked[1]), min(int(asked[2] or len(data)), len(data) - 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {begin}-{end}/{len(data)}")
        self.send_header("Content-Length", str(end + 1 - begin))
        self.end_headers()
        with contextlib.suppress(
            BrokenPipeError, ConnectionResetError
        ):  # A player that switches gives up what it asked for.
            self.wfile.write(data[begin : end + 1])

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """The test's output is no place for an access log."""


@pytest.fixture(scope="package")
def scripts() -> dict[str, Path]:
    """The players."""
    if not (shutil.which("npm") and shutil.which("chromium")):
        pytest.skip("browser tests need npm and chromium (apt-get install npm chromium)")
    install(HERE)
    return {name: HERE / "node_modules" / path for name, path in SCRIPTS.items()}


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser."""
    with browser.chromium() as launched:
        yield launched


@pytest.fixture
def open_page(scripts: dict[str, Path], chromium: Browser) -> Iterator[OpenPage]:
    """Opens a page beside the files of a folder."""
    servers, pages = [], []

    def open_one(folder: Path) -> Page:
        for name, path in {**scripts, "page.js": HERE / "page.js"}.items():
            shutil.copy(path, folder / name)
        (folder / "index.html").write_text(PAGE)
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Parts, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        pages.append(chromium.new_page())
        pages[-1].goto(f"http://127.0.0.1:{server.server_port}/")
        return pages[-1]

    yield open_one
    for page in pages:
        page.close()
    for server in servers:
        server.shutdown()
        server.server_close()
