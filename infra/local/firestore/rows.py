"""Rows into tables, many with one statement.

Every statement gives up the interpreter's lock while SQLite works. On a server whose threads are all awake, getting it back
costs more than a row does.
"""

import sqlite3
from collections.abc import Sequence
from functools import cache
from itertools import chain

_MOST = 64
"""Rows of one statement: enough for most documents, and few enough statements to keep them all prepared."""


def insert_rows(connection: sqlite3.Connection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert whole rows, in order. `table` is a name of ours. Raises sqlite3.Error."""
    for start in range(0, len(rows), _MOST):
        some = rows[start : start + _MOST]
        connection.execute(_insertion(table, len(some), len(some[0])), list(chain.from_iterable(some)))


@cache
def _insertion(table: str, rows: int, columns: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {table} VALUES {', '.join([row] * rows)}"  # noqa: S608
