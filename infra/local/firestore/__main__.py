"""`python -m infra.local.firestore --port N --data DIR`."""

import asyncio
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

GRACE = 1.0
"""Seconds that requests under way get at the end."""


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    options = start_server("firestore")
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


def _stop(server: grpc.Server, engine: Engine) -> None:
    stopped = server.stop(GRACE)
    engine.send_listeners_away()
    stopped.wait()


if __name__ == "__main__":
    main()
