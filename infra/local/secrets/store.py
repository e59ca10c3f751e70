"""Secrets and their versions in SQLite. What is destroyed is overwritten: no file of this server holds it any more."""

import json
import sqlite3
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

from infra.local.durable import open_database, transaction
from infra.local.google_json import GoogleError, Json

_SCHEMA = """
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS secrets (
    name TEXT PRIMARY KEY, body TEXT NOT NULL, created REAL NOT NULL, etag TEXT NOT NULL, versions INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS versions (
    secret TEXT NOT NULL REFERENCES secrets (name) ON DELETE CASCADE, number INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ENABLED', 'DISABLED', 'DESTROYED')), data BLOB,
    created REAL NOT NULL, destroyed REAL, etag TEXT NOT NULL, PRIMARY KEY (secret, number));
"""


class Store:
    """The state of the Secret Manager server. Names are full: `projects/P/secrets/S`."""

    def __init__(self, path: Path) -> None:
        self._db = open_database(path, _SCHEMA)

    def secret(self, name: str) -> sqlite3.Row:
        """A secret. Raises GoogleError NOT_FOUND."""
        row: sqlite3.Row | None = self._db.execute("SELECT * FROM secrets WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise GoogleError("NOT_FOUND", f"Secret [{name}] not found.")
        return row

    def secrets(self, parent: str) -> Sequence[sqlite3.Row]:
        """The secrets of `projects/P`, the newest first."""
        return self._db.execute(
            "SELECT * FROM secrets WHERE name GLOB ? ORDER BY created DESC, name", (f"{parent}/secrets/*",)
        ).fetchall()

    def create(self, name: str, body: Json) -> None:
        """Add a secret without versions. Raises GoogleError ALREADY_EXISTS."""
        try:
            self._db.execute(
                "INSERT INTO secrets (name, body, created, etag) VALUES (?, ?, ?, ?)",
                (name, json.dumps(body), time.time(), _etag()),
            )
        except sqlite3.IntegrityError:
            raise GoogleError("ALREADY_EXISTS", f"Secret [{name}] already exists.") from None

    def provision(self, name: str, first: bytes) -> None:
        """Make a secret as it is declared, with its first version, unless it is there."""
        try:
            self.create(name, {"replication": {"automatic": {}}})
            self.add_version(name, first)
        except GoogleError as error:
            if error.status != "ALREADY_EXISTS":
                raise

    def update(self, name: str, body: Json) -> None:
        """Replace what clients set of a secret. Raises GoogleError NOT_FOUND."""
        self.secret(name)
        self._db.execute("UPDATE secrets SET body = ?, etag = ? WHERE name = ?", (json.dumps(body), _etag(), name))

    def delete(self, name: str) -> None:
        """Delete a secret and destroy what its versions hold. Raises GoogleError NOT_FOUND."""
        self.secret(name)
        self._db.execute("DELETE FROM secrets WHERE name = ?", (name,))
        self._forget()

    def add_version(self, name: str, data: bytes) -> sqlite3.Row:
        """Add a version, numbered from 1; no number is ever given twice. Raises GoogleError NOT_FOUND."""
        with transaction(self._db):
            number = self.secret(name)["versions"] + 1
            self._db.execute("UPDATE secrets SET versions = ? WHERE name = ?", (number, name))
            self._db.execute(
                "INSERT INTO versions (secret, number, state, data, created, etag) VALUES (?, ?, 'ENABLED', ?, ?, ?)",
                (name, number, data, time.time(), _etag()),
            )
        return self.version(name, str(number))

    def versions(self, name: str) -> Sequence[sqlite3.Row]:
        """The versions of a secret, the newest first. Raises GoogleError NOT_FOUND."""
        self.secret(name)
        return self._db.execute("SELECT * FROM versions WHERE secret = ? ORDER BY number DESC", (name,)).fetchall()

    def version(self, name: str, version: str) -> sqlite3.Row:
        """A version by its number, its alias, or `latest`: the newest, in whatever state. Raises GoogleError NOT_FOUND."""
        secret = self.secret(name)
        aliases = json.loads(secret["body"]).get("versionAliases") or {}
        number = secret["versions"] if version == "latest" else aliases.get(version, version)
        row: sqlite3.Row | None = self._db.execute(
            "SELECT * FROM versions WHERE secret = ? AND number = ?", (name, number)
        ).fetchone()
        if row is None:
            raise GoogleError("NOT_FOUND", f"Secret Version [{name}/versions/{version}] not found.")
        return row

    def set_state(self, name: str, version: str, state: str) -> sqlite3.Row:
        """Move a version to a state; DESTROYED is for ever. Raises GoogleError NOT_FOUND or FAILED_PRECONDITION."""
        row = self.version(name, version)
        if row["state"] == "DESTROYED":
            raise GoogleError("FAILED_PRECONDITION", f"{name}/versions/{row['number']} is in DESTROYED state.")
        key = (name, row["number"])
        if state == "DESTROYED":
            self._db.execute(
                "UPDATE versions SET state = 'DESTROYED', data = NULL, destroyed = ?, etag = ?"
                " WHERE secret = ? AND number = ?",
                (time.time(), _etag(), *key),
            )
            self._forget()
        else:
            self._db.execute(
                "UPDATE versions SET state = ?, etag = ? WHERE secret = ? AND number = ?", (state, _etag(), *key)
            )
        return self.version(name, str(row["number"]))

    def _forget(self) -> None:
        """Fold the log into the file and empty it: it still holds pages as they were before."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _etag() -> str:
    return f'"{uuid.uuid4().hex}"'
