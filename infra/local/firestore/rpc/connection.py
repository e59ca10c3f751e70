"""One connection of a client: as much of HTTP/2 (RFC 9113) as gRPC takes."""

import asyncio
import logging
from collections.abc import Callable

from infra.local.firestore.errors import Code

from .call import Call
from .frames import (
    ACK,
    DEFAULT_WINDOW,
    END_HEADERS,
    END_STREAM,
    HEAD,
    MAX_FRAME,
    MAX_NUMBER,
    PREFACE,
    PRIORITY,
    Kind,
    ProtocolError,
    Reason,
    Setting,
    frame,
    go_away,
    parse_number,
    parse_settings,
    reset,
    settings,
    window_update,
    without_padding,
)
from .headers import NOT_GRPC, HeadReader, trailers
from .methods import Method, Methods
from .outbox import Outbox
from .streams import Stream

_STREAM_WINDOW = 4 * 1024 * 1024
"""Bytes that a client may have under way on one stream."""
_WINDOW = 16 * 1024 * 1024
"""Bytes that it may have under way on all of them."""
_MAX_BLOCK = 64 * 1024
"""Bytes of headers."""
_MAX_UNREAD = 1024 * 1024
"""Bytes that wait for a client before nothing more is read from it."""
_LOG = logging.getLogger(__name__)


def _unknown(call: Call, _request: bytes) -> None:
    call.finish(Code.UNIMPLEMENTED, "Method not found!")


