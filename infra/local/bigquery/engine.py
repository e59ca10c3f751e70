"""DuckDB: one process-wide instance, one database file for each project, one writer at a time for each file."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

import duckdb

from infra.local.bigquery.schema import quoted

Cursor = duckdb.DuckDBPyConnection

_MEMORY_LIMIT = "2GB"
_THREADS = 2
_METADATA = """
CREATE SCHEMA IF NOT EXISTS {db}._kompo;
CREATE TABLE IF NOT EXISTS {db}._kompo.datasets (id VARCHAR PRIMARY KEY, body VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS {db}._kompo.tables (dataset VARCHAR, id VARCHAR, body VARCHAR NOT NULL, PRIMARY KEY (dataset, id));
CREATE TABLE IF NOT EXISTS {db}._kompo.insert_ids (dataset VARCHAR, tbl VARCHAR, id VARCHAR, seen_at DOUBLE);
"""


class Engine:
    """Opens projects and lends cursors. A committed transaction is in the file's write-ahead log, synced, and survives a kill."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._connection = duckdb.connect(":memory:", config={"threads": _THREADS, "memory_limit": _MEMORY_LIMIT})
        self._connection.execute("SET GLOBAL TimeZone = 'UTC'")
        # Division by zero is an error in BigQuery, not an infinity.
        self._connection.execute("SET GLOBAL ieee_floating_point_ops = false")
        self._connection.execute(f"SET GLOBAL temp_directory = '{data / 'spill'}'")
        self._opening = threading.Lock()
        self._writers: dict[str, threading.RLock] = {}
        self._changes: dict[str, int] = {}

    def run_script(self, sql: str) -> None:
        """Run statements on the shared in-memory catalog: that is where the SQL macros live."""
        self._connection.execute(sql)

    def register(self, name: str, function: Callable[[str], int]) -> None:
        """Make a Python function callable from SQL. Raises ImportError where DuckDB lacks what that needs."""
        try:
            self._connection.create_function(name, function, ["VARCHAR"], "BIGINT")
        except duckdb.InvalidInputException as error:
            raise ImportError(str(error)) from error

    def projects(self) -> list[str]:
        """Projects that have a file."""
        return sorted(unquote(path.name.removesuffix(".duckdb")) for path in self._data.glob("*.duckdb"))

    def is_open(self, project: str) -> bool:
        """Whether `open` was called for it."""
        return project in self._writers

    def has_file(self, project: str) -> bool:
        """Whether anything was ever created in the project."""
        return self._path(project).exists()

    def open(self, project: str) -> None:
        """Attach the project's file, made if it is not there. Idempotent."""
        with self._opening:
            if project in self._writers:
                return
            path = str(self._path(project)).replace("'", "''")
            with self.cursor() as cursor:
                cursor.execute(f"ATTACH '{path}' AS {quoted(project)}")
                cursor.execute(_METADATA.format(db=quoted(project)))
            self._changes[project] = 0
            self._writers[project] = threading.RLock()

    def changes(self, project: str) -> int:
        """How many transactions that may have written to an open project have ended: another number, other rows."""
        return self._changes[project]

    @contextmanager
    def cursor(self) -> Iterator[Cursor]:
        """A session of its own on the shared instance; safe to use beside others in another thread."""
        cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    @contextmanager
    def write(self, project: str) -> Iterator[Cursor]:
        """A transaction that may write to an open project: committed at the end, rolled back on an exception."""
        with self._writers[project], self.cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION")
            try:
                yield cursor
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            try:
                cursor.execute("COMMIT")
            finally:
                self._changes[project] += 1

    def close(self) -> None:
        """Close the files; DuckDB writes its logs back into them."""
        self._connection.close()

    def _path(self, project: str) -> Path:
        return self._data / f"{quote(project, safe='')}.duckdb"
