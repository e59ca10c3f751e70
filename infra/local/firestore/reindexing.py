"""Brings the index up to date when firestore.indexes.json has changed since the data folder was last served."""

import json
import sqlite3

from .catalogue import Catalogue
from .index import index_entries
from .indexing import Indexing
from .messages import Document

_SETTING = "indexing"


def follow_indexing(connection: sqlite3.Connection, catalogue: Catalogue, indexing: Indexing) -> None:
    """Index anew, in one transaction, the collection groups whose switches are not those that their entries were made with."""
    row = connection.execute("SELECT value FROM settings WHERE name = ?", (_SETTING,)).fetchone()
    made_with, wanted = row[0] if row else "{}", indexing.describe()
    if made_with == wanted:
        return
    then, now = _groups(made_with), _groups(wanted)
    connection.execute("BEGIN IMMEDIATE")
    for place in then.keys() | now.keys():
        if then.get(place) != now.get(place):
            _reindex(connection, catalogue, indexing, *place)
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (_SETTING, wanted))
    connection.execute("COMMIT")


def _groups(described: str) -> dict[tuple[str, str], dict[str, bool]]:
    """The switches by database and collection group."""
    return {
        (database, group): switches
        for database, groups in json.loads(described).items()
        for group, switches in groups.items()
    }


def _reindex(
    connection: sqlite3.Connection, catalogue: Catalogue, indexing: Indexing, database: str, group: str
) -> None:
    collections = connection.execute(
        "SELECT id, path FROM collections WHERE database = ? AND name = ?", (database, group)
    )
    for collection, path in collections.fetchall():
        switches = indexing.switches(database, path)
        connection.execute("DELETE FROM entries WHERE collection = ?", (collection,))
        for document_id, blob in connection.execute(
            "SELECT id, document FROM documents WHERE collection = ?", (collection,)
        ):
            entries = index_entries(Document.FromString(blob), switches)
            connection.executemany(
                "INSERT INTO entries VALUES (?, ?, ?, ?)",
                [(collection, catalogue.field(key), value, document_id) for key, value in entries],
            )
