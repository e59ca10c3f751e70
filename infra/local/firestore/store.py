"""The documents on disk: SQLite in WAL mode, one thread that writes, any number that read.

Commits that arrive together are synced together. `commit` returns when the commit is on disk and visible to every snapshot
taken from then on; a process killed at any moment loses nothing that was returned.
"""

import logging
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from .catalogue import Catalogue
from .errors import ResourceExhausted, Unavailable
from .indexing import Indexing
from .reindexing import follow_indexing
from .session import CommitEvent, Session
from .snapshot import Snapshot
from .timestamps import MICROS, now_micros

T = TypeVar("T")
Work = Callable[[Session], T]
Settled = Callable[[], T]
"""The end of a commit: returns the result of its work, or raises why there is none."""
Answer = Callable[[Settled[T]], None]
"""What to do once a commit has ended. Called in the writer's thread: it must not wait."""

RETENTION = 3600 * MICROS
"""Microseconds that history is kept: reads in the past and resume tokens reach back as far."""

_SCHEMA = Path(__file__).with_name("schema.sql")
_MAX_GROUP = 256
_PRUNE_EVERY = 64
_PRUNE_ROWS = 512
_MAX_LOG = 64 * 1024 * 1024
_LOG_PAGES = 4000
"""Pages in the log before they are copied to the database: most are written again by then, and copied once."""
_CACHE_KIB = 32 * 1024
"""Memory in which the writer keeps the pages of the indexes that it adds to; those who read have SQLite's 2 MiB each."""
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Task:
    work: Work[Any]
    answer: Answer[Any]


class Store:
    """The database file `path`. `observers` are told of every commit, in order, from the writer's thread; they must not wait."""

    def __init__(self, path: Path, indexing: Indexing) -> None:
        self._path = path
        self._indexing = indexing
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._readers: deque[sqlite3.Connection] = deque()
        self._clock = threading.Lock()
        self._in_flight = False
        self.observers: list[Callable[[CommitEvent], None]] = []
        self._writer = _connect(path)
        self._writer.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._writer.executescript(_SCHEMA.read_text())
        self._catalogue = Catalogue(self._writer)
        follow_indexing(self._writer, self._catalogue, indexing)
        self._committed = Snapshot(self._writer).newest
        self._told = 0
        self._groups = 0
        self._written = 0
        self._thread = threading.Thread(target=self._write_forever, name="writer", daemon=True)
        self._thread.start()

    def commit_then(self, work: Work[T], answer: Answer[T]) -> None:
        """Run `work` in the writer's thread, as one commit, and call `answer` once it is on disk, or has failed."""
        self._tasks.put(_Task(work, answer))

    def commit(self, work: Work[T]) -> T:
        """Run `work` in the writer's thread, as one commit, and return its result once it is on disk.

        Raises what `work` raises; then nothing was written. Raises ResourceExhausted when the disk is full, Unavailable when it
        does not take the commit for another reason."""
        return self._submit(work).result()()

    def commit_all(self, works: Sequence[Work[T]]) -> list[Settled[T]]:
        """Run each of `works` as a commit of its own, and return the end of each, in order."""
        submitted = [self._submit(work) for work in works]
        return [done.result() for done in submitted]

    def _submit(self, work: Work[T]) -> "Future[Settled[T]]":
        done: Future[Settled[T]] = Future()
        self.commit_then(work, done.set_result)
        return done

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
        self._tasks.put(None)
        self._thread.join()
        self._writer.close()

    def _write_forever(self) -> None:
        while True:
            group = self._next_group()
            tasks = [task for task in group if task is not None]
            if tasks:
                self._write_group(tasks)
            if len(tasks) < len(group):
                return

    def _next_group(self) -> list[_Task | None]:
        group = [self._tasks.get()]
        while len(group) < _MAX_GROUP:
            try:
                group.append(self._tasks.get_nowait())
            except queue.Empty:
                break
        return group

    def _write_group(self, tasks: list[_Task]) -> None:
        with self._clock:
            self._in_flight = True
            version = max(now_micros(), self._committed + 1, self._told + 1)
        events: list[CommitEvent] = []
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            ends = [self._run(task.work, version + len(events), events) for task in tasks]
            self._prune(version)
            self._writer.execute("COMMIT")
        except Exception as error:
            ends = [self._give_up(error, len(tasks))] * len(tasks)
        else:
            self._tell_observers(events)
            if events:
                self._committed = events[-1].version
        finally:
            with self._clock:
                self._in_flight = False
        for task, end in zip(tasks, ends, strict=True):
            self._call_back(task.answer, end)

    def _run(self, work: Work[T], version: int, events: list[CommitEvent]) -> Settled[T]:
        """Carry out one commit; what is returned is for its caller, once the group is on disk."""
        session = Session(self._writer, self._catalogue, self._indexing, version)
        try:
            result = work(session)
            event = session.flush()
        except sqlite3.Error:
            raise
        except Exception as error:
            return partial(_fail, error)
        if event.changes:
            events.append(event)
            self._written += len(event.changes)
        return lambda: result

    def _call_back(self, function: Callable[[T], None], argument: T) -> None:
        """Tell somebody about a commit, who cannot undo it by failing."""
        try:
            function(argument)
        except Exception:
            _LOG.exception("somebody told of a commit failed")

    def _tell_observers(self, events: list[CommitEvent]) -> None:
        for event in events:
            for observer in self.observers:
                self._call_back(observer, event)

    def _give_up(self, error: Exception, commits: int) -> Settled[Any]:
        """Undo a group that SQLite does not take; returns what there is to say to each of its callers."""
        _LOG.error("a group of %d commits failed: %s", commits, error)
        if self._writer.in_transaction:
            with suppress(sqlite3.Error):  # the next BEGIN says so if the connection is beyond help
                self._writer.execute("ROLLBACK")
        self._catalogue.forget()
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            return partial(_fail, ResourceExhausted("The disk is full."))
        return partial(_fail, Unavailable(f"The database cannot be written: {error}"))

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


def _fail(error: Exception) -> NoReturn:
    raise error


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA busy_timeout = 10000")
    connection.execute(f"PRAGMA journal_size_limit = {_MAX_LOG}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
    return connection
