"""The journal of jobs: what was asked and what came of it, so that a job which was acknowledged is there after a kill."""

import json
import logging
import pickle
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from infra.local.bigquery.errors import BigQueryError
from infra.local.bigquery.queries import QueryResult
from infra.local.sqlite import Database

log = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    project TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, result BLOB, PRIMARY KEY (project, id));
"""
_KEPT_ROWS = 200_000
"""A result with more rows than this is not kept across a restart."""


class Journal:
    """Keeps jobs in a database of its own; what a call has written is on disk when it returns."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA)

    def begin(self, project: str, job_id: str, body: Mapping[str, Any]) -> None:
        """Keep a job that has not ended; one that has meanwhile stays as it ended. Raises sqlite3.Error."""
        sql = "INSERT OR IGNORE INTO jobs (project, id, body) VALUES (?, ?, ?)"
        self._database.run_now(lambda connection: connection.execute(sql, (project, job_id, json.dumps(body))))

    def end(self, project: str, job_id: str, body: Mapping[str, Any], result: QueryResult | None) -> None:
        """Keep how it ended. A disk that is full loses the entry, not the job: its work is done by now."""
        kept = pickle.dumps(result) if result is not None and len(result.rows) <= _KEPT_ROWS else None
        sql = "INSERT OR REPLACE INTO jobs (project, id, body, result) VALUES (?, ?, ?, ?)"
        try:
            self._database.run_now(
                lambda connection: connection.execute(sql, (project, job_id, json.dumps(body), kept))
            )
        except sqlite3.Error:
            log.exception("job %s:%s will not be known after a restart", project, job_id)

    def forget(self, jobs: Sequence[tuple[str, str]]) -> None:
        """Drop these (project, id). Raises sqlite3.Error."""
        sql = "DELETE FROM jobs WHERE project = ? AND id = ?"
        self._database.run_now(lambda connection: connection.executemany(sql, jobs))

    def load(self) -> list[tuple[str, str, dict[str, Any]]]:
        """(project, id, body) of all, in the order in which they were written."""
        sql = "SELECT project, id, body FROM jobs ORDER BY rowid"
        rows = self._database.run_now(lambda connection: connection.execute(sql).fetchall())
        return [(row["project"], row["id"], json.loads(row["body"])) for row in rows]

    def result(self, project: str, job_id: str) -> QueryResult:
        """What a query gave before the restart. Raises notFound when it was not kept, or by another version of this server."""
        sql = "SELECT result FROM jobs WHERE project = ? AND id = ?"
        row = self._database.run_now(lambda connection: connection.execute(sql, (project, job_id)).fetchone())
        try:
            found = pickle.loads(row["result"]) if row is not None and row["result"] is not None else None  # noqa: S301 - our own file
        except (pickle.UnpicklingError, AttributeError, ImportError) as error:
            log.warning("the result of job %s:%s cannot be read: %s", project, job_id, error)
            found = None
        if not isinstance(found, QueryResult):
            raise BigQueryError(404, "notFound", f"Not found: the rows of job {project}:{job_id} have expired")
        return found

    def close(self) -> None:
        """Fold the log into the file."""
        self._database.close()
