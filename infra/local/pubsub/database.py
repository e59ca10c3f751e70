"""The SQLite file: schema, one writer thread that commits in groups, and point reads.

Guarantee: once a submitted piece of work has completed, it survives `kill -9` and power loss (WAL, synchronous=FULL).
"""

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)

Work = Callable[[sqlite3.Connection], Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS topics (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, proto BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS subscriptions (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, topic_id INTEGER NOT NULL, proto BLOB NOT NULL
);
-- A snapshot holds the messages in snapshot_messages and every later one (id > watermark) of its topic.
CREATE TABLE IF NOT EXISTS snapshots (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, topic_id INTEGER NOT NULL, watermark INTEGER NOT NULL,
    proto BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS snapshot_messages (
    snapshot_id INTEGER NOT NULL, message_id INTEGER NOT NULL, PRIMARY KEY (snapshot_id, message_id)
) WITHOUT ROWID;
-- Ids grow with the time of publishing, so every insert is an append. Times are microseconds since 1970.
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL, published INTEGER NOT NULL, ordering_key TEXT NOT NULL,
    body BLOB NOT NULL
);
-- What a subscription has been sent or has yet to be sent. An acknowledged row is kept only if the subscription retains it.
CREATE TABLE IF NOT EXISTS deliveries (
    message_id INTEGER NOT NULL, subscription_id INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    acked INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (message_id, subscription_id)
) WITHOUT ROWID;
"""

_GROUP = 512
"""The most pieces of work in one commit: bounds how long the first of them waits."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Work
    then: Callable[[Any], None] | None
    done: "asyncio.Future[Any]"


class Database:
    """The file in `folder`. Made on, and used from, one asyncio loop."""

    def __init__(self, folder: Path) -> None:
        self._loop = asyncio.get_running_loop()
        self._path = folder / "pubsub.sqlite3"
        self._writer = self._connect()
        self._writer.executescript(_SCHEMA)
        self._reader = self._connect()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="pubsub-writer", daemon=True)
        self._thread.start()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA cache_size=-32768")
        connection.execute("PRAGMA wal_autocheckpoint=4000")
        return connection

    def submit(self, work: Work, then: Callable[[Any], None] | None = None) -> "asyncio.Future[Any]":
        """Queue `work` for the writer thread; the future has its result once it is committed.

        Work is done in the order of submission. `then` is called with the result on the loop, in that order too, before
        the future completes, and even if whoever waits for the future has given up. An error in the work undoes that
        piece alone and is raised from the future."""
        job = _Job(work, then, self._loop.create_future())
        self._jobs.put(job)
        return job.done

    def rows(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        """Read what is committed, on the calling thread: for point reads and for the start."""
        return self._reader.execute(sql, parameters).fetchall()

    def close(self) -> None:
        """Commit what has been submitted, then close. Blocks for as long as that takes."""
        self._jobs.put(None)
        self._thread.join()
        self._reader.close()
        self._writer.close()

    def _write(self) -> None:
        while (job := self._jobs.get()) is not None:
            group = [job]
            while len(group) < _GROUP:
                try:
                    following = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    self._jobs.put(None)
                    break
                group.append(following)
            outcomes = self._commit(group)
            self._loop.call_soon_threadsafe(_settle, group, outcomes)

    def _commit(self, group: list[_Job]) -> list[Any]:
        try:
            return self._transact(group)
        except Exception as error:
            if len(group) == 1:
                return [error]
            return [self._commit([job])[0] for job in group]

    def _transact(self, group: list[_Job]) -> list[Any]:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            results = [job.work(self._writer) for job in group]
            self._writer.execute("COMMIT")
        except BaseException:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            raise
        return results


def _settle(group: list[_Job], outcomes: list[Any]) -> None:
    for job, outcome in zip(group, outcomes, strict=True):
        error = outcome if isinstance(outcome, Exception) else _announce(job, outcome)
        if job.done.done():
            continue
        if error is None:
            job.done.set_result(outcome)
        else:
            job.done.set_exception(error)


def _announce(job: _Job, outcome: Any) -> Exception | None:
    """Call the job's `then`; an error in it must not keep the rest of the group waiting."""
    try:
        if job.then is not None:
            job.then(outcome)
    except Exception as error:
        _log.exception("after a commit")
        return error
    return None
