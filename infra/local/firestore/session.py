"""The writer's side of the store: what one commit reads and writes before it is on disk."""

import sqlite3
from dataclasses import dataclass

from .catalogue import Catalogue
from .index import Entry, index_entries
from .indexing import Indexing
from .messages import Document
from .names import DocumentName
from .timestamps import to_micros, to_timestamp


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit did to one document; None is a missing document."""

    name: DocumentName
    before: Document | None
    after: Document | None


@dataclass(frozen=True, slots=True)
class CommitEvent:
    """All that one commit did. `version` is its time in microseconds."""

    version: int
    changes: tuple[Change, ...]


class Session:
    """One commit in the making. Nothing reaches the tables before `flush`, so a commit that fails leaves no trace."""

    def __init__(self, connection: sqlite3.Connection, catalogue: Catalogue, indexing: Indexing, version: int) -> None:
        self._connection = connection
        self._catalogue = catalogue
        self._indexing = indexing
        self._before: dict[DocumentName, Document | None] = {}
        self._after: dict[DocumentName, Document | None] = {}
        self._entries_after: dict[DocumentName, set[Entry] | None] = {}
        self._transaction: tuple[bytes, bytes] | None = None
        self.version = version
        self.time = to_timestamp(version)
        """The version as a timestamp. Not to be changed: copy it."""

    def read(self, name: DocumentName) -> Document | None:
        """The document as this commit sees it, its own writes included. Copy it before changing it."""
        if name in self._after:
            return self._after[name]
        if name not in self._before:
            row = self._connection.execute(
                "SELECT document FROM documents WHERE collection = ? AND id = ?",
                (self._catalogue.collection(name.database, name.collection), name.id),
            ).fetchone()
            self._before[name] = Document.FromString(row[0]) if row else None
        return self._before[name]

    def put(self, name: DocumentName, document: Document, entries: set[Entry] | None = None) -> None:
        """Store `document`, stamped with this commit's version. The caller gives it away, with its entries if it knows them."""
        before = self.read(name)
        document.name = str(name)
        document.update_time.CopyFrom(self.time)
        document.create_time.CopyFrom(before.create_time if before is not None else document.update_time)
        self._after[name] = document
        self._entries_after[name] = entries

    def delete(self, name: DocumentName) -> None:
        """Remove a document; removing a missing one changes nothing."""
        if self.read(name) is not None:
            self._after[name] = None

    def remember(self, transaction: bytes, response: bytes) -> None:
        """Keep the answer to a transaction's commit, in the same stroke as its writes."""
        self._transaction = (transaction, response)

    def remembered(self, transaction: bytes) -> bytes | None:
        """The answer kept for a transaction that has committed already."""
        row = self._connection.execute("SELECT response FROM commits WHERE token = ?", (transaction,)).fetchone()
        return row[0] if row else None

    def changed_since(self, version: int) -> set[DocumentName]:
        """Every document that commits after `version` have touched."""
        rows = self._connection.execute(
            "SELECT c.database, c.path, x.id FROM changes x JOIN collections c ON c.id = x.collection WHERE x.version > ?",
            (version,),
        )
        return {DocumentName(*row) for row in rows}

    def before_change(self, name: DocumentName, version: int) -> Document | None:
        """The document as it was at `version`, given that a later commit has touched it."""
        row = self._connection.execute(
            "SELECT document FROM changes WHERE version > ? AND collection = ? AND id = ? ORDER BY version LIMIT 1",
            (version, self._catalogue.collection(name.database, name.collection), name.id),
        ).fetchone()
        return Document.FromString(row[0]) if row and row[0] is not None else None

    def flush(self) -> CommitEvent:
        """Write it all to the tables. Raises FirestoreError (nothing written yet) or sqlite3.Error."""
        changes = [Change(name, self._before[name], after) for name, after in self._after.items()]
        changes = [change for change in changes if change.before is not None or change.after is not None]
        for change, before, after in [(change, *self._entries(change)) for change in changes]:
            self._write(change, before, after)
        if self._transaction:
            self._connection.execute(
                "INSERT INTO commits VALUES (?, ?, ?)", (self._transaction[0], self.version, self._transaction[1])
            )
        return CommitEvent(self.version, tuple(changes))

    def _entries(self, change: Change) -> tuple[set[Entry], set[Entry]]:
        switches = self._indexing.switches(change.name.database, change.name.collection)
        known = self._entries_after[change.name] if change.after is not None else None
        after = index_entries(change.after, switches) if known is None else known
        return index_entries(change.before, switches), after

    def _write(self, change: Change, before: set[Entry], after: set[Entry]) -> None:
        run, key = self._connection.execute, self._catalogue.field
        collection = self._catalogue.collection(change.name.database, change.name.collection)
        document_id = change.name.id
        if change.after is None:
            run("DELETE FROM documents WHERE collection = ? AND id = ?", (collection, document_id))
        elif change.before is None:
            run(
                "INSERT INTO documents (collection, id, version, document) VALUES (?, ?, ?, ?)",
                (collection, document_id, self.version, change.after.SerializeToString()),
            )
        else:
            run(
                "UPDATE documents SET version = ?, document = ? WHERE collection = ? AND id = ?",
                (self.version, change.after.SerializeToString(), collection, document_id),
            )
        old = change.before.SerializeToString() if change.before is not None else None
        run("INSERT INTO changes VALUES (?, ?, ?, ?)", (self.version, collection, document_id, old))
        if before:
            self._connection.executemany(
                "DELETE FROM entries WHERE collection = ? AND field = ? AND value = ? AND id = ?",
                [(collection, key(field), value, document_id) for field, value in before - after],
            )
        self._connection.executemany(
            "INSERT INTO entries VALUES (?, ?, ?, ?)",
            [(collection, key(field), value, document_id) for field, value in after - before],
        )


def version_of(document: Document | None) -> int:
    """The version of a document, 0 for a missing one."""
    return to_micros(document.update_time) if document is not None else 0
