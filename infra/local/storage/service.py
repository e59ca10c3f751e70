"""What the handlers share: the objects behind transactions, their contents, and the events that go out."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from infra.local.sqlite import Database
from infra.local.storage import buckets, objects, outbox, session
from infra.local.storage.contents import Contents
from infra.local.storage.objects import Objects, orphans
from infra.local.storage.outbox import Outbox, Sender

log = logging.getLogger(__name__)

T = TypeVar("T")


class Service:
    """Cloud Storage without HTTP. `base_url` is where this server is reached, `eventarc` where events go, if anywhere."""

    def __init__(self, data: Path, base_url: str, eventarc: str | None) -> None:
        schema = buckets.SCHEMA + objects.SCHEMA + session.SCHEMA + outbox.SCHEMA
        self.contents = Contents(data)
        self.database = Database(data / "storage.db", schema)
        self._outbox = Outbox(eventarc, base_url)
        self._sender = Sender(self.database, eventarc) if eventarc else None
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Send events, and remove what a crash has left behind."""
        if self._sender:
            self._tasks.append(asyncio.create_task(self._sender.run()))
        self._tasks.append(asyncio.create_task(self._sweep(time.time())))

    async def stop(self) -> None:
        """End the work in the background and close the database."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.database.close()

    async def run(self, work: Callable[[Objects], T]) -> T:
        """What `work` returns once its changes are on disk; contents without an object are removed then."""
        done: list[Objects] = []

        def transact(connection: sqlite3.Connection) -> T:
            done.append(Objects(connection, self._outbox))
            return work(done[0])

        result = await self.database.run(transact)
        if done[0].released:
            await asyncio.to_thread(self._remove, done[0].released)
        if self._sender and done[0].has_events:
            self._sender.wake()
        return result

    def _remove(self, content_ids: list[str]) -> None:
        try:
            self.contents.remove(content_ids)
        except OSError:
            # The transaction is committed all the same; the next start sweeps them up.
            log.exception("contents without an object could not be removed")

    async def _sweep(self, before: float) -> None:
        """Remove contents from before the start that no object has: the process died before their object was recorded."""
        found = await asyncio.to_thread(self.contents.left_from, before)
        left = await self.database.run(lambda connection: orphans(connection, found))
        await asyncio.to_thread(self.contents.remove, left)
        if left:
            log.info("removed %d contents without an object", len(left))
