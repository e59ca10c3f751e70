"""From the threads that answer to the thread that sends."""

import asyncio
import threading
from collections import deque
from contextlib import suppress

from .streams import Stream


class Outbox:
    """Carries what any thread wants to send to the loop's thread, which alone touches connections.

    Answers that come together, as those of commits that were synced together do, take one wake-up and one write."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._thread = threading.get_ident()
        self._posted: deque[tuple[Stream, bytes, bytes | None]] = deque()
        self._is_called = False

    def post(self, stream: Stream, data: bytes, ending: bytes | None) -> None:
        """Have the stream send `data`, and end with the header block `ending` unless that is None."""
        self._posted.append((stream, data, ending))
        if self._is_called:
            return
        self._is_called = True
        if threading.get_ident() == self._thread:
            self._loop.call_soon(self._deliver)
            return
        with suppress(RuntimeError):  # the loop has ended, and with it all connections
            self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._is_called = False  # before the first look: what comes after the last calls again
        connections = set()
        while self._posted:
            stream, data, ending = self._posted.popleft()
            stream.send(data, ending)
            connections.add(stream.connection)
        for connection in connections:
            connection.flush()
