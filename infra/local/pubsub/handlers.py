"""What both gRPC services share: from methods to handlers, and from errors to status codes."""

import logging
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any, NoReturn, TypeAlias

import grpc
from google.protobuf import any_pb2, empty_pb2
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]

from infra.local.pubsub import wire
from infra.local.pubsub.errors import InvalidAckIdsError, PubsubError
from infra.local.pubsub.wire import Proto

Context = Any
"""A grpc.aio.ServicerContext; its stubs do not say that abort never returns."""
Unary = Callable[[Proto, Context], Awaitable[Proto]]
Stream = Callable[[AsyncIterator[Proto], Context], AsyncGenerator[Proto, None]]

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Service: TypeAlias = "grpc.GenericRpcHandler[Any, Any]"

Empty = empty_pb2.Empty

_log = logging.getLogger(__name__)


def unary(request: str | type[Any], method: Unary) -> Handler:
    """A handler for a method that takes one request (a class, or its name in google.pubsub.v1) and gives one answer."""

    async def handle(message: Proto, context: Context) -> Proto:
        try:
            return await method(message, context)
        except (PubsubError, sqlite3.Error) as error:
            await abort(context, error)

    request_class = wire.raw(request) if isinstance(request, str) else request
    return grpc.unary_unary_rpc_method_handler(
        handle,
        request_deserializer=request_class.FromString,
        response_serializer=lambda message: message.SerializeToString(),
    )


def stream(request: str, method: Stream) -> Handler:
    """A handler for a method with a stream either way."""

    async def handle(messages: AsyncIterator[Proto], context: Context) -> AsyncIterator[Proto]:
        try:
            async with aclosing(method(messages, context)) as responses:
                async for response in responses:
                    yield response
        except (PubsubError, sqlite3.Error) as error:
            await abort(context, error)

    return grpc.stream_stream_rpc_method_handler(
        handle,
        request_deserializer=wire.raw(request).FromString,
        response_serializer=lambda message: message.SerializeToString(),
    )


def service(name: str, methods: Mapping[str, Handler]) -> Service:
    """A service of google.pubsub.v1."""
    return grpc.method_handlers_generic_handler(f"google.pubsub.v1.{name}", dict(methods))


async def abort(context: Context, error: PubsubError | sqlite3.Error) -> NoReturn:
    """End the call with the status of `error`. A database that cannot write is RESOURCE_EXHAUSTED: clients try again."""
    if isinstance(error, sqlite3.Error):
        _log.error("the database refused: %s", error)
        await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, f"The server cannot write: {error}")
    status = grpc.StatusCode[getattr(error, "status", "INTERNAL")]
    details = _failures(error, status) if isinstance(error, InvalidAckIdsError) else ()
    await context.abort(status, str(error), details)
    raise AssertionError("abort returned")


def _failures(error: InvalidAckIdsError, status: grpc.StatusCode) -> tuple[tuple[str, bytes], ...]:
    """The failure of each ack id, in the metadata where the clients look for it."""
    info = error_details_pb2.ErrorInfo(reason="INVALID_ACK_ID", domain="pubsub.googleapis.com", metadata=error.failures)
    packed = any_pb2.Any()
    packed.Pack(info)
    answer = status_pb2.Status(code=status.value[0], message=str(error), details=[packed])
    return (("grpc-status-details-bin", answer.SerializeToString()),)
