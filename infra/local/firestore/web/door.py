"""One port for gRPC and HTTP/1.1, as Google's emulator has it."""

import asyncio
from collections.abc import Callable

_PREFACE = b"PRI * HTTP/2"
_ENOUGH = 3
"""Bytes that tell `PRI` from any method of HTTP/1.1."""

Protocols = Callable[[], asyncio.Protocol]


class Door(asyncio.Protocol):
    """Looks at the first bytes of a connection, and hands it and them over to a protocol of `http` or of `grpc`."""

    def __init__(self, http: Protocols, grpc: Protocols) -> None:
        self._http = http
        self._grpc = grpc
        self._transport: asyncio.BaseTransport
        self._seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._seen += data
        if len(self._seen) < _ENOUGH:
            return
        protocol = self._grpc() if self._seen.startswith(_PREFACE[:_ENOUGH]) else self._http()
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        protocol.data_received(self._seen)
