"""The HTTP side: which handler answers which request, and how errors look."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from urllib.parse import parse_qsl

from aiohttp import web
from multidict import MultiDict

from infra.local.storage import lifecycle
from infra.local.storage.access import check_json_access
from infra.local.storage.api import Call, Reply, Routes, number
from infra.local.storage.batch import answer_batch
from infra.local.storage.browsers import add_cors
from infra.local.storage.bucket_api import add_bucket_routes
from infra.local.storage.compose import compose
from infra.local.storage.downloads import Wanted, send
from infra.local.storage.errors import StorageError, as_disk_full, is_json_api
from infra.local.storage.object_api import add_object_routes
from infra.local.storage.objects import Objects
from infra.local.storage.preconditions import from_query
from infra.local.storage.service import Service
from infra.local.storage.uploads import Uploads, base_url
from infra.local.storage.xml_api import XmlApi

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_MAX_BODY = 16 * 1024 * 1024
"""Bytes of a body that is not an object's."""
_UPLOAD = "/upload/storage/v1/b/{bucket}/o"
_OBJECT = "/b/{bucket}/o/{object:[^/]+}"


def make_app(service: Service) -> web.Application:
    """The server as an application; it starts and stops the service."""
    uploads = Uploads(service)
    api = _JsonApi(service)
    app = web.Application(client_max_size=_MAX_BODY, middlewares=[_errors])
    app.on_response_prepare.append(partial(add_cors, service, uploads.sessions))
    app.cleanup_ctx.append(partial(_background, service))
    app.router.add_get("/", _ready)
    app.router.add_route("OPTIONS", "/{path:.*}", _preflight)
    app.router.add_post(_UPLOAD, _guarded(uploads.post))
    # No guard: the upload session in the query string is the credential.
    app.router.add_put(_UPLOAD, uploads.put)
    app.router.add_delete(_UPLOAD, uploads.cancel)
    app.router.add_get(f"/download/storage/v1{_OBJECT}", _guarded(api.download))
    app.router.add_post("/batch/storage/v1", _guarded(api.batch))
    app.router.add_post(f"/storage/v1{_OBJECT}/compose", _guarded(partial(compose, service)))
    app.router.add_route("*", "/storage/v1/{path:.*}", _guarded(api.answer))
    app.router.add_route("*", "/{bucket}/{object:.+}", XmlApi(service, uploads).answer)
    return app


class _JsonApi:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._routes = Routes()
        add_bucket_routes(self._routes)
        add_object_routes(self._routes)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("alt") == "media" and request.method == "GET":
            return await self._media(request)
        body = await request.read()
        reply = await self._call(base_url(request), request.method, request.raw_path, request.headers, body)
        if reply.body is None:
            return web.Response(status=reply.status)
        return web.json_response(reply.body, status=reply.status)

    async def download(self, request: web.Request) -> web.StreamResponse:
        return await self._send(request, request.match_info["bucket"], request.match_info["object"])

    async def batch(self, request: web.Request) -> web.StreamResponse:
        async def dispatch(method: str, target: str, body: bytes) -> Reply:
            try:
                return await self._call(base_url(request), method, target, {}, body)
            except StorageError as error:
                return Reply(error.json(), error.status)

        return await answer_batch(request, dispatch)

    async def _media(self, request: web.Request) -> web.StreamResponse:
        _, names = self._routes.find("GET", request.raw_path.partition("?")[0])
        if "object" not in names:
            raise StorageError(400, "invalid", "Only objects have media.")
        return await self._send(request, names["bucket"], names["object"])

    async def _send(self, request: web.Request, bucket: str, name: str) -> web.StreamResponse:
        generation = number(request.query, "generation")
        conditions = from_query(request.query).with_etags(request.headers)
        return await send(self._service, request, Wanted(bucket, name, generation, conditions, {}))

    async def _call(self, base: str, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        raw_path, _, query_string = target.partition("?")
        operation, names = self._routes.find(method, raw_path)
        query = MultiDict(parse_qsl(query_string, keep_blank_values=True))

        def work(objects: Objects) -> Reply:
            return operation(Call(objects, names, query, headers, body, base))

        reply = await self._service.run(work)
        if method in ("PATCH", "PUT", "POST") and reply.body and reply.body.get("kind") == "storage#bucket":
            await lifecycle.carry_out(self._service, reply.body["name"])
        return reply


def _guarded(handler: Handler) -> Handler:
    async def guard(request: web.Request) -> web.StreamResponse:
        check_json_access(request)
        return await handler(request)

    return guard


async def _ready(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"kind": "storage#ready"})


async def _preflight(_request: web.Request) -> web.StreamResponse:
    """Empty: the CORS headers are added to every answer, and their absence is the refusal."""
    return web.Response()


async def _background(service: Service, _app: web.Application) -> AsyncIterator[None]:
    service.start()
    rules = asyncio.create_task(lifecycle.run(service))
    yield
    rules.cancel()
    await asyncio.gather(rules, return_exceptions=True)
    await service.stop()


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except StorageError as error:
        return _refusal(request, error)
    except web.HTTPException as error:
        return _refusal(request, StorageError(error.status, "invalid", error.reason))
    except ConnectionError as error:
        # The caller has hung up: nobody reads this answer, and it is no failure of ours.
        log.info("%s %s broke off: %s", request.method, request.path, error)
        return web.Response(status=499, reason="Client Closed Request")
    except Exception as error:
        refusal = as_disk_full(error)
        if refusal is None:
            log.exception("%s %s failed", request.method, request.path)
            refusal = StorageError(500, "backendError", "Internal error.")
        return _refusal(request, refusal)


def _refusal(request: web.Request, error: StorageError) -> web.StreamResponse:
    if is_json_api(request.path):
        response = web.json_response(error.json(), status=error.status)
    else:
        response = web.Response(text=error.xml(), status=error.status, content_type="application/xml")
    if not request.content.at_eof():
        # The rest of a body that nobody wants: hang up instead of reading it.
        response.force_close()
    return response
