"""The HTTP application, and how it shares the port with gRPC."""

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial

from aiohttp import web

from infra.local.firestore.engine import Engine
from infra.local.firestore.errors import FirestoreError
from infra.local.firestore.limits import MAX_REQUEST
from infra.local.firestore.rpc import Server
from infra.local.firestore.service import SERVICE

from .channel import Channels
from .door import Door
from .emulator import Emulator
from .errors import Internal, error_response, from_http
from .origins import Handler, allow_origin, pages_of_this_machine
from .rest import Rest
from .rulebook import Rulebook

_MAX_BODY = 4 * MAX_REQUEST
"""Bytes of a body; the same message is larger as JSON in a form."""
_BACKLOG = 1024
_GRACE = 1.0
"""Seconds that requests under way get at the end."""
_MAX_THREADS = 256
"""Requests that are answered at once; more wait. Some hold a thread while they wait for another's transaction."""

_LOG = logging.getLogger(__name__)


def make_app(engine: Engine, rulebook: Rulebook) -> web.Application:
    """The application; it ends its streams when it is cleaned up."""
    executor = ThreadPoolExecutor(_MAX_THREADS, thread_name_prefix="http")
    rest = Rest(engine, executor)
    channels = Channels(engine, executor)
    emulator = Emulator(engine, rulebook, executor)
    app = web.Application(client_max_size=_MAX_BODY, middlewares=[_errors, pages_of_this_machine])
    app.on_response_prepare.append(allow_origin)
    app.on_shutdown.append(partial(_end_streams, channels))
    app.router.add_get("/", _ready)
    app.router.add_route("*", f"/{SERVICE}/{{method}}/channel", channels.answer)
    app.router.add_delete("/emulator/v1/projects/{project}/databases/{database}/documents", emulator.clear)
    app.router.add_put("/emulator/v1/projects/{project}:securityRules", emulator.set_rules)
    app.router.add_route("*", "/v1/projects/{path:.*}", rest.answer)
    app.router.add_route("OPTIONS", "/{path:.*}", _ready)
    return app


@asynccontextmanager
async def serving(app: web.Application, grpc: Server, address: tuple[str, int]) -> AsyncIterator[None]:
    """Listens on `address` inside: HTTP/1.1 for the application, HTTP/2 for `grpc`."""
    # Handlers end when their browser goes, so that a session knows whether it has a back channel.
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=_GRACE)
    await runner.setup()
    assert runner.server is not None
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(partial(Door, runner.server, grpc.connect), *address, backlog=_BACKLOG)
    try:
        yield
    finally:
        listener.close()
        await grpc.stop(_GRACE)
        await runner.cleanup()


async def _ready(_request: web.Request) -> web.StreamResponse:
    return web.Response(text="Ok\n")


async def _end_streams(channels: Channels, _app: web.Application) -> None:
    channels.close()


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except FirestoreError as error:
        return error_response(error)
    except web.HTTPException as error:
        return error_response(from_http(error))
    except ConnectionError as error:
        # The caller has hung up: nobody reads this answer, and it is no failure of ours.
        _LOG.info("%s %s broke off: %s", request.method, request.path, error)
        return web.Response(status=499, reason="Client Closed Request")
    except Exception:
        _LOG.exception("%s %s failed", request.method, request.path)
        return error_response(Internal())
