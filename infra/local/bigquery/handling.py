"""What the route modules share: the service, bodies, answers, pages of resources."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar

from aiohttp import web

from infra.local.bigquery.answers import page_start, page_token
from infra.local.bigquery.errors import invalid
from infra.local.bigquery.service import Service, dumps

SERVICE = web.AppKey("service", Service)
P = ParamSpec("P")
T = TypeVar("T")


def service(request: web.Request) -> Service:
    """The parts of this server."""
    return request.app[SERVICE]


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what waits for DuckDB outside the event loop."""
    return await asyncio.to_thread(function, *args, **kwargs)


async def body(request: web.Request) -> dict[str, Any]:
    """The JSON object of the request. Raises `invalid`."""
    raw = await request.read()
    try:
        parsed = json.loads(raw) if len(raw) < 65_536 else await asyncio.to_thread(json.loads, raw)
    except ValueError as error:
        raise invalid(f"Invalid JSON payload received: {error}") from error
    if not isinstance(parsed, dict):
        raise invalid("Invalid JSON payload received: an object is expected")
    return parsed


def json_response(value: object, status: int = 200) -> web.Response:
    """A JSON answer."""
    return web.Response(text=dumps(value), status=status, content_type="application/json")


def no_content() -> web.Response:
    """The answer of a deletion."""
    return web.Response(status=204)


def listed(kind: str, key: str, items: Sequence[Mapping[str, Any]], query: Mapping[str, str]) -> web.Response:
    """A page of a list resource, by maxResults and pageToken. Raises `invalid`."""
    start = page_start(query["pageToken"]) if query.get("pageToken") else 0
    size = int(query["maxResults"]) if query.get("maxResults", "").isdigit() else 1000
    answer: dict[str, Any] = {"kind": kind, "etag": f"{len(items)}", key: items[start : start + size]}
    if start + size < len(items):
        answer["nextPageToken"] = page_token(start + size)
    if key == "tables":
        answer["totalItems"] = len(items)
    return json_response(answer)
