"""A WebChannel session: what a client has sent and what it has yet to receive, independent of the connections that come and go.

The client numbers the messages that it sends (maps) and the server those that it answers (arrays), so that both can be
repeated after a lost connection and still arrive once and in order. All methods run in the event loop."""

import asyncio
import json
import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from infra.local.firestore.errors import FirestoreError

from .errors import Internal, error_body
from .proto_json import to_text
from .streams import Requests, Stream

EXPIRY = 60.0
"""Seconds that a session waits for its client to come back."""
HIGH_WATER = 8 * 1024 * 1024
"""Characters that may wait to be acknowledged; after that the stream waits for its client."""

_NOOP = '["noop"]'
_LOG = logging.getLogger(__name__)


class Session:
    """One session around one stream of the engine, which takes `requests`. `on_end` is called once, when it is over."""

    def __init__(
        self, identifier: str, stream: Stream, requests: Requests, on_end: Callable[["Session"], None]
    ) -> None:
        self.id = identifier
        self.requests = requests
        self._stream = stream
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._arrays: deque[tuple[int, str]] = deque()
        self._waiting = 0
        self._last_array = 0
        self._next_map = 0
        self._early: dict[int, Any] = {}
        self._back: object | None = None
        self._news = asyncio.Event()
        self._room = threading.Event()
        self._room.set()
        self._expiry = self._loop.call_later(EXPIRY, self.end)
        self.ended = False
        threading.Thread(target=self._answer, name=f"channel-{identifier}", daemon=True).start()

    def _answer(self) -> None:
        """The thread that waits for the engine's responses."""
        try:
            for response in self._stream.responses():
                self._emit(f"[{to_text(response)}]")
        except FirestoreError as error:
            self._emit(json.dumps([error_body(error)]))
        except Exception:
            _LOG.exception("a stream failed")
            self._emit(json.dumps([error_body(Internal())]))

    def _emit(self, array: str) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._push, array)
            self._room.wait()

    def _push(self, array: str) -> None:
        self._last_array += 1
        framed = f"[{self._last_array},{array}]"
        self._arrays.append((self._last_array, framed))
        self._waiting += len(framed)
        self._news.set()
        if self._waiting > HIGH_WATER and not self.ended:
            self._room.clear()

    def take(self, maps: Mapping[int, Any]) -> None:
        """Pass the client's messages on to the stream: each number once, in order; an exception among them ends the stream."""
        self._early.update((number, message) for number, message in maps.items() if number >= self._next_map)
        while self._next_map in self._early:
            message = self._early.pop(self._next_map)
            self._next_map += 1
            if isinstance(message, FirestoreError):
                self._push(json.dumps([error_body(message)]))
                self._stream.close()
            else:
                self._stream.send(message)

    def acknowledge(self, number: int) -> None:
        """Forget the arrays up to `number`: the client has them."""
        while self._arrays and self._arrays[0][0] <= number:
            self._waiting -= len(self._arrays.popleft()[1])
        if self._waiting <= HIGH_WATER:
            self._room.set()

    def state(self) -> list[int]:
        """What the client is told after it has sent something: whether it has a back channel, the number of the last array,
        and how much is on its way to it."""
        return [int(self._back is not None), self._last_array, self._waiting]

    def attach(self) -> object:
        """Begin a back channel, which ends the one before. Returns its identity."""
        self._back = object()
        self._expiry.cancel()
        self._news.set()
        return self._back

    def detach(self, back: object) -> None:
        """End a back channel. Without another one for EXPIRY seconds, the session ends."""
        if back is self._back and not self.ended:
            self._back = None
            self._expiry = self._loop.call_later(EXPIRY, self.end)

    def is_current(self, back: object) -> bool:
        """Whether this back channel is still the one in use."""
        return back is self._back and not self.ended

    def noop(self) -> None:
        """Have something to send."""
        self._push(_NOOP)

    def _above(self, number: int) -> list[tuple[int, str]]:
        if not self._arrays:
            return []
        return list(islice(self._arrays, max(number - self._arrays[0][0] + 1, 0), None))

    async def arrays_after(self, number: int, back: object, seconds: float) -> list[tuple[int, str]]:
        """The arrays above `number`, with their numbers; waits for some. Empty if the back channel is no longer in use, or
        after `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while self.is_current(back):
                    if fresh := self._above(number):
                        return fresh
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            pass
        return []

    def end(self) -> None:
        """End the session and its stream."""
        if not self.ended:
            self.ended = True
            self._expiry.cancel()
            self._stream.close()
            self._news.set()
            self._room.set()
            self._on_end(self)
