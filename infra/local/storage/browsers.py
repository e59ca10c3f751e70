"""CORS headers on every answer to a browser, from the rules of the bucket or the upload session asked for."""

from aiohttp import web

from infra.local.storage import cors
from infra.local.storage.api import parse
from infra.local.storage.bucket_api import CheckedSettings
from infra.local.storage.buckets import get_bucket
from infra.local.storage.errors import StorageError, is_json_api
from infra.local.storage.service import Service
from infra.local.storage.sessions import Sessions


async def add_cors(service: Service, sessions: Sessions, request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers, if any, that let the page that asks read the answer."""
    if "Origin" in request.headers:
        response.headers.update(await _headers(service, sessions, request))


async def _headers(service: Service, sessions: Sessions, request: web.Request) -> dict[str, str]:
    if upload_id := request.query.get("upload_id"):
        try:
            session, _ = await sessions.find(upload_id)
        except StorageError:
            # The page must be able to read that its upload has expired.
            return cors.for_origin(request)
        if session.origin == request.headers["Origin"]:
            return cors.for_origin(request)
        return await _by_bucket(service, request, session.bucket)
    if is_json_api(request.path):
        return cors.for_origin(request)
    return await _by_bucket(service, request, request.path.split("/")[1])


async def _by_bucket(service: Service, request: web.Request, bucket: str) -> dict[str, str]:
    try:
        resource = await service.run(lambda objects: get_bucket(objects.connection, bucket))
    except StorageError:
        return {}
    return cors.by_rules(request, parse(CheckedSettings, {"cors": resource.get("cors")}).cors or [])
