"""Which web pages may call. Any page that a person has open can send requests to this machine, and `Bearer owner` is no
secret: only pages that this machine serves are let in, and those of the public origin."""

import os
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from infra.local.firestore.errors import PermissionDenied
from infra.local.serving import GATEWAY_URL

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
_METHODS = "GET, POST, PATCH, DELETE, OPTIONS"


async def allow_origin(request: web.Request, response: web.StreamResponse) -> None:
    """Add the CORS headers; every page that gets this far may read the answer."""
    origin = request.headers.get("Origin")
    if origin is None:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Allow-Credentials"] = "true"
    response.headers["Access-Control-Expose-Headers"] = "X-HTTP-Session-Id"
    response.headers["Vary"] = "Origin"
    asked = request.headers.get("Access-Control-Request-Headers")
    if request.method == "OPTIONS" and asked:
        response.headers["Access-Control-Allow-Headers"] = asked
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Max-Age"] = "3600"


@web.middleware
async def pages_of_this_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse pages from elsewhere, also those whose host name has been made to resolve to this machine."""
    public = urlsplit(os.environ.get(GATEWAY_URL, ""))
    hosts = (*_THIS_MACHINE, public.hostname)
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).hostname not in hosts:
        return web.Response(status=403, text=f"Pages of {origin} may not call this server.")
    if urlsplit(f"//{request.host}").hostname not in hosts:
        raise PermissionDenied(f"This server does not answer for {request.host}.")
    if request.method == "OPTIONS":
        return web.Response()
    return await handler(request)


def is_page(request: web.Request) -> bool:
    """Whether a page's script asks; a person who opens an address does not count."""
    return "Origin" in request.headers or request.headers.get("Sec-Fetch-Site", "none") != "none"
