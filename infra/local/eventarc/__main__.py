"""`python -m infra.local.eventarc --port N --data DIR`"""

import os

from aiohttp import web

from infra.local.eventarc.server import Eventarc
from infra.local.eventarc.store import Store
from infra.local.eventarc.triggers import triggered
from infra.local.serving import FUNCTIONS_URL, HOST, start_server
from infra.manifest import load_suite


def main() -> None:
    """Serve until SIGTERM. KOMPO_LOCAL_BACKOFF_MIN: seconds before the second attempt (default 1; Google takes 10)."""
    options = start_server("eventarc")
    backoff = float(os.environ.get("KOMPO_LOCAL_BACKOFF_MIN") or 1)
    functions = [function for function in load_suite().functions if triggered(function)]
    store = Store(options.data / "eventarc.db")
    eventarc = Eventarc(store, functions, options.project, os.environ.get(FUNCTIONS_URL), backoff)
    web.run_app(eventarc.application(), host=HOST, port=options.port, print=None, access_log=None, shutdown_timeout=1)


if __name__ == "__main__":
    main()
