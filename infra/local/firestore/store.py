"""The documents on disk: SQLite in WAL mode, one thread at a time that writes, any number that read.

Commits that arrive together are synced together. `commit` returns when the commit is on disk and visible to every snapshot
taken from then on; a process killed at any moment loses nothing that was returned.
"""

import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar, cast

from .catalogue import Catalogue
from .errors import ResourceExhausted, Unavailable
from .indexing import Indexing
from .line import Line, Order
from .reindexing import follow_indexing
from .session import CommitEvent, Session
from .snapshot import Snapshot
from .timestamps import MICROS, now_micros

T = TypeVar("T")
Work = Callable[[Session], T]

RETENTION = 3600 * MICROS
"""Microseconds that history is kept: reads in the past and resume tokens reach back as far."""

_SCHEMA = Path(__file__).with_name("schema.sql")
_MAX_GROUP = 256
_PRUNE_EVERY = 64
_PRUNE_ROWS = 512
_MAX_LOG = 64 * 1024 * 1024
_LOG = logging.getLogger(__name__)


class Store:
    """The database file `path`. `observers` are told of every commit, in order, before its caller is; they must not wait."""

    def __init__(self, path: Path, indexing: Indexing) -> None:
        self._path = path
        self._indexing = indexing
        self._line: Line[Work[Any]] = Line(self._write_group, _MAX_GROUP)
        self._readers: deque[sqlite3.Connection] = deque()
        self._clock = threading.Lock()
        self._in_flight = False
        self.observers: list[Callable[[CommitEvent], None]] = []
        self._writer = _connect(path)
        self._writer.executescript(_SCHEMA.read_text())
        self._catalogue = Catalogue(self._writer)
        follow_indexing(self._writer, self._catalogue, indexing)
        self._committed = Snapshot(self._writer).newest
        self._told = 0
        self._groups = 0
        self._written = 0

    def commit(self, work: Work[T]) -> T:
        """Run `work`, alone in its turn, as one commit, and return its result once it is on disk.

        Raises what `work` raises; then nothing was written. Raises ResourceExhausted when the disk is full, Unavailable when it
        does not take the commit for another reason."""
        (outcome,) = self.commit_all([work])
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def commit_all(self, works: Sequence[Work[T]]) -> list[T | BaseException]:
        """Run each of `works` as a commit of its own, and return the result or the error of each, in order."""
        return cast("list[T | BaseException]", self._line.wait_for(works))

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The newest state, unchanged for as long as the block lasts."""
        try:
            connection = self._readers.pop()
        except IndexError:
            connection = _connect(self._path)
            connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        try:
            yield Snapshot(connection)
        finally:
            connection.execute("COMMIT")
            self._readers.append(connection)

    def read_time(self, snapshot: Snapshot) -> int:
        """The latest time, in microseconds, for which `snapshot` is known to be the state of the database.

        Later commits get later versions than any time told here, and the observers have been told of all earlier ones."""
        with self._clock:
            if self._in_flight or snapshot.newest < self._committed:
                return max(min(snapshot.newest, self._committed), 1)
            self._told = max(now_micros(), self._told, self._committed)
            return self._told

    def close(self) -> None:
        """Finish the commits that were asked for and stop writing."""
        self._line.wait_for([])
        self._writer.close()

    def _write_group(self, orders: list[Order[Work[Any]]]) -> None:
        with self._clock:
            self._in_flight = True
            version = max(now_micros(), self._committed + 1, self._told + 1)
        events: list[CommitEvent] = []
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            for order in orders:
                order.outcomes = [self._run(work, version, events) for work in order.works]
            self._prune(version)
            self._writer.execute("COMMIT")
        except Exception as error:
            self._give_up(orders, error)
        else:
            self._tell_observers(events)
            if events:
                self._committed = events[-1].version
        finally:
            with self._clock:
                self._in_flight = False

    def _run(self, work: Work[T], first: int, events: list[CommitEvent]) -> T | Exception:
        """Carry out one commit of a group whose first version is `first`: its result or its error, once the group is on disk."""
        session = Session(self._writer, self._catalogue, self._indexing, first + len(events))
        try:
            result = work(session)
            event = session.flush()
        except sqlite3.Error:
            raise
        except Exception as error:
            return error
        if event.changes:
            events.append(event)
            self._written += len(event.changes)
        return result

    def _tell_observers(self, events: list[CommitEvent]) -> None:
        for event in events:
            for observer in self.observers:
                try:
                    observer(event)
                except Exception:  # the commit is on disk: its caller must not be told otherwise
                    _LOG.exception("an observer of commits failed")

    def _give_up(self, orders: list[Order[Work[Any]]], error: Exception) -> None:
        _LOG.error("%d commits failed: %s", sum(len(order.works) for order in orders), error)
        with suppress(sqlite3.Error):  # the next BEGIN says so if the connection is beyond help
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
        self._catalogue.forget()
        full = isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_FULL
        told = (
            ResourceExhausted("The disk is full.") if full else Unavailable(f"The database cannot be written: {error}")
        )
        for order in orders:
            order.outcomes = [told] * len(order.works)

    def _prune(self, version: int) -> None:
        """Now and then drop history older than RETENTION, more of it than was written meanwhile; the newest change stays."""
        self._groups += 1
        if self._groups % _PRUNE_EVERY:
            return
        limit = min(version - RETENTION, self._committed)
        rows = _PRUNE_ROWS + 2 * self._written
        self._written = 0
        oldest = "SELECT version FROM {} WHERE version < ? ORDER BY version LIMIT ?"
        for table in ("changes", "commits"):
            self._writer.execute(f"DELETE FROM {table} WHERE version IN ({oldest.format(table)})", (limit, rows))  # noqa: S608


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA busy_timeout = 10000")
    connection.execute(f"PRAGMA journal_size_limit = {_MAX_LOG}")
    return connection
