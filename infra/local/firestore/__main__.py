"""`python -m infra.local.firestore --port N --data DIR`."""

import asyncio
import resource
import signal
from collections.abc import Callable
from functools import partial

import grpc

from infra.local.serving import HOST, Options, start_server

from .authorization import DenyUsers
from .engine import Engine
from .service import make_server
from .web.rulebook import Rulebook
from .web.server import make_app, serving

MAX_FILES = 65_536
GRACE = 1.0
"""Seconds that requests under way get at the end."""


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    options = start_server("firestore")
    _allow_many_connections()
    rulebook = Rulebook(options.data / "rules", DenyUsers())
    engine = Engine(options.data, rulebook)
    server = make_server(engine)
    grpc_port = server.add_insecure_port(f"{HOST}:0")
    server.start()
    asyncio.run(_serve(engine, rulebook, options, grpc_port, partial(_stop, server, engine)))
    engine.close()


async def _serve(
    engine: Engine, rulebook: Rulebook, options: Options, grpc_port: int, stop_grpc: Callable[[], None]
) -> None:
    """Put all protocols on one port until a signal comes."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serving(make_app(engine, rulebook), (HOST, options.port), grpc_port):
        await stop.wait()
        await asyncio.to_thread(stop_grpc)


def _allow_many_connections() -> None:
    """A connection takes up to three open files, and shells often allow 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(MAX_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _stop(server: grpc.Server, engine: Engine) -> None:
    stopped = server.stop(GRACE)
    engine.send_listeners_away()
    stopped.wait()


if __name__ == "__main__":
    main()
