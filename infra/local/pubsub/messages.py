"""Messages: the little that memory knows of each, their ids, and a bounded cache of their bodies."""

import time
from collections import OrderedDict
from dataclasses import dataclass

from infra.local.pubsub.database import Database
from infra.local.pubsub.wire import MICROSECONDS

_CACHE_BYTES = 64 << 20


@dataclass(slots=True, eq=False)
class Message:
    """A published message that a subscription waits for. `published` is in microseconds since 1970, `size` in bytes.

    `waiting` counts the subscriptions that have it in their backlog: at 0 its row may go."""

    id: int
    topic_id: int
    published: int
    key: str
    size: int
    waiting: int = 0


class MessageIds:
    """Gives out message ids: microseconds since 1970, pushed up so that each is greater than all before it.

    So an id is never below its publish time, ids compare like publish times, and none is used twice after a restart, even
    one whose message is gone."""

    def __init__(self, last: int) -> None:
        self.last = last

    def take(self, count: int) -> range:
        """The next `count` ids."""
        first = max(self.last + 1, int(time.time() * MICROSECONDS))
        self.last = first + count - 1
        return range(first, first + count)


class Bodies:
    """Serialized PubsubMessages by id: the newest from memory, the others from the database."""

    def __init__(self, database: Database, capacity: int = _CACHE_BYTES) -> None:
        self._database = database
        self._capacity = capacity
        self._size = 0
        self._cached: OrderedDict[int, bytes] = OrderedDict()  # a dict searches past what it has lost at its front

    def put(self, message_id: int, body: bytes) -> None:
        """Remember a body; the oldest are forgotten when the cache is full."""
        self._cached[message_id] = body
        self._size += len(body)
        while self._size > self._capacity and self._cached:
            self._size -= len(self._cached.popitem(last=False)[1])

    def forget(self, message_id: int) -> None:
        """Give up the memory of a body that nobody waits for."""
        body = self._cached.pop(message_id, None)
        if body is not None:
            self._size -= len(body)

    def get(self, message_id: int) -> bytes | None:
        """The body, or None if the message is gone."""
        body = self._cached.get(message_id)
        if body is None:
            for (body,) in self._database.rows("SELECT body FROM messages WHERE id = ?", (message_id,)):
                return bytes(body)
        return body
