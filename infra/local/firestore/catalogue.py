"""The numbers that the tables know collections and field paths by."""

import sqlite3


class Catalogue:
    """The numbers that stand for collections and field paths in the tables. Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._collections: dict[tuple[str, str], int] = {}
        self._fields: dict[str, int] = {}

    def collection(self, database: str, path: str) -> int:
        """The number of a collection, given to it now if it is new."""
        key = (database, path)
        if key not in self._collections:
            self._connection.execute(
                "INSERT OR IGNORE INTO collections (database, path, name) VALUES (?, ?, ?)",
                (database, path, path.rpartition("/")[2]),
            )
            row = self._connection.execute("SELECT id FROM collections WHERE database = ? AND path = ?", key).fetchone()
            self._collections[key] = row[0]
        return self._collections[key]

    def field(self, key: str) -> int:
        """The number of an index key, given to it now if it is new."""
        if key not in self._fields:
            self._connection.execute("INSERT OR IGNORE INTO fields (path) VALUES (?)", (key,))
            self._fields[key] = self._connection.execute("SELECT id FROM fields WHERE path = ?", (key,)).fetchone()[0]
        return self._fields[key]

    def forget(self) -> None:
        """Drop what was learned in a transaction that was rolled back."""
        self._collections.clear()
        self._fields.clear()
