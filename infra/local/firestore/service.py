"""google.firestore.v1.Firestore over gRPC."""

import itertools
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from . import messages
from .authorization import Caller, identify
from .engine import Engine
from .errors import FirestoreError, InvalidArgument
from .limits import MAX_REQUEST
from .listen import Listener

SERVICE = "google.firestore.v1.Firestore"
MAX_THREADS = 1024
"""Requests, listeners included, that are served at once. Threads are made as they are needed."""

_LOG = logging.getLogger(__name__)
_MAX_MESSAGE = 64 * 1024 * 1024
_CODES = {code.value[0]: code for code in grpc.StatusCode}

Unary = Callable[[Any, Caller], Any]
Streaming = Callable[[Any, Caller], Iterator[Any]]


def make_server(engine: Engine) -> grpc.Server:
    """A server without a port; not started yet."""
    options = [
        ("grpc.max_receive_message_length", _MAX_MESSAGE),
        ("grpc.max_send_message_length", _MAX_MESSAGE),
        ("grpc.so_reuseport", 0),
        # Clients keep idle listeners alive with pings; the default would answer with "too many pings".
        ("grpc.http2.max_ping_strikes", 0),
        ("grpc.keepalive_permit_without_calls", 1),
    ]
    server = grpc.server(ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="rpc"), options=options)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, _handlers(engine)),))
    return server


def _handlers(engine: Engine) -> dict[str, "grpc.RpcMethodHandler[Any, Any]"]:
    unary: dict[str, Unary] = {
        "GetDocument": engine.reads.get_document,
        "ListDocuments": engine.listing.list_documents,
        "ListCollectionIds": engine.reads.list_collection_ids,
        "PartitionQuery": engine.queries.partition_query,
        "CreateDocument": engine.commits.create_document,
        "UpdateDocument": engine.commits.update_document,
        "DeleteDocument": engine.commits.delete_document,
        "BeginTransaction": engine.commits.begin_transaction,
        "Commit": engine.commits.commit,
        "Rollback": engine.commits.rollback,
        "BatchWrite": engine.commits.batch_write,
    }
    streaming: dict[str, Streaming] = {
        "BatchGetDocuments": engine.reads.batch_get_documents,
        "RunQuery": engine.queries.run_query,
        "RunAggregationQuery": engine.queries.run_aggregation_query,
    }
    handlers = {}
    for name, answer in unary.items():
        handlers[name] = grpc.unary_unary_rpc_method_handler(_unary(name, answer), None, _serialize)
    for name, stream in streaming.items():
        handlers[name] = grpc.unary_stream_rpc_method_handler(_streaming(name, stream), None, _serialize)
    handlers["Listen"] = grpc.stream_stream_rpc_method_handler(_listen(engine), None, _serialize)
    handlers["Write"] = grpc.stream_stream_rpc_method_handler(_write(engine), None, _serialize)
    return handlers


def _unary(name: str, answer: Unary) -> Callable[[bytes, grpc.ServicerContext], Any]:
    request_type = getattr(messages, f"{name}Request")

    def handle(raw: bytes, context: grpc.ServicerContext) -> Any:
        with _errors(context):
            request = _parse(request_type, raw)
            return answer(request, _caller(request, context))

    return handle


def _streaming(name: str, stream: Streaming) -> Callable[[bytes, grpc.ServicerContext], Iterator[Any]]:
    request_type = getattr(messages, f"{name}Request")

    def handle(raw: bytes, context: grpc.ServicerContext) -> Iterator[Any]:
        with _errors(context):
            request = _parse(request_type, raw)
            yield from stream(request, _caller(request, context))

    return handle


def _listen(engine: Engine) -> Callable[[Iterator[bytes], grpc.ServicerContext], Iterator[Any]]:
    def handle(raw: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[Any]:
        with _errors(context):
            requests = (_parse(messages.ListenRequest, each) for each in raw)
            first = next(requests, None)
            if first is None:
                return
            listener = engine.listen(_caller(first, context))
            context.add_callback(listener.close)
            listener.send(first)
            threading.Thread(target=_feed, args=(listener, requests), name="listen", daemon=True).start()
            yield from listener.responses()

    return handle


def _feed(listener: Listener, requests: Iterator[Any]) -> None:
    """Hand requests to the listener until the client ends the stream or goes away."""
    try:
        for request in requests:
            listener.send(request)
    except Exception as error:  # grpc raises a bare Exception when the call is cancelled
        _LOG.debug("a listener's requests ended: %r", error)
    listener.close()


def _write(engine: Engine) -> Callable[[Iterator[bytes], grpc.ServicerContext], Iterator[Any]]:
    def handle(raw: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[Any]:
        with _errors(context):
            requests = (_parse(messages.WriteRequest, each) for each in raw)
            first = next(requests, None)
            if first is not None:
                yield from engine.write(itertools.chain([first], requests), _caller(first, context))

    return handle


def _parse(request_type: Any, raw: bytes) -> Any:
    if len(raw) > MAX_REQUEST:
        raise InvalidArgument(f"Request payload size exceeds the limit: {MAX_REQUEST} bytes.")
    try:
        return request_type.FromString(raw)
    except DecodeError as error:
        raise InvalidArgument("The request is not a valid protobuf message.") from error


def _serialize(message: Any) -> bytes:
    return bytes(message.SerializeToString())


def _caller(request: Any, context: grpc.ServicerContext) -> Caller:
    for key, value in context.invocation_metadata():
        if key == "authorization":
            return identify(str(value), _project(request))
    return identify(None, "")


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
def _errors(context: grpc.ServicerContext) -> Iterator[None]:
    """Ends the call with the status of a FirestoreError; anything else is a bug here and becomes INTERNAL."""
    try:
        yield
    except FirestoreError as error:
        context.abort(_CODES[int(error.code)], error.message)
    except Exception:
        if not context.is_active():  # grpc raises a bare Exception out of a stream whose client has gone
            return
        _LOG.exception("a request failed")
        context.abort(grpc.StatusCode.INTERNAL, "Internal error.")
