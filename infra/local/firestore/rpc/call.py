"""One call, as those see it who answer it."""

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from .headers import Head, trailers
from .messages import with_head

_MAX_UNSENT = 1024 * 1024
"""Bytes of an answer that may wait for the client to take them; who has more to send waits too."""
_OK = trailers(0, "")


class Gone(Exception):
    """The caller has cancelled the call, or hung up."""


class Answering(Protocol):
    """Sends `data`, and ends the call with the header block `ending` unless that is None. From any thread."""

    def __call__(self, data: bytes, ending: bytes | None) -> None: ...


class Call:
    """A call of a method. All of it may be used from any thread. What is sent once the call has ended is dropped."""

    def __init__(self, head: Head, answer: Answering) -> None:
        self.head = head
        self.is_active = True
        """Whether anybody waits for the answer."""
        self._answer = answer
        self._inbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._changed = threading.Condition(threading.Lock())
        self._unsent = 0
        self._callbacks: list[Callable[[], None]] = []

    def requests(self) -> Iterator[bytes]:
        """The client's messages, until it says that there are no more. Raises Gone."""
        while (message := self._inbox.get()) is not None:
            yield message
        if not self.is_active:
            raise Gone

    def reply(self, message: bytes) -> None:
        """Answer with one message, and end the call well."""
        self._answer(with_head(message), _OK)

    def send(self, message: bytes) -> None:
        """Answer with one message of several. Waits while the client is slow to take them. Raises Gone."""
        framed = with_head(message)
        with self._changed:
            while self._unsent > _MAX_UNSENT and self.is_active:
                self._changed.wait()
            if not self.is_active:
                raise Gone
            self._unsent += len(framed)
        self._answer(framed, None)

    def finish(self, code: int = 0, message: str = "") -> None:
        """End the call with a status of google.rpc."""
        self._answer(b"", trailers(code, message))

    def when_over(self, callback: Callable[[], None]) -> None:
        """Call `callback`, which must not wait, once the call has ended, whoever ended it."""
        with self._changed:
            if self.is_active:
                self._callbacks.append(callback)
                return
        callback()

    def take(self, message: bytes | None) -> None:
        """For the stream: the client has sent a message; None when it sends no more."""
        self._inbox.put(message)

    def note_sent(self, size: int) -> None:
        """For the stream: so many bytes of what was to be sent have been."""
        with self._changed:
            self._unsent -= size
            self._changed.notify_all()

    def end(self) -> None:
        """For the stream: the call is over."""
        with self._changed:
            self.is_active = False
            self._changed.notify_all()
        self._inbox.put(None)
        for callback in self._callbacks:
            callback()
