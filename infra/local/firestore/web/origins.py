"""Which web pages may call. Any page that a person has open can send requests to this machine, and `Bearer owner` is no
secret: only pages that this machine serves are let in, and those of the public origin."""

import os
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from infra.local.serving import GATEWAY_URL

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
_METHODS = "GET, POST, PATCH, DELETE, OPTIONS"


async def allow_origin(request: web.Request, response: web.StreamResponse) -> None:
    """Add the CORS headers that let our pages read the answer."""
    origin = request.headers.get("Origin")
    if origin is None or not _is_ours(origin):
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
    origin = request.headers.get("Origin")
    if not _is_ours(f"//{request.host}") or not (origin is None or _is_ours(origin)):
        # Without the headers of `allow_origin`, so that the page does not even see this.
        return web.Response(status=403, text=f"{origin or request.host} may not call this server.\n")
    if request.method == "OPTIONS":
        return web.Response()
    return await handler(request)


def _is_ours(url: str) -> bool:
    """Whether a URL's host is this machine or that of the public origin."""
    try:
        host = urlsplit(url).hostname
        public = urlsplit(os.environ.get(GATEWAY_URL, "")).hostname
    except ValueError:
        return False
    return host is not None and (host in _THIS_MACHINE or host == public)


def is_page(request: web.Request) -> bool:
    """Whether a page's script asks; a person who opens an address does not count."""
    return "Origin" in request.headers or request.headers.get("Sec-Fetch-Site", "none") != "none"
