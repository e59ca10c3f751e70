"""WebChannel over HTTP: how the Firebase JS SDK listens and writes.

The client opens a session with a POST (handshake), sends messages with further POSTs (forward channel), and holds one GET open
for the answers (back channel): streaming, or a new one for each batch of answers when it suspects a proxy that buffers."""

import asyncio
import json
import secrets
from concurrent.futures import Executor
from typing import Any

from aiohttp import web

from infra.local.firestore.engine import Engine
from infra.local.firestore.errors import NotFound

from .framing import frame, number, numbered_maps, parse_form, parse_headers
from .session import Session
from .streams import KINDS, Requests, open_stream

KEEPALIVE = 30
"""Seconds within which a client is promised to hear something; after half as much again it gives a back channel up."""
NOOP_AFTER = 10.0
"""Seconds of silence after which it hears a noop."""
BACK_CHANNEL_LIFE = 60.0
"""Seconds after which a streaming back channel ends and the client opens another: browsers keep what came over one."""
BACK_CHANNEL_SIZE = 2 * 1024 * 1024
"""Bytes after which it does, so that the client acknowledges what it has."""

_PROTOCOL_VERSION = 8
_SERVER_VERSION = 12
_TEXT = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}


class Channels:
    """The sessions of this server."""

    def __init__(self, engine: Engine, executor: Executor) -> None:
        self._engine = engine
        self._executor = executor
        self._sessions: dict[str, Session] = {}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The answer to any request of the protocol."""
        method = request.match_info["method"]
        if method not in KINDS:
            raise NotFound(f"There is no stream {method}.")
        identifier = request.query.get("SID")
        if identifier is None:
            return await self._open(request, method)
        session = self._sessions.get(identifier)
        if session is None:
            return web.Response(status=400, text="Unknown SID", headers=_TEXT)
        session.acknowledge(number(request.query, "AID"))
        if request.query.get("TYPE") == "terminate":
            session.end()
            return web.Response(headers=_TEXT)
        if request.method == "GET":
            return await self._back(request, session)
        return await self._forward(request, session)

    async def _open(self, request: web.Request, method: str) -> web.StreamResponse:
        form = parse_form(await request.read())
        headers = parse_headers(form.get("headers", request.query.get("$httpHeaders", "")))
        authorization = headers.get("authorization", request.headers.get("Authorization"))
        requests = Requests(KINDS[method], request.query.get("database", ""))
        maps = await self._parse(requests, form)
        stream = open_stream(self._engine, method, requests.database, authorization)
        session = Session(secrets.token_urlsafe(16), stream, requests, self._forget)
        self._sessions[session.id] = session
        session.take(maps)
        opened = [[0, ["c", session.id, "", _PROTOCOL_VERSION, _SERVER_VERSION, KEEPALIVE * 1000]]]
        return web.Response(body=frame(json.dumps(opened)), headers=_TEXT | {"X-HTTP-Session-Id": session.id})

    async def _forward(self, request: web.Request, session: Session) -> web.StreamResponse:
        session.take(await self._parse(session.requests, parse_form(await request.read())))
        return web.Response(body=frame(json.dumps(session.state())), headers=_TEXT)

    async def _parse(self, requests: Requests, form: dict[str, str]) -> dict[int, Any]:
        """The messages in a form; for one that is not valid, its error."""
        texts = numbered_maps(form)
        if not texts:
            return {}

        def work() -> dict[int, Any]:
            return {position: requests.parse(text) for position, text in texts.items()}

        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    async def _back(self, request: web.Request, session: Session) -> web.StreamResponse:
        streams = request.query.get("CI") != "1"
        position = number(request.query, "AID")
        response = web.StreamResponse(headers=_TEXT)
        back = session.attach()
        clock = asyncio.get_running_loop().time
        end = clock() + BACK_CHANNEL_LIFE
        size = 0
        try:
            await response.prepare(request)
            # At once, or the client suspects a proxy that buffers.
            wait = 0.0 if streams else NOOP_AFTER
            while session.is_current(back):
                arrays = await session.arrays_after(position, back, wait)
                if arrays:
                    position = arrays[-1][0]
                    chunk = frame(f"[{','.join(text for _, text in arrays)}]")
                    await response.write(chunk)
                    size += len(chunk)
                    wait = NOOP_AFTER
                    if not streams or size > BACK_CHANNEL_SIZE or clock() > end:
                        break
                elif session.is_current(back):
                    session.noop()
            await response.write_eof()
        finally:
            session.detach(back)
        return response

    def _forget(self, session: Session) -> None:
        del self._sessions[session.id]

    def close(self) -> None:
        """End all sessions."""
        for session in list(self._sessions.values()):
            session.end()
