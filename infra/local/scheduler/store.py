"""Jobs and how their last attempt went, in SQLite. Times are seconds since 1970."""

import json
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from infra.local.durable import open_database
from infra.local.google_json import GoogleError, Json
from infra.local.scheduler.jobs import Job

_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    name TEXT PRIMARY KEY, body TEXT NOT NULL, paused INTEGER NOT NULL DEFAULT 0, declared INTEGER NOT NULL DEFAULT 0,
    updated REAL NOT NULL, due REAL NOT NULL, forced INTEGER NOT NULL DEFAULT 0, attempted REAL, status TEXT);
"""


class Store:
    """The state of the Scheduler server."""

    def __init__(self, path: Path) -> None:
        self._db = open_database(path, _SCHEMA)

    def job(self, name: str) -> sqlite3.Row:
        """A job. Raises GoogleError NOT_FOUND."""
        row: sqlite3.Row | None = self._db.execute("SELECT * FROM jobs WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise GoogleError("NOT_FOUND", f"Job not found: {name}")
        return row

    def jobs(self, parent: str = "*") -> Sequence[sqlite3.Row]:
        """The jobs of `projects/P/locations/L`, by name."""
        return self._db.execute("SELECT * FROM jobs WHERE name GLOB ? ORDER BY name", (f"{parent}/jobs/*",)).fetchall()

    def create(self, name: str, job: Job, due: float) -> None:
        """Add a job. Raises GoogleError ALREADY_EXISTS."""
        try:
            self._db.execute(
                "INSERT INTO jobs (name, body, updated, due) VALUES (?, ?, ?, ?)",
                (name, job.model_dump_json(by_alias=True, exclude_none=True), time.time(), due),
            )
        except sqlite3.IntegrityError:
            raise GoogleError("ALREADY_EXISTS", f"Job {name} already exists.") from None

    def provision(self, name: str, job: Job, due: float) -> None:
        """Make a job as it is declared; whether it is paused and how it went last stay as they are."""
        self._db.execute(
            "INSERT INTO jobs (name, body, declared, updated, due) VALUES (?, ?, 1, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET body = excluded.body, declared = 1, due = excluded.due",
            (name, job.model_dump_json(by_alias=True, exclude_none=True), time.time(), due),
        )

    def withdraw(self, declared: set[str]) -> None:
        """Delete the jobs that were declared once and are not among these."""
        for row in self._db.execute("SELECT name FROM jobs WHERE declared").fetchall():
            if row["name"] not in declared:
                self.delete(row["name"])

    def replace(self, name: str, job: Job, due: float) -> None:
        """Change a job."""
        self._db.execute(
            "UPDATE jobs SET body = ?, updated = ?, due = ? WHERE name = ?",
            (job.model_dump_json(by_alias=True, exclude_none=True), time.time(), due, name),
        )

    def pause(self, name: str) -> None:
        """Keep a job from firing by its schedule."""
        self._db.execute("UPDATE jobs SET paused = 1, updated = ? WHERE name = ?", (time.time(), name))

    def resume(self, name: str, due: float) -> None:
        """Let a job fire again, first at `due`."""
        self._db.execute("UPDATE jobs SET paused = 0, due = ?, updated = ? WHERE name = ?", (due, time.time(), name))

    def postpone(self, name: str, due: float) -> None:
        """Say when a job fires next."""
        self._db.execute("UPDATE jobs SET due = ? WHERE name = ?", (due, name))

    def delete(self, name: str) -> None:
        """Delete a job."""
        self._db.execute("DELETE FROM jobs WHERE name = ?", (name,))

    def force(self, name: str) -> None:
        """Have a job run now, paused or not."""
        self._db.execute("UPDATE jobs SET forced = 1 WHERE name = ?", (name,))

    def due(self, now: float) -> Sequence[sqlite3.Row]:
        """The jobs to fire."""
        return self._db.execute("SELECT * FROM jobs WHERE forced OR (due <= ? AND NOT paused)", (now,)).fetchall()

    def next_due(self, after: float) -> float | None:
        """When the first job after that moment fires."""
        row = self._db.execute("SELECT min(due) FROM jobs WHERE due > ? AND NOT paused", (after,)).fetchone()
        due: float | None = row[0]
        return due

    def attempted(self, name: str, at: float, status: Json) -> None:
        """Record an attempt and its `google.rpc.Status`."""
        self._db.execute("UPDATE jobs SET attempted = ?, status = ? WHERE name = ?", (at, json.dumps(status), name))

    def unforce(self, name: str) -> None:
        """A forced run is over."""
        self._db.execute("UPDATE jobs SET forced = 0 WHERE name = ?", (name,))
