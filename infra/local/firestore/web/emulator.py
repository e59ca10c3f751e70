"""The paths of Google's emulator that tests use: forget all documents of a database, replace the security rules of a project.
For programs on this machine, not for pages."""

import asyncio
from concurrent.futures import Executor

from aiohttp import web

from infra.local.firestore.authorization import ADMIN
from infra.local.firestore.engine import Engine
from infra.local.firestore.errors import InvalidArgument, PermissionDenied
from infra.local.firestore.messages import CommitRequest, RunQueryRequest, Write

from .origins import is_page
from .proto_json import parse_body
from .rulebook import Rulebook

_BATCH = 500


class Emulator:
    """Answers what lies below `/emulator/v1/`."""

    def __init__(self, engine: Engine, rulebook: Rulebook, executor: Executor) -> None:
        self._engine = engine
        self._rulebook = rulebook
        self._executor = executor

    async def clear(self, request: web.Request) -> web.StreamResponse:
        """Delete every document of a database. Listeners are told."""
        _refuse_pages(request)
        database = f"projects/{request.match_info['project']}/databases/{request.match_info['database']}"
        await asyncio.get_running_loop().run_in_executor(self._executor, self._clear, database)
        return web.json_response({})

    def _clear(self, database: str) -> None:
        query = RunQueryRequest(parent=f"{database}/documents")
        query.structured_query.from_.add(all_descendants=True)
        query.structured_query.select.fields.add(field_path="__name__")
        names = [
            answer.document.name for answer in self._engine.queries.run_query(query, ADMIN) if answer.document.name
        ]
        for start in range(0, len(names), _BATCH):
            writes = [Write(delete=name) for name in names[start : start + _BATCH]]
            self._engine.commits.commit(CommitRequest(database=database, writes=writes), ADMIN)

    async def set_rules(self, request: web.Request) -> web.StreamResponse:
        """Replace the rules of a project. Raises InvalidArgument that names line and column of what is wrong with them."""
        _refuse_pages(request)
        source = _source(await request.read())
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._executor, self._rulebook.replace, request.match_info["project"], source)
        return web.json_response({})


def _source(body: bytes) -> str:
    match parse_body(body):
        case {"rules": {"files": [{"content": str(source)}]}}:
            return source
    raise InvalidArgument("The rules must be one file with content.")


def _refuse_pages(request: web.Request) -> None:
    if is_page(request):
        raise PermissionDenied("This is not for pages.")
