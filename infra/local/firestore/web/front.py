"""One port for gRPC and HTTP/1.1, as Google's emulator has it.

A thread looks at the first bytes of every connection. What begins as HTTP/2 is gRPC: its bytes are passed to and from the inner
port where grpcio listens, since grpcio takes no connections from others. Everything else is handed over as it is. That costs
gRPC about 5 % of its calls a second: one thread, one buffer, and small messages gather while the server is busy."""

import logging
import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

_PREFACE = b"PRI * HTTP/2"
_ENOUGH = 3
"""Bytes that tell `PRI` from any method of HTTP/1.1."""
_BUFFER = 256 * 1024
_BACKLOG = 1024
_LOG = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _End:
    """One end of a connection that is passed on, and what waits to be sent there."""

    socket: socket.socket
    other: "_End | None" = None
    waiting: bytearray = field(default_factory=bytearray)


class Front:
    """Listens on `address`, and closes with `close`. `adopt` is called, in the thread, with what is not gRPC."""

    def __init__(self, address: tuple[str, int], grpc_port: int, adopt: Callable[[socket.socket], None]) -> None:
        self._inner = (address[0], grpc_port)
        self._adopt = adopt
        self._selector = selectors.DefaultSelector()
        self._buffer = memoryview(bytearray(_BUFFER))
        self._listener = socket.create_server(address, backlog=_BACKLOG)
        self._listener.setblocking(False)
        self._waker, self._wakee = socket.socketpair()
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(self._wakee, selectors.EVENT_READ, None)
        self._thread = threading.Thread(target=self._run, name="front", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no more connections, and close those that are passed on."""
        self._waker.close()
        self._thread.join()

    def _run(self) -> None:
        while True:
            for key, events in self._selector.select():
                if key.data is None:
                    self._close_all()
                    return
                if isinstance(key.data, _End):
                    self._pass_on(key.data, events)
                else:
                    key.data(key.fileobj)  # _accept or _sort

    def _close_all(self) -> None:
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self._selector.close()

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
        except OSError as error:
            _LOG.warning("a connection was not accepted: %s", error)
            return
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Not readable before there is enough to tell the protocols apart.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, _ENOUGH)
        self._selector.register(connection, selectors.EVENT_READ, self._sort)

    def _sort(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        try:
            begins = connection.recv(_ENOUGH, socket.MSG_PEEK)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
            if not begins:
                connection.close()
            elif _PREFACE.startswith(begins):
                self._join(connection)
            else:
                self._adopt(connection)
        except OSError as error:
            _LOG.debug("a connection ended early: %s", error)
            connection.close()

    def _join(self, connection: socket.socket) -> None:
        inner = socket.create_connection(self._inner)
        inner.setblocking(False)
        inner.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        outer_end, inner_end = _End(connection), _End(inner)
        outer_end.other, inner_end.other = inner_end, outer_end
        for end in (outer_end, inner_end):
            self._selector.register(end.socket, selectors.EVENT_READ, end)

    def _pass_on(self, end: _End, events: int) -> None:
        other = end.other
        if other is None:  # closed by an event before this one
            return
        try:
            if events & selectors.EVENT_WRITE:
                del end.waiting[: end.socket.send(end.waiting)]
                self._watch(end, other)
            if events & selectors.EVENT_READ:
                count = end.socket.recv_into(self._buffer)
                if not count:
                    self._close(end, other)
                    return
                self._send(other, end, count)
        except BlockingIOError:
            return
        except OSError as error:
            _LOG.debug("a connection broke: %s", error)
            self._close(end, other)

    def _send(self, end: _End, source: _End, count: int) -> None:
        try:
            sent = end.socket.send(self._buffer[:count])
        except BlockingIOError:
            sent = 0
        if sent < count:
            end.waiting += self._buffer[sent:count]
            self._watch(end, source)

    def _watch(self, end: _End, source: _End) -> None:
        """Wait to send what waits for `end`, and read no more from `source` before that is done."""
        for each in (end, source):
            assert each.other is not None
            events = (selectors.EVENT_WRITE if each.waiting else 0) | (
                0 if each.other.waiting else selectors.EVENT_READ
            )
            self._set_events(each, events)

    def _set_events(self, end: _End, events: int) -> None:
        registered = end.socket in self._selector.get_map()
        if events and registered:
            self._selector.modify(end.socket, events, end)
        elif events:
            self._selector.register(end.socket, events, end)
        elif registered:
            self._selector.unregister(end.socket)

    def _close(self, *ends: _End) -> None:
        for end in ends:
            end.other = None
            with suppress(KeyError, ValueError):
                self._selector.unregister(end.socket)
            end.socket.close()
