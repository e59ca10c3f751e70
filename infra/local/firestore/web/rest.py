"""REST v1: HTTP requests transcoded into the messages that the engine answers, and back."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from aiohttp import web

from infra.local.firestore import messages
from infra.local.firestore.authorization import SIGNED_OUT, Caller, identify
from infra.local.firestore.engine import Engine
from infra.local.firestore.errors import FirestoreError, NotFound

from .errors import error_response
from .proto_json import fill, fill_from_query, parse_body, to_text

Parameters = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Call:
    """A request, matched: how to make its message, and what answers it."""

    build: Callable[[], Any]
    answer: Callable[[Any, Caller], Any]
    streams: bool = False


class Rest:
    """Answers what lies below `/v1/`."""

    def __init__(self, engine: Engine, executor: Executor) -> None:
        self._engine = engine
        self._executor = executor
        reads, queries, commits = engine.reads, engine.queries, engine.commits
        self._on_database = {
            "batchGet": (messages.BatchGetDocumentsRequest, reads.batch_get_documents, True),
            "commit": (messages.CommitRequest, commits.commit, False),
            "batchWrite": (messages.BatchWriteRequest, commits.batch_write, False),
            "beginTransaction": (messages.BeginTransactionRequest, commits.begin_transaction, False),
            "rollback": (messages.RollbackRequest, commits.rollback, False),
        }
        self._on_parent = {
            "runQuery": (messages.RunQueryRequest, queries.run_query, True),
            "runAggregationQuery": (messages.RunAggregationQueryRequest, queries.run_aggregation_query, True),
            "partitionQuery": (messages.PartitionQueryRequest, queries.partition_query, False),
            "listCollectionIds": (messages.ListCollectionIdsRequest, reads.list_collection_ids, False),
        }

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The answer to one request. Raises FirestoreError for one that is no call at all."""
        raw_path, _, query_string = request.raw_path.partition("?")
        name = unquote(raw_path.removeprefix("/v1/"))
        parameters = parse_qsl(query_string, keep_blank_values=True)
        call = self._match(request.method, name, parameters, await request.read())
        authorization = request.headers.get("Authorization")
        project = _project(name)

        def work() -> str:
            # Who has no token is a user who is not signed in: that is how the JS SDK asks.
            caller = identify(authorization, project) if authorization else SIGNED_OUT
            answer = call.answer(call.build(), caller)
            return f"[{','.join(map(to_text, answer))}]" if call.streams else to_text(answer)

        try:
            text = await asyncio.get_running_loop().run_in_executor(self._executor, work)
            return web.json_response(text=text)
        except FirestoreError as error:
            return error_response(error, in_array=call.streams)

    def _match(self, method: str, name: str, parameters: Parameters, body: bytes) -> Call:
        target, _, verb = name.rpartition(":")
        if method == "POST" and verb in self._on_database and target.endswith("/documents"):
            kind, answer, streams = self._on_database[verb]
            database = target.removesuffix("/documents")
            return Call(lambda: _with(_filled(kind, body), database=database), answer, streams)
        if method == "POST" and verb in self._on_parent:
            kind, answer, streams = self._on_parent[verb]
            return Call(lambda: _with(_filled(kind, body), parent=target), answer, streams)
        parent, _, collection = name.rpartition("/")
        is_collection = _depth(name) % 2 == 1
        match method:
            case "POST" if is_collection:
                return Call(lambda: _create(parent, collection, parameters, body), self._engine.commits.create_document)
            case "GET" if is_collection:
                return Call(lambda: _list(parent, collection, parameters), self._engine.listing.list_documents)
            case "GET":
                return Call(lambda: _get(name, parameters), self._engine.reads.get_document)
            case "PATCH":
                return Call(lambda: _update(name, parameters, body), self._engine.commits.update_document)
            case "DELETE":
                return Call(lambda: _delete(name, parameters), self._engine.commits.delete_document)
        raise NotFound(f"There is no method {method} of {name}.")


def _depth(name: str) -> int:
    """How many segments follow `projects/P/databases/D/documents`."""
    return max(name.count("/") - 4, 0)


def _project(name: str) -> str:
    parts = name.split("/")
    return parts[1] if len(parts) > 1 else ""


def _filled(kind: Any, body: bytes) -> Any:
    return fill(kind(), parse_body(body))


def _with(message: Any, **fields: str) -> Any:
    """The message with the fields that the path has, whatever the body says about them."""
    for name, value in fields.items():
        setattr(message, name, value)
    return message


def _create(parent: str, collection: str, parameters: Parameters, body: bytes) -> Any:
    request = fill_from_query(messages.CreateDocumentRequest(), parameters)
    fill(request.document, parse_body(body))
    return _with(request, parent=parent, collection_id=collection)


def _list(parent: str, collection: str, parameters: Parameters) -> Any:
    return _with(fill_from_query(messages.ListDocumentsRequest(), parameters), parent=parent, collection_id=collection)


def _get(name: str, parameters: Parameters) -> Any:
    return _with(fill_from_query(messages.GetDocumentRequest(), parameters), name=name)


def _update(name: str, parameters: Parameters, body: bytes) -> Any:
    request = fill_from_query(messages.UpdateDocumentRequest(), parameters)
    fill(request.document, parse_body(body))
    request.document.name = name
    return request


def _delete(name: str, parameters: Parameters) -> Any:
    return _with(fill_from_query(messages.DeleteDocumentRequest(), parameters), name=name)
