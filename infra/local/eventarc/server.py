"""The routes: events in, deliveries for people and tests to look at."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web

from infra.local.eventarc.courier import Courier
from infra.local.eventarc.events import InvalidEvent, read_event
from infra.local.eventarc.store import STATES, Store
from infra.local.eventarc.triggers import matches
from infra.local.google_json import GoogleError, Json, errors, rfc3339
from infra.local.loopback import programs_only
from infra.manifest import Function

MAX_EVENT = 10 << 20
"""Bytes of the largest event taken."""
MAX_LISTED = 1000
_FORGET_EVERY = 3600.0


class Eventarc:
    """Takes events and has them delivered to `{functions_url}/{function}`; without a URL they are only kept."""

    def __init__(
        self, store: Store, functions: list[Function], project: str, functions_url: str | None, backoff: float
    ) -> None:
        self._store = store
        self._functions = functions
        self._project = project
        self._functions_url = functions_url
        self._backoff = backoff
        self._couriers: dict[str, Courier] = {}

    def application(self) -> web.Application:
        """The web application; the couriers live as long as it does."""
        application = web.Application(middlewares=[errors, programs_only], client_max_size=MAX_EVENT)
        application.add_routes(
            [
                web.post("/events", self.take),
                web.get("/deliveries", self.list_deliveries),
                web.post(r"/deliveries/{id:\d+}:retry", self.retry),
            ]
        )
        application.cleanup_ctx.append(self._deliver)
        return application

    async def take(self, request: web.Request) -> web.Response:
        """POST /events: 202 once the event and its deliveries are kept; the same source and id again changes nothing."""
        try:
            event = read_event(request.headers, await request.read())
        except InvalidEvent as error:
            raise GoogleError("INVALID_ARGUMENT", str(error)) from error
        wanted = [function.name for function in self._functions if matches(function, event.attributes, self._project)]
        if self._store.keep(event, wanted):
            self._wake(wanted)
        return web.Response(status=202)

    async def list_deliveries(self, request: web.Request) -> web.Response:
        """GET /deliveries?state=pending|delivered|dropped: the newest first, all states if none is named."""
        state = request.query.get("state")
        if state is not None and state not in STATES:
            raise GoogleError("INVALID_ARGUMENT", f"state is one of {', '.join(STATES)}")
        rows = self._store.deliveries(state, MAX_LISTED)
        return web.json_response({"deliveries": [_delivery(row) for row in rows]})

    async def retry(self, request: web.Request) -> web.Response:
        """POST /deliveries/ID:retry: due now, whatever had become of it."""
        function = self._store.retry(int(request.match_info["id"]))
        if function is None:
            raise GoogleError("NOT_FOUND", f"Delivery {request.match_info['id']} was not found.")
        self._wake([function])
        return web.json_response({})

    def _wake(self, functions: list[str]) -> None:
        for name in functions:
            if name in self._couriers:
                self._couriers[name].wake()

    async def _deliver(self, _: web.Application) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self._forget())]
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, skip_auto_headers=["Content-Type"]) as session:
            for function in self._functions if self._functions_url else []:
                url = f"{self._functions_url}/{function.name}"
                courier = Courier(self._store, session, function, url, self._backoff)
                self._couriers[function.name] = courier
                tasks.append(asyncio.create_task(courier.run()))
            yield
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _forget(self) -> None:
        while True:
            self._store.forget()
            await asyncio.sleep(_FORGET_EVERY)


def _delivery(row: sqlite3.Row) -> Json:
    attributes = json.loads(row["attributes"])
    return {
        "id": str(row["id"]),
        "function": row["function"],
        "state": row["state"],
        "attempts": row["attempts"],
        "status": row["status"],
        "error": row["error"],
        "receiveTime": rfc3339(row["since"]),
        "updateTime": rfc3339(row["updated"]),
        "event": attributes,
    } | ({"nextAttemptTime": rfc3339(row["due"])} if row["state"] == "pending" else {})
