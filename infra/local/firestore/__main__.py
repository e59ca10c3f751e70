"""`python -m infra.local.firestore --port N --data DIR`."""

import signal
import threading

from infra.local.serving import start_server

from .engine import Engine
from .service import make_server

GRACE = 1.0
"""Seconds that requests under way get at the end."""


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    options = start_server("firestore")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine = Engine(options.data)
    server = make_server(engine, options.address)
    server.start()
    stop.wait()
    stopped = server.stop(GRACE)
    engine.send_listeners_away()
    stopped.wait()
    engine.close()


if __name__ == "__main__":
    main()