class Connection(asyncio.Protocol):
    """Reads frames, starts calls, and sends what their streams put together. It is among `connections` while it is up.

    Requests are read as fast as they come, whether or not anybody takes them out of a call."""

    def __init__(self, methods: Methods, outbox: Outbox, connections: "set[Connection]") -> None:
        self._methods = methods
        self._outbox = outbox
        self._connections = connections
        self._transport: asyncio.Transport
        self._heads = HeadReader()
        self._streams: dict[int, Stream] = {}
        self._last = 0
        self._is_leaving = False
        self._unread = b""
        self._has_greeted = False
        self._block: tuple[int, int, bytes] | None = None
        """A header block that is not whole: stream, flags, bytes."""
        self._received = 0
        self._window = DEFAULT_WINDOW
        self._stream_window = DEFAULT_WINDOW
        self._max_frame = MAX_FRAME
        self._unsent: list[bytes] = []
        self._handlers: dict[int, Callable[[int, int, bytes], None]] = {
            Kind.DATA: self._take_data,
            Kind.HEADERS: self._take_headers,
            Kind.RST_STREAM: self._take_reset,
            Kind.SETTINGS: self._take_settings,
            Kind.PING: self._take_ping,
            Kind.WINDOW_UPDATE: self._take_window_update,
            Kind.CONTINUATION: self._take_continuation,
        }

    @property
    def is_busy(self) -> bool:
        """Whether calls are under way."""
        return bool(self._streams)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=_MAX_UNREAD)
        self._connections.add(self)
        self.put(settings({Setting.INITIAL_WINDOW_SIZE: _STREAM_WINDOW}))
        self.put(window_update(0, _WINDOW - DEFAULT_WINDOW))
        self.flush()

    def connection_lost(self, error: Exception | None) -> None:
        if error is not None:
            _LOG.debug("a connection broke: %s", error)
        self._connections.discard(self)
        for stream in self._streams.values():
            stream.call.end()
        self._streams.clear()

    def pause_writing(self) -> None:
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        data = self._unread + data
        try:
            self._unread = data[self._read(data) :]
        except ProtocolError as error:
            self._break_off(error)
        self.flush()

    def put(self, frame: bytes) -> None:
        """Send a frame with the next `flush`."""
        self._unsent.append(frame)

    def flush(self) -> None:
        """Send the frames put."""
        if self._unsent:
            self._transport.write(b"".join(self._unsent))
            self._unsent.clear()

    def grant(self, wanted: int) -> int:
        """How many of `wanted` bytes may be sent as one frame now; they count as sent."""
        size = max(0, min(wanted, self._window, self._max_frame))
        self._window -= size
        return size

    def close(self, stream: Stream) -> None:
        """Take notice that a stream has sent its end."""
        if not stream.is_half_closed:
            self.put(reset(stream.number, Reason.NO_ERROR))
        del self._streams[stream.number]
        stream.call.end()

    def leave(self) -> None:
        """Take no more calls, and tell the client so."""
        self._is_leaving = True
        self.put(go_away(self._last, Reason.NO_ERROR))
        self.flush()

    def hang_up(self) -> None:
        """End all calls, and the connection."""
        for stream in list(self._streams.values()):
            stream.send(b"", trailers(Code.UNAVAILABLE, "The server is going down."))
        self.flush()
        self._transport.close()

    def _break_off(self, error: ProtocolError) -> None:
        _LOG.debug("a client broke the protocol: %s", error)
        self._unread = b""
        self._handlers.clear()
        self.put(go_away(self._last, error.reason, str(error)))
        self.flush()
        self._transport.close()

    def _read(self, data: bytes) -> int:
        """Take all frames that are whole; returns how many bytes they are. Raises ProtocolError."""
        start, end = 0, len(data)
        if not self._has_greeted:
            start = len(PREFACE)
            if not PREFACE.startswith(data[:start]):
                raise ProtocolError(Reason.PROTOCOL_ERROR, "This is not how HTTP/2 begins.")
            if end < start:
                return 0
            self._has_greeted = True
        while end - start >= HEAD.size:
            size_and_kind, flags, number = HEAD.unpack_from(data, start)
            size, kind = size_and_kind >> 8, size_and_kind & 0xFF
            if size > MAX_FRAME:
                raise ProtocolError(Reason.FRAME_SIZE_ERROR, f"A frame is longer than {MAX_FRAME} bytes.")
            following = start + HEAD.size + size
            if following > end:
                break
            if self._block is not None and kind != Kind.CONTINUATION:
                raise ProtocolError(Reason.PROTOCOL_ERROR, "The rest of the headers is missing.")
            handler = self._handlers.get(kind)
            if handler is not None:
                handler(number & MAX_NUMBER, flags, data[start + HEAD.size : following])
            start = following
        return start

    def _take_headers(self, number: int, flags: int, payload: bytes) -> None:
        block = without_padding(flags, payload)
        if flags & PRIORITY:
            block = block[5:]
        self._add_to_block(number, flags, block)

    def _take_continuation(self, number: int, flags: int, payload: bytes) -> None:
        if self._block is None or self._block[0] != number:
            raise ProtocolError(Reason.PROTOCOL_ERROR, "Headers go on that have not begun.")
        _, first_flags, block = self._block
        self._add_to_block(number, first_flags | flags & END_HEADERS, block + payload)

    def _add_to_block(self, number: int, flags: int, block: bytes) -> None:
        if len(block) > _MAX_BLOCK:
            raise ProtocolError(Reason.PROTOCOL_ERROR, f"Headers are longer than {_MAX_BLOCK} bytes.")
        if flags & END_HEADERS:
            self._block = None
            self._begin(number, flags, block)
        else:
            self._block = (number, flags, block)

    def _begin(self, number: int, flags: int, block: bytes) -> None:
        """Start a call; or take the client's last words on one, which gRPC gives no meaning."""
        head = self._heads.read(block)
        stream = self._streams.get(number)
        if stream is None and number > self._last:
            if not number % 2:
                raise ProtocolError(Reason.PROTOCOL_ERROR, "A client's streams have odd numbers.")
            self._last = number
            if self._is_leaving:
                self.put(reset(number, Reason.REFUSED_STREAM))
            elif not head.is_grpc:
                self.put(frame(Kind.HEADERS, END_HEADERS | END_STREAM, number, NOT_GRPC))
            else:
                method = self._methods.get(head.path, Method(_unknown))
                stream = Stream(self, number, self._stream_window, head, method, self._outbox.post)
                self._streams[number] = stream
        if stream is not None and flags & END_STREAM:
            stream.half_close()

    def _take_data(self, number: int, flags: int, payload: bytes) -> None:
        self._received += len(payload)
        if self._received > _WINDOW // 2:
            self.put(window_update(0, self._received))
            self._received = 0
        stream = self._streams.get(number)
        if stream is None:
            if number > self._last:
                raise ProtocolError(Reason.PROTOCOL_ERROR, "There is data on a stream that has not begun.")
            return
        stream.received += len(payload)
        if stream.received > _STREAM_WINDOW // 2:
            self.put(window_update(number, stream.received))
            stream.received = 0
        stream.receive(without_padding(flags, payload))
        if flags & END_STREAM and stream.call.is_active:
            stream.half_close()

    def _take_reset(self, number: int, _flags: int, _payload: bytes) -> None:
        stream = self._streams.pop(number, None)
        if stream is not None:
            stream.call.end()

    def _take_settings(self, _number: int, flags: int, payload: bytes) -> None:
        if flags & ACK:
            return
        changes = parse_settings(payload)
        self.put(frame(Kind.SETTINGS, ACK, 0))  # first: to the client they are in force from here on
        for setting, value in changes:
            if setting == Setting.MAX_FRAME_SIZE:
                self._max_frame = value
            elif setting == Setting.INITIAL_WINDOW_SIZE:
                more = value - self._stream_window
                self._stream_window = value
                for stream in list(self._streams.values()):
                    stream.window += more
                    stream.push()

    def _take_ping(self, _number: int, flags: int, payload: bytes) -> None:
        if not flags & ACK:
            self.put(frame(Kind.PING, ACK, 0, payload))

    def _take_window_update(self, number: int, _flags: int, payload: bytes) -> None:
        more = parse_number(payload)
        if number == 0:
            self._window += more
            for stream in list(self._streams.values()):
                stream.push()
        elif (of_one := self._streams.get(number)) is not None:
            of_one.window += more
            of_one.push()
