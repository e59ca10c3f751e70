"""The Firebase JS SDK in headless Chromium, against a local cloud of Firestore and Auth."""

import functools
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from tests.cloud import RunningCloud, local_cloud
from tests.web import browser
from tests.web.packages import install, npm

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Tab:
    """A page with the SDK, connected."""

    page: Page
    settings: dict[str, Any]

    def start(self) -> None:
        """Connect the SDK: once for each time that the page is loaded."""
        self.page.evaluate("(settings) => kompo.start(settings)", self.settings)

    def run(self, script: str, **arguments: Any) -> Any:
        """What an async JavaScript function answers that gets `kompo` (see page.js) and the arguments."""
        return self.page.evaluate(f"(given) => ({script})(window.kompo, given)", arguments)


OpenTab = Callable[..., Tab]


@pytest.fixture(scope="package")
def cloud() -> Iterator[RunningCloud]:
    """Firestore and Auth."""
    with local_cloud("firestore", "auth") as running:
        yield running


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the test page, bundled from page.js."""
    if not (shutil.which("npm") and shutil.which("chromium")):
        pytest.skip("browser tests need npm and chromium (apt-get install npm chromium)")
    folder = tmp_path_factory.mktemp("site")
    install(FOLDER)
    npm(FOLDER, "exec", "--", "esbuild", "page.js", "--bundle", "--log-level=error", f"--outfile={folder / 'page.js'}")
    (folder / "index.html").write_text('<!doctype html><meta charset="utf-8"><script src="page.js"></script>')
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """The test's output is no place for an access log."""


@pytest.fixture(scope="package")
def chromium(site: str) -> Iterator[Browser]:
    """The browser. Its driver keeps an event loop running in this thread, so it must not outlive these tests."""
    with browser.chromium() as launched:
        yield launched


@pytest.fixture
def open_tab(chromium: Browser, site: str, cloud: RunningCloud) -> Iterator[OpenTab]:
    """Opens tabs, each in a browser profile of its own, with the given settings of `kompo.start`."""
    contexts = []

    def open_one(**settings: Any) -> Tab:
        contexts.append(chromium.new_context())
        page = contexts[-1].new_page()
        page.goto(site)
        addresses = {
            "firestore": cloud.env["FIRESTORE_EMULATOR_HOST"],
            "authentication": cloud.env["FIREBASE_AUTH_EMULATOR_HOST"],
        }
        tab = Tab(page, addresses | settings)
        tab.start()
        return tab

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def project() -> str:
    """A project that no other test uses."""
    return f"test-{uuid4().hex[:12]}"


@pytest.fixture
def tab(open_tab: OpenTab, project: str) -> Tab:
    """A tab of the administrator."""
    return open_tab(project=project, token="owner")


@pytest.fixture(params=["streaming", "long polling"])
def listening_tab(request: pytest.FixtureRequest, open_tab: OpenTab, project: str) -> Tab:
    """A tab of the administrator, with either way to listen."""
    return open_tab(project=project, token="owner", longPolling=request.param == "long polling")
