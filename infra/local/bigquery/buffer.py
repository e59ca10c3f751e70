"""The streaming buffer: for a while after insertAll, rows cannot be changed or deleted. Off unless it is asked for.

Google takes up to 90 minutes. KOMPO_LOCAL_STREAMING_BUFFER is how many seconds it takes here, 0 unless set: whoever deletes rows
can so be tried out against a table that does not let them go yet. A restart forgets what was in the buffer."""

# ruff: noqa: S608 - identifiers are quoted, values are numbers

import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager

from infra.local.bigquery.engine import Cursor
from infra.local.bigquery.errors import invalid_query
from infra.local.bigquery.tables import TableName

VARIABLE = "KOMPO_LOCAL_STREAMING_BUFFER"


class StreamingBuffer:
    """Which rows of each table were streamed in during the last `seconds`: those after a row id."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._streamed: dict[TableName, deque[tuple[float, int]]] = defaultdict(deque)

    def note(self, name: TableName, cursor: Cursor) -> None:
        """To be called in the transaction that streams rows into a table, before it does."""
        if self._seconds > 0:
            last = cursor.execute(f"SELECT COALESCE(MAX(rowid), -1) FROM {name.sql}").fetchone()
            self._streamed[name].append((time.monotonic(), last[0] if last else -1))

    @contextmanager
    def guarding(self, kind: str, name: TableName, cursor: Cursor) -> Iterator[None]:
        """Raise BigQueryError if the statement inside deletes rows in the buffer; if it changes rows, if there are any in it."""
        before = self._count(name, cursor)
        yield
        if before and (kind != "DELETE" or self._count(name, cursor) < before) and kind != "INSERT":
            raise invalid_query(
                f"{kind} statement over table {name} would affect rows in the streaming buffer, which is not supported"
            )

    def _count(self, name: TableName, cursor: Cursor) -> int:
        streamed = self._streamed[name] if self._seconds > 0 else deque[tuple[float, int]]()
        while streamed and streamed[0][0] < time.monotonic() - self._seconds:
            streamed.popleft()
        if not streamed:
            return 0
        row = cursor.execute(f"SELECT COUNT(*) FROM {name.sql} WHERE rowid > {streamed[0][1]}").fetchone()
        return int(row[0]) if row else 0
