"""Events and their deliveries in SQLite. A delivery is pending until the function has taken it or it is dropped."""

import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.local.durable import open_database, transaction
from infra.local.eventarc.events import Event

_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, event_id TEXT NOT NULL, attributes TEXT NOT NULL,
    content_type TEXT NOT NULL, data BLOB NOT NULL, received REAL NOT NULL, UNIQUE (source, event_id));
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY, event INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE, function TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dropped')), attempts INTEGER NOT NULL DEFAULT 0,
    since REAL NOT NULL, due REAL NOT NULL, updated REAL NOT NULL, status INTEGER, error TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (function, due) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS deliveries_by_state ON deliveries (state, id);
CREATE INDEX IF NOT EXISTS deliveries_of_event ON deliveries (event);
"""
STATES = ("pending", "delivered", "dropped")
KEPT = 7 * 86_400.0
"""Seconds for which events that nobody waits for are kept, and duplicates of them recognised."""


@dataclass(frozen=True)
class Delivery:
    """A delivery that is due. `since` (seconds since 1970) is when its 24 hours began."""

    id: int
    function: str
    attempts: int
    since: float
    event: Event


@dataclass(frozen=True)
class Verdict:
    """What becomes of a delivery after an attempt: delivered, dropped, or pending until `due` (seconds since 1970)."""

    state: str
    status: int | None
    error: str = ""
    due: float = 0.0


class Store:
    """The state of the Eventarc server."""

    def __init__(self, path: Path) -> None:
        self._db = open_database(path, _SCHEMA)

    def keep(self, event: Event, functions: Sequence[str]) -> bool:
        """Keep an event and a delivery for each function; False if the same source had sent the same id before."""
        now = time.time()
        with transaction(self._db):
            cursor = self._db.execute(
                "INSERT INTO events (source, event_id, attributes, content_type, data, received)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (
                    *(event.attributes["source"], event.attributes["id"], json.dumps(event.attributes)),
                    *(event.content_type, event.data, now),
                ),
            )
            if cursor.rowcount == 0:
                return False
            self._db.executemany(
                "INSERT INTO deliveries (event, function, state, since, due, updated) VALUES (?, ?, 'pending', ?, ?, ?)",
                ((cursor.lastrowid, function, now, now, now) for function in functions),
            )
        return True

    def due(self, function: str, now: float, limit: int) -> list[Delivery]:
        """The first `limit` deliveries for a function that are due, longest due first."""
        rows = self._db.execute(
            "SELECT d.id, d.function, d.attempts, d.since, e.attributes, e.content_type, e.data"
            " FROM deliveries d JOIN events e ON e.id = d.event"
            " WHERE d.function = ? AND d.state = 'pending' AND d.due <= ? ORDER BY d.due LIMIT ?",
            (function, now, limit),
        )
        return [
            Delivery(
                row["id"],
                row["function"],
                row["attempts"],
                row["since"],
                Event(json.loads(row["attributes"]), row["content_type"], row["data"]),
            )
            for row in rows
        ]

    def next_due(self, function: str, after: float) -> float | None:
        """When the first delivery after that moment is due (seconds since 1970)."""
        row = self._db.execute(
            "SELECT min(due) FROM deliveries WHERE function = ? AND state = 'pending' AND due > ?", (function, after)
        ).fetchone()
        due: float | None = row[0]
        return due

    def settle(self, delivery: int, verdict: Verdict) -> None:
        """Record an attempt."""
        self._db.execute(
            "UPDATE deliveries SET state = ?, attempts = attempts + 1, status = ?, error = ?, due = ?, updated = ?"
            " WHERE id = ?",
            (verdict.state, verdict.status, verdict.error, verdict.due, time.time(), delivery),
        )

    def retry(self, delivery: int) -> str | None:
        """Make a delivery due now, with 24 hours ahead of it; its function, None if there is no such delivery."""
        now = time.time()
        row = self._db.execute(
            "UPDATE deliveries SET state = 'pending', since = ?, due = ?, updated = ? WHERE id = ? RETURNING function",
            (now, now, now, delivery),
        ).fetchone()
        return row["function"] if row else None

    def deliveries(self, state: str | None, limit: int) -> list[sqlite3.Row]:
        """The newest `limit` deliveries (of a state) with the attributes of their events, newest first."""
        where, values = ("WHERE d.state = ?", [state]) if state else ("", [])
        sql = f"SELECT d.*, e.attributes FROM deliveries d JOIN events e ON e.id = d.event {where} ORDER BY d.id DESC LIMIT ?"  # noqa: S608  # no input in it
        return self._db.execute(sql, (*values, limit)).fetchall()

    def forget(self) -> None:
        """Delete events older than KEPT that no function is waiting for."""
        self._db.execute(
            "DELETE FROM events WHERE received < ? AND NOT EXISTS"
            " (SELECT 1 FROM deliveries d WHERE d.event = events.id AND d.state = 'pending')",
            (time.time() - KEPT,),
        )
