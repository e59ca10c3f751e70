"""Serves the functions and the gateway with gunicorn, the server of Cloud Run functions."""

import gc
import os
import signal
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from infra.local.functions.dispatch import by_port, internal, load_functions, public
from infra.local.serving import GATEWAY_URL, HOST, die_with_parent, start_server
from infra.manifest import load_suite

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

WORKERS = 2
THREADS = 24


class Host(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with our application. The parent imports; the workers are forked from it before any client is made."""

    def __init__(self, settings: dict[str, Any], application: "WSGIApplication") -> None:
        self._settings = settings
        self._application = application
        super().__init__()

    def load_config(self) -> None:
        """Take the settings (called by gunicorn)."""
        for key, value in self._settings.items():
            self.cfg.set(key, value)

    def load(self) -> "WSGIApplication":
        """The application (called by gunicorn)."""
        return self._application


def main() -> None:
    """Listen on the internal port and on the public origin until SIGTERM."""
    options = start_server("functions")
    gateway = os.environ[GATEWAY_URL]
    gc.disable()
    functions = load_functions(load_suite())
    gc.freeze()  # What is imported is for ever: the collector looks through it neither now, nor in each worker.
    gc.enable()
    # Without this, workers of a killed parent would keep the ports that its successor needs.
    workers_die_too = {"post_fork": lambda _server, _worker: die_with_parent(signal.SIGKILL)}
    settings = {
        "bind": [options.address, gateway.removeprefix("http://")],
        "workers": WORKERS,
        "worker_class": "gthread",
        "threads": THREADS,
        "preload_app": True,
        "keepalive": 75,
        "timeout": 0,
        "graceful_timeout": 5,
        "loglevel": "warning",
        "forwarded_allow_ips": HOST,
        **workers_die_too,
    }
    application = by_port(gateway, public(functions["api"]), internal(functions))
    Host(settings, application).run()


if __name__ == "__main__":
    main()
