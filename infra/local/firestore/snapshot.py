"""The readers' side of the store: the documents as they stand after some commit."""

import sqlite3
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from .encoding import encode_segment
from .names import DocumentName

Row = tuple[Any, ...]


class Snapshot:
    """One consistent state of the database: the newest, or the one at `at` (a version within the retained history)."""

    def __init__(self, connection: sqlite3.Connection, at: int | None = None) -> None:
        self._connection = connection
        self._at = at

    @cached_property
    def newest(self) -> int:
        """The version of the last commit that this snapshot could see."""
        newest: int | None = self._connection.execute("SELECT max(version) FROM changes").fetchone()[0]
        return newest or 0

    @property
    def version(self) -> int:
        """The version that this snapshot shows."""
        return self.newest if self._at is None else self._at

    def at(self, version: int) -> "Snapshot":
        """The state that the database had at `version`, through the same connection."""
        return Snapshot(self._connection, version)

    def rows(self, sql: str, parameters: tuple[Any, ...] = ()) -> Iterator[Row]:
        """Rows of the newest state, as they are asked for."""
        return self._connection.execute(sql, parameters)

    @cached_property
    def overlay(self) -> dict[tuple[int, str], bytes | None]:
        """What the documents changed since `at` looked like then, by collection number and id."""
        if self._at is None or self._at >= self.newest:
            return {}
        changed: dict[tuple[int, str], bytes | None] = {}
        rows = self.rows("SELECT collection, id, document FROM changes WHERE version > ? ORDER BY version", (self._at,))
        for collection, document_id, document in rows:
            changed.setdefault((collection, document_id), document)
        return changed

    def collection(self, database: str, path: str) -> int | None:
        """The number of a collection, or None if it never held a document."""
        row = self._connection.execute(
            "SELECT id FROM collections WHERE database = ? AND path = ?", (database, path)
        ).fetchone()
        return row[0] if row else None

    def collection_paths(self, database: str) -> dict[int, tuple[bytes, ...]]:
        """The segments of the path of every collection, to sort by."""
        rows = self.rows("SELECT id, path FROM collections WHERE database = ?", (database,))
        return {number: tuple(encode_segment(segment) for segment in path.split("/")) for number, path in rows}

    def has_numeric_ids(self, database: str, path: str) -> bool:
        """Whether ids in a collection may stand for numbers, so that names do not sort as the text of ids does."""
        sql = "SELECT 1 FROM documents WHERE collection = ? AND id >= '__id' AND id < '__ie' LIMIT 1"
        return next(self.rows(sql, (self.collection(database, path),)), None) is not None

    def fetch(self, collection: int, document_id: str) -> bytes | None:
        """A serialised document by its collection's number, or None."""
        overlay = self.overlay
        if overlay and (collection, document_id) in overlay:
            return overlay[collection, document_id]
        row = self._connection.execute(
            "SELECT document FROM documents WHERE collection = ? AND id = ?", (collection, document_id)
        ).fetchone()
        return row[0] if row else None

    def get(self, name: DocumentName) -> bytes | None:
        """A serialised document, or None."""
        if self._at is not None:
            collection = self.collection(name.database, name.collection)
            return None if collection is None else self.fetch(collection, name.id)
        row = self._connection.execute(
            "SELECT d.document FROM collections c JOIN documents d ON d.collection = c.id AND d.id = ?"
            " WHERE c.database = ? AND c.path = ?",
            (name.id, name.database, name.collection),
        ).fetchone()
        return row[0] if row else None
