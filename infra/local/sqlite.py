"""The database of an asyncio server: a thread of its own, a transaction for each call, on disk before the call returns."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from infra.local.durable import open_database, transaction

T = TypeVar("T")


class Database:
    """Runs functions over the connection, one at a time, each in a transaction of its own.

    What a call has written is synced to disk when its result is there; when it raises, nothing of it is. One thread is
    enough: a call takes well under a millisecond, its commit a few, and no two calls can get in each other's way."""

    def __init__(self, path: Path, schema: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=path.stem)
        self._connection = self._thread.submit(open_database, path, schema).result()

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` returns, once its transaction is committed. Raises what `work` raises, and sqlite3.Error."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    def run_now(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The same for a caller outside the event loop, who waits."""
        return self._thread.submit(self._transact, work).result()

    def close(self) -> None:
        """Wait for the calls under way, then fold the log into the file."""
        self._thread.submit(self._connection.close).result()
        self._thread.shutdown()

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with transaction(self._connection):
            return work(self._connection)
