"""The HTTP server: routes, errors in Google's shape, and what runs beside them."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

from infra.local.bigquery import dataset_routes, job_routes, table_routes
from infra.local.bigquery.errors import BigQueryError
from infra.local.bigquery.expiry import INTERVAL_SECONDS
from infra.local.bigquery.handling import SERVICE, json_response
from infra.local.bigquery.provisioning import provision
from infra.local.bigquery.service import Service
from infra.local.serving import HOST, Options
from infra.manifest import load_suite

log = logging.getLogger(__name__)
_MAX_BODY = 110 * 1024 * 1024
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def serve(options: Options) -> None:
    """Serve until SIGTERM."""
    service = Service.open(options.data)
    provision(service.catalog, load_suite(), options.project)
    service.expiry.sweep()
    web.run_app(application(service), host=HOST, port=options.port, print=None, access_log=None, shutdown_timeout=1)


def application(service: Service) -> web.Application:
    """The aiohttp application; it closes the service at its end."""
    app = web.Application(client_max_size=_MAX_BODY, middlewares=[_errors])
    app[SERVICE] = service
    for routes in (dataset_routes.ROUTES, table_routes.ROUTES, job_routes.ROUTES):
        app.add_routes(routes)
    app.cleanup_ctx.append(_sweeping)
    return app


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except BigQueryError as error:
        return json_response(error.body(), error.status)
    except web.HTTPException as error:
        reason = "notFound" if error.status == 404 else "invalid"
        return json_response(
            BigQueryError(error.status, reason, f"{error.reason}: {request.path}").body(), error.status
        )
    except Exception as error:
        log.exception("%s %s failed", request.method, request.path)
        return json_response(BigQueryError(500, "internalError", f"Internal error encountered: {error}").body(), 500)


async def _sweeping(app: web.Application) -> AsyncIterator[None]:
    service = app[SERVICE]

    async def sweep() -> None:
        while True:
            await asyncio.sleep(INTERVAL_SECONDS)
            try:
                await asyncio.to_thread(service.expiry.sweep)
            except Exception:
                log.exception("expiry failed; it runs again in %s s", INTERVAL_SECONDS)

    task = asyncio.create_task(sweep())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    service.close()
