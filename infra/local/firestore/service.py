"""google.firestore.v1.Firestore over gRPC."""

import itertools
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

from google.protobuf.message import DecodeError

from . import messages
from .authorization import Caller, identify
from .engine import Engine
from .errors import Code, FirestoreError, InvalidArgument
from .limits import MAX_REQUEST
from .listen import Listener
from .rpc import Call, Gone, Method, Methods
from .store import Settled

SERVICE = "google.firestore.v1.Firestore"
MAX_THREADS = 1024
"""Requests, listeners included, that are served at once. Threads are made as they are needed."""

_SMALL = 8 * 1024
"""Bytes of a commit up to which the thread that reads it, and all connections, looks it through itself."""
_LOG = logging.getLogger(__name__)

Unary = Callable[[Any, Caller], Any]
Streaming = Callable[[Any, Caller], Iterator[Any]]
Handle = Callable[[Call, bytes], None]


def make_methods(engine: Engine) -> Methods:
    """The service's methods, by path."""
    pool = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="rpc")
    unary: dict[str, Unary] = {
        "GetDocument": engine.reads.get_document,
        "ListDocuments": engine.listing.list_documents,
        "ListCollectionIds": engine.reads.list_collection_ids,
        "PartitionQuery": engine.queries.partition_query,
        "CreateDocument": engine.commits.create_document,
        "UpdateDocument": engine.commits.update_document,
        "DeleteDocument": engine.commits.delete_document,
        "BeginTransaction": engine.commits.begin_transaction,
        "Rollback": engine.commits.rollback,
        "BatchWrite": engine.commits.batch_write,
    }
    streaming: dict[str, Streaming] = {
        "BatchGetDocuments": engine.reads.batch_get_documents,
        "RunQuery": engine.queries.run_query,
        "RunAggregationQuery": engine.queries.run_aggregation_query,
    }
    methods = {"Commit": Method(_pooled(pool, partial(_commit, engine), _SMALL))}
    for name, answer in unary.items():
        methods[name] = Method(_pooled(pool, partial(_unary, _request_type(name), answer)))
    for name, stream in streaming.items():
        methods[name] = Method(_pooled(pool, partial(_streaming, _request_type(name), stream)))
    methods["Listen"] = Method(_pooled(pool, partial(_listen, engine)), takes_stream=True)
    methods["Write"] = Method(_pooled(pool, partial(_write, engine)), takes_stream=True)
    return {f"/{SERVICE}/{name}": method for name, method in methods.items()}


def _pooled(pool: ThreadPoolExecutor, handle: Handle, small: int = -1) -> Handle:
    """Have a thread of the pool handle calls, unless the request is as small as `small` bytes."""

    def start(call: Call, raw: bytes) -> None:
        if len(raw) <= small:
            handle(call, raw)
        else:
            pool.submit(handle, call, raw)

    return start


def _request_type(name: str) -> Any:
    return getattr(messages, f"{name}Request")


def _commit(engine: Engine, call: Call, raw: bytes) -> None:
    """Nothing here waits: the store says when the commit is on disk."""

    def answer(settled: Settled[Any]) -> None:
        with _errors(call):
            call.reply(settled().SerializeToString())

    with _errors(call):
        request = _parse(messages.CommitRequest, raw)
        engine.commits.commit_then(request, _caller(request, call), answer)


def _unary(request_type: Any, answer: Unary, call: Call, raw: bytes) -> None:
    with _errors(call):
        request = _parse(request_type, raw)
        call.reply(answer(request, _caller(request, call)).SerializeToString())


def _streaming(request_type: Any, stream: Streaming, call: Call, raw: bytes) -> None:
    with _errors(call):
        request = _parse(request_type, raw)
        _send_all(call, stream(request, _caller(request, call)))


def _listen(engine: Engine, call: Call, _: bytes) -> None:
    with _errors(call):
        requests = (_parse(messages.ListenRequest, each) for each in call.requests())
        first = next(requests, None)
        if first is None:
            call.finish()
            return
        listener = engine.listen(_caller(first, call))
        call.when_over(listener.close)
        listener.send(first)
        threading.Thread(target=_feed, args=(listener, requests), name="listen", daemon=True).start()
        _send_all(call, listener.responses())


def _feed(listener: Listener, requests: Iterator[Any]) -> None:
    """Hand requests to the listener until the client ends the stream or goes away."""
    try:
        for request in requests:
            listener.send(request)
    except (Gone, FirestoreError) as error:
        _LOG.debug("a listener's requests ended: %r", error)
    finally:
        listener.close()


def _write(engine: Engine, call: Call, _: bytes) -> None:
    with _errors(call):
        requests = (_parse(messages.WriteRequest, each) for each in call.requests())
        first = next(requests, None)
        if first is None:
            call.finish()
            return
        _send_all(call, engine.write(itertools.chain([first], requests), _caller(first, call)))


def _send_all(call: Call, responses: Iterator[Any]) -> None:
    for response in responses:
        call.send(response.SerializeToString())
    call.finish()


def _parse(request_type: Any, raw: bytes) -> Any:
    if len(raw) > MAX_REQUEST:
        raise InvalidArgument(f"Request payload size exceeds the limit: {MAX_REQUEST} bytes.")
    try:
        return request_type.FromString(raw)
    except DecodeError as error:
        raise InvalidArgument("The request is not a valid protobuf message.") from error


def _caller(request: Any, call: Call) -> Caller:
    authorization = call.head.authorization
    return identify(authorization, _project(request) if authorization is not None else "")


def _project(request: Any) -> str:
    """The project whose database a request is about; empty if it names none."""
    for name in (getattr(request, attribute, "") for attribute in ("database", "parent", "name")):
        if name:
            return _project_of(name)
    return _project_of(request.document.name) if hasattr(request, "document") else ""


def _project_of(name: str) -> str:
    parts = name.split("/", 2)
    return parts[1] if len(parts) > 1 and parts[0] == "projects" else ""


@contextmanager
def _errors(call: Call) -> Iterator[None]:
    """Ends the call with the status of a FirestoreError; anything else is a bug here and becomes INTERNAL."""
    try:
        yield
    except FirestoreError as error:
        call.finish(error.code, error.message)
    except Gone:
        _LOG.debug("nobody waits for the rest of an answer")
    except Exception:
        _LOG.exception("a request failed")
        call.finish(Code.INTERNAL, "Internal error.")
