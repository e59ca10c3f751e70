"""Debian's Chromium without a window, and without what it does for people."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

_OFF = (
    *("MediaRouter", "OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch", "HttpsUpgrades"),
    # The pages behind the address bar, of which every window loads two: half of what a tab costs.
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
)
"""Features. Chromium heeds the last list alone, so Playwright's own, of which the first line is taken, counts no more."""
_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", f"--disable-features={','.join(_OFF)}"),
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser. Its driver keeps an event loop running in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        yield browser
        browser.close()
