"""Jobs, executions and tasks in SQLite. Every method is one durable step; states only ever move forward or to a retry."""

import json
import secrets
import sqlite3
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

from infra.local.durable import open_database, transaction
from infra.local.google_json import GoogleError, Json
from infra.local.run.process import Outcome

_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    name TEXT PRIMARY KEY, uid TEXT NOT NULL, body TEXT NOT NULL, generation INTEGER NOT NULL,
    created REAL NOT NULL, updated REAL NOT NULL, executions INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS executions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, uid TEXT NOT NULL, job TEXT NOT NULL,
    template TEXT NOT NULL, task_count INTEGER NOT NULL, parallelism INTEGER NOT NULL, max_retries INTEGER NOT NULL,
    created REAL NOT NULL, updated REAL NOT NULL, started REAL, completed REAL, cancelled REAL);
CREATE INDEX IF NOT EXISTS executions_of_job ON executions (job, number);
CREATE INDEX IF NOT EXISTS executions_open ON executions (number) WHERE completed IS NULL;
CREATE TABLE IF NOT EXISTS tasks (
    execution TEXT NOT NULL REFERENCES executions (name) ON DELETE CASCADE, number INTEGER NOT NULL, uid TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'running', 'succeeded', 'failed', 'cancelled')),
    attempts INTEGER NOT NULL DEFAULT 0, updated REAL NOT NULL, started REAL, completed REAL,
    exit_code INTEGER, term_signal INTEGER, message TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (execution, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tasks_by_state ON tasks (state, execution, number);
CREATE TABLE IF NOT EXISTS operations (
    name TEXT PRIMARY KEY, created REAL NOT NULL, execution TEXT, response TEXT);
"""
_NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


class Store:
    """The state of the Cloud Run server."""

    def __init__(self, path: Path) -> None:
        self._db = open_database(path, _SCHEMA)

    def _one(self, kind: str, sql: str, *values: object) -> sqlite3.Row:
        row: sqlite3.Row | None = self._db.execute(sql, values).fetchone()
        if row is None:
            raise GoogleError("NOT_FOUND", f"{kind} {values[0]} was not found.")
        return row

    # Jobs

    def job(self, name: str) -> sqlite3.Row:
        """A job. Raises GoogleError NOT_FOUND."""
        return self._one("Job", "SELECT * FROM jobs WHERE name = ?", name)

    def jobs(self, parent: str) -> Sequence[sqlite3.Row]:
        """The jobs of `projects/P/locations/L`, by name."""
        return self._db.execute("SELECT * FROM jobs WHERE name GLOB ? ORDER BY name", (f"{parent}/jobs/*",)).fetchall()

    def create_job(self, name: str, body: Json) -> sqlite3.Row:
        """Add a job. Raises GoogleError ALREADY_EXISTS."""
        now = time.time()
        try:
            self._db.execute(
                "INSERT INTO jobs (name, uid, body, generation, created, updated) VALUES (?, ?, ?, 1, ?, ?)",
                (name, str(uuid.uuid4()), json.dumps(body), now, now),
            )
        except sqlite3.IntegrityError:
            raise GoogleError("ALREADY_EXISTS", f"Job {name} already exists.") from None
        return self.job(name)

    def replace_job(self, name: str, body: Json) -> sqlite3.Row:
        """Change a job. Raises GoogleError NOT_FOUND."""
        self.job(name)
        self._db.execute(
            "UPDATE jobs SET body = ?, generation = generation + 1, updated = ? WHERE name = ?",
            (json.dumps(body), time.time(), name),
        )
        return self.job(name)

    def provision(self, name: str, body: Json) -> None:
        """Make a job as it is declared: add it, or change it if it differs."""
        row = self._db.execute("SELECT body FROM jobs WHERE name = ?", (name,)).fetchone()
        if row is None:
            self.create_job(name, body)
        elif json.loads(row["body"]) != body:
            self.replace_job(name, body)

    def delete_job(self, name: str) -> None:
        """Delete a job with its executions. Raises GoogleError NOT_FOUND."""
        self.job(name)
        with transaction(self._db):
            self._db.execute(
                "DELETE FROM operations WHERE execution IN (SELECT name FROM executions WHERE job = ?)", (name,)
            )
            self._db.execute("DELETE FROM executions WHERE job = ?", (name,))
            self._db.execute("DELETE FROM jobs WHERE name = ?", (name,))

    # Executions

    def run(self, job: str, template: Json, task_count: int, parallelism: int, max_retries: int) -> tuple[str, str]:
        """Accept an execution: its name, and that of the operation which is done when it has completed."""
        now = time.time()
        with transaction(self._db):
            name = self._free_name(job)
            self._db.execute(
                "INSERT INTO executions (name, uid, job, template, task_count, parallelism, max_retries, created, updated)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(name, str(uuid.uuid4()), job, json.dumps(template)),
                    *(task_count, parallelism, max_retries, now, now),
                ),
            )
            self._db.executemany(
                "INSERT INTO tasks (execution, number, uid, state, updated) VALUES (?, ?, ?, 'pending', ?)",
                ((name, number, str(uuid.uuid4()), now) for number in range(task_count)),
            )
            self._db.execute("UPDATE jobs SET executions = executions + 1 WHERE name = ?", (job,))
            operation = self.operation_of(name)
        return name, operation

    def _free_name(self, job: str) -> str:
        while True:
            short = "".join(secrets.choice(_NAME_LETTERS) for _ in range(5))
            name = f"{job}/executions/{job.rpartition('/')[2]}-{short}"
            if not self._db.execute("SELECT 1 FROM executions WHERE name = ?", (name,)).fetchone():
                return name

    def execution(self, name: str) -> sqlite3.Row:
        """An execution. Raises GoogleError NOT_FOUND."""
        return self._one("Execution", "SELECT * FROM executions WHERE name = ?", name)

    def executions(self, job_pattern: str) -> Sequence[sqlite3.Row]:
        """The executions of the jobs that the glob pattern names, newest first."""
        sql = "SELECT * FROM executions WHERE job GLOB ? ORDER BY number DESC"
        return self._db.execute(sql, (job_pattern,)).fetchall()

    def latest_execution(self, job: str) -> sqlite3.Row | None:
        """The newest execution of a job."""
        sql = "SELECT * FROM executions WHERE job = ? ORDER BY number DESC LIMIT 1"
        row: sqlite3.Row | None = self._db.execute(sql, (job,)).fetchone()
        return row

    def counts(self, execution: str) -> dict[str, int]:
        """How many tasks of an execution are in each state (absent: none), and "retried": how many more than once."""
        sql = "SELECT state, count(*), sum(attempts > 1) FROM tasks WHERE execution = ? GROUP BY state"
        rows = self._db.execute(sql, (execution,)).fetchall()
        return {row[0]: row[1] for row in rows} | {"retried": sum(row[2] for row in rows)}

    def cancel(self, execution: str) -> None:
        """Keep waiting tasks from starting and running ones from being tried again. Raises GoogleError."""
        if self.execution(execution)["completed"] is not None:
            raise GoogleError("FAILED_PRECONDITION", f"Execution {execution} has already completed.")
        now = time.time()
        with transaction(self._db):
            self._db.execute(
                "UPDATE executions SET cancelled = coalesce(cancelled, ?), updated = ? WHERE name = ?",
                (now, now, execution),
            )
            self._db.execute(
                "UPDATE tasks SET state = 'cancelled', completed = ?, updated = ?, message = 'The task was cancelled.'"
                " WHERE execution = ? AND state = 'pending'",
                (now, now, execution),
            )
            self._complete_if_over(execution, now)

    def delete_execution(self, name: str) -> None:
        """Delete an execution with its tasks. Raises GoogleError NOT_FOUND."""
        self.execution(name)
        with transaction(self._db):
            self._db.execute("DELETE FROM executions WHERE name = ?", (name,))
            self._db.execute("DELETE FROM operations WHERE execution = ?", (name,))

    def forget(self, before: float) -> list[str]:
        """Delete executions that had completed, and operations that were made, before that moment: the executions' names."""
        with transaction(self._db):
            self._db.execute("DELETE FROM operations WHERE created < ? AND execution IS NULL", (before,))
            rows = self._db.execute("DELETE FROM executions WHERE completed < ? RETURNING name", (before,)).fetchall()
            names = [row["name"] for row in rows]
            self._db.executemany("DELETE FROM operations WHERE execution = ?", ((name,) for name in names))
        return names

    # Tasks

    def task(self, execution: str, number: int) -> sqlite3.Row:
        """A task. Raises GoogleError NOT_FOUND."""
        sql = "SELECT * FROM tasks WHERE execution = ? AND number = ?"
        return self._one("Task", sql, execution, number)

    def tasks(self, execution_pattern: str) -> Sequence[sqlite3.Row]:
        """The tasks of the executions that the glob pattern names, in order."""
        sql = "SELECT * FROM tasks WHERE execution GLOB ? ORDER BY execution, number"
        return self._db.execute(sql, (execution_pattern,)).fetchall()

    def running(self) -> Sequence[sqlite3.Row]:
        """The tasks that are running, or were when the server died."""
        return self._db.execute("SELECT * FROM tasks WHERE state = 'running'").fetchall()

    def start_next(self) -> sqlite3.Row | None:
        """Begin an attempt of the next task in order of acceptance whose execution may have one more running."""
        sql = """
            SELECT t.execution, t.number FROM executions e JOIN tasks t ON t.execution = e.name AND t.state = 'pending'
            WHERE e.completed IS NULL
              AND (SELECT count(*) FROM tasks r WHERE r.execution = e.name AND r.state = 'running') < e.parallelism
            ORDER BY e.number, t.number LIMIT 1"""
        row = self._db.execute(sql).fetchone()
        if row is None:
            return None
        now = time.time()
        with transaction(self._db):
            self._db.execute(
                "UPDATE tasks SET state = 'running', attempts = attempts + 1, started = coalesce(started, ?), updated = ?"
                " WHERE execution = ? AND number = ?",
                (now, now, row["execution"], row["number"]),
            )
            self._db.execute(
                "UPDATE executions SET started = coalesce(started, ?), updated = ? WHERE name = ?",
                (now, now, row["execution"]),
            )
        return self.task(row["execution"], row["number"])

    def finish(self, execution: str, number: int, outcome: Outcome) -> None:
        """End an attempt: the task has succeeded, is tried again, has failed, or was cancelled with its execution."""
        row = self._db.execute("SELECT * FROM executions WHERE name = ?", (execution,)).fetchone()
        if row is None:
            return
        attempts = self.task(execution, number)["attempts"]
        if outcome.succeeded:
            state = "succeeded"
        elif row["cancelled"] is not None:
            state = "cancelled"
        else:
            state = "pending" if attempts <= row["max_retries"] else "failed"
        now = time.time()
        with transaction(self._db):
            self._db.execute(
                "UPDATE tasks SET state = ?, completed = ?, updated = ?, exit_code = ?, term_signal = ?, message = ?"
                " WHERE execution = ? AND number = ?",
                (
                    *(state, None if state == "pending" else now, now),
                    *(outcome.exit_code, outcome.term_signal, outcome.message),
                    *(execution, number),
                ),
            )
            self._complete_if_over(execution, now)

    def _complete_if_over(self, execution: str, now: float) -> None:
        self._db.execute(
            "UPDATE executions SET completed = ?, updated = ? WHERE name = ? AND completed IS NULL AND NOT EXISTS"
            " (SELECT 1 FROM tasks WHERE execution = executions.name AND state IN ('pending', 'running'))",
            (now, now, execution),
        )

    # Operations

    def operation_of(self, execution: str) -> str:
        """A new operation that is done when the execution has completed: its name."""
        return self._operation(execution, execution, None)

    def operation_done(self, resource: str, response: Json) -> str:
        """A new operation that is done: its name."""
        return self._operation(resource, None, json.dumps(response))

    def _operation(self, resource: str, execution: str | None, response: str | None) -> str:
        location = "/".join(resource.split("/")[:4])
        name = f"{location}/operations/{uuid.uuid4()}"
        self._db.execute("INSERT INTO operations VALUES (?, ?, ?, ?)", (name, time.time(), execution, response))
        return name

    def operation(self, name: str) -> sqlite3.Row:
        """An operation: the execution it waits for, or its response. Raises GoogleError NOT_FOUND."""
        return self._one("Operation", "SELECT * FROM operations WHERE name = ?", name)

    def operations(self, parent: str) -> Sequence[sqlite3.Row]:
        """The operations of `projects/P/locations/L`, newest first."""
        sql = "SELECT * FROM operations WHERE name GLOB ? ORDER BY created DESC"
        return self._db.execute(sql, (f"{parent}/operations/*",)).fetchall()

    def delete_operation(self, name: str) -> None:
        """Forget an operation (what it waits for goes on). Raises GoogleError NOT_FOUND."""
        self.operation(name)
        self._db.execute("DELETE FROM operations WHERE name = ?", (name,))
