"""The calls of all connections."""

import asyncio
from contextlib import suppress

from .connection import Connection
from .methods import Methods
from .outbox import Outbox

_LOOK_EVERY = 0.01
"""Seconds between looks at whether all calls have ended."""


class Server:
    """Answers `methods` on the connections given to it, in the running event loop."""

    def __init__(self, methods: Methods) -> None:
        self._methods = methods
        self._outbox = Outbox(asyncio.get_running_loop())
        self._connections: set[Connection] = set()

    def connect(self) -> Connection:
        """The protocol of one more connection."""
        return Connection(self._methods, self._outbox, self._connections)

    async def stop(self, grace: float) -> None:
        """Take no more calls, give those under way `grace` seconds, then hang up."""
        for connection in list(self._connections):
            connection.leave()
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                while any(connection.is_busy for connection in self._connections):
                    await asyncio.sleep(_LOOK_EVERY)
        for connection in list(self._connections):
            connection.hang_up()
