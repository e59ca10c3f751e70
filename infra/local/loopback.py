"""Keeps web pages out of servers that only programs on this machine may call.

Listening on 127.0.0.1 does not: a page that the user has open can send requests there, and with a host name of its own that
resolves to 127.0.0.1 even read the answers. A server that starts processes must not answer them."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from infra.local.google_json import GoogleError

_HOSTS = ("127.0.0.1", "localhost")


@web.middleware
async def programs_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse what a browser sends for a page, and what was addressed to another host. (A typed address is "none".)"""
    for_page = "Origin" in request.headers or request.headers.get("Sec-Fetch-Site", "none") != "none"
    if for_page or _host(request) not in _HOSTS:
        raise GoogleError("PERMISSION_DENIED", "This server answers programs on this machine, not web pages.")
    return await handler(request)


def _host(request: web.Request) -> str:
    return request.host.partition(":")[0]
