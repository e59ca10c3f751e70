"""One stream of a connection: its messages put together, its answer sent as far as the windows allow."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

from infra.local.firestore.errors import Code

from .call import Call
from .frames import END_HEADERS, END_STREAM, Kind, frame
from .headers import OPENING, Head, trailers
from .messages import BadMessage, Messages
from .methods import Method

_LOG = logging.getLogger(__name__)


class Carrier(Protocol):
    """The connection, as its streams see it."""

    def put(self, frame: bytes) -> None:
        """Send a frame with the next `flush`."""

    def flush(self) -> None:
        """Send the frames put."""

    def grant(self, wanted: int) -> int:
        """How many of `wanted` bytes may be sent as one frame now; they count as sent."""

    def close(self, stream: "Stream") -> None:
        """Take notice that a stream has sent its end."""


class Stream:
    """The stream `number`, which may send `window` bytes at first. For the loop's thread only, to which `posting` carries what
    other threads answer."""

    def __init__(
        self, connection: Carrier, number: int, window: int, head: Head, method: Method, posting: "Posting"
    ) -> None:
        self.connection = connection
        self.number = number
        self.window = window
        self.received = 0
        """Bytes since the client was last told that it may send more."""
        self.is_half_closed = False
        """Whether the client has said all that it had to say."""
        self.call = Call(head, partial(posting, self))
        self._method = method
        self._messages = Messages(head.encoding)
        self._request: bytes | None = None
        self._has_opened = False
        self._unsent = bytearray()
        self._ending: bytes | None = None
        if method.takes_stream:
            self._start(b"")

    def receive(self, data: bytes) -> None:
        """Take a piece of the client's data."""
        try:
            messages = self._messages.feed(data)
        except BadMessage as error:
            self._fail(Code.RESOURCE_EXHAUSTED if error.too_large else Code.INTERNAL, str(error))
            return
        for message in messages:
            if self._method.takes_stream:
                self.call.take(message)
            elif self._request is None:
                self._request = message
            else:
                self._fail(Code.INVALID_ARGUMENT, "The call takes one message.")

    def half_close(self) -> None:
        """Take notice that the client has said all."""
        if self.is_half_closed:
            return
        self.is_half_closed = True
        if self._messages.is_amid_one:
            self._fail(Code.INVALID_ARGUMENT, "The last message is cut off.")
        elif self._method.takes_stream:
            self.call.take(None)
        elif self._request is None:
            self._fail(Code.INVALID_ARGUMENT, "The call takes one message.")
        else:
            self._start(self._request)

    def _start(self, request: bytes) -> None:
        try:
            self._method.start(self.call, request)
        except Exception:
            _LOG.exception("a call failed to start")
            self._fail(Code.INTERNAL, "Internal error.")

    def _fail(self, code: Code, message: str) -> None:
        self.send(b"", trailers(code, message))

    def send(self, data: bytes, ending: bytes | None) -> None:
        """Send `data`, and end with the header block `ending` unless that is None, now or as the windows open. A stream that is
        over, or about to end, sends no more."""
        if self._ending is not None or not self.call.is_active:
            return
        self._ending = ending
        self._unsent += data
        self.push()

    def push(self) -> None:
        """Send what waits, as far as the windows allow."""
        put = self.connection.put
        if not self._has_opened and (self._unsent or self._ending is None):
            put(frame(Kind.HEADERS, END_HEADERS, self.number, OPENING))
            self._has_opened = True
        while self._unsent:
            size = self.connection.grant(min(self.window, len(self._unsent)))
            if size <= 0:
                return
            put(frame(Kind.DATA, 0, self.number, bytes(self._unsent[:size])))
            del self._unsent[:size]
            self.window -= size
            self.call.note_sent(size)
        if self._ending is not None:
            block = self._ending if self._has_opened else OPENING + self._ending
            put(frame(Kind.HEADERS, END_HEADERS | END_STREAM, self.number, block))
            self.connection.close(self)


Posting = Callable[[Stream, bytes, bytes | None], None]
"""Has a stream send what a call answers: `Stream.send`, from any thread."""
