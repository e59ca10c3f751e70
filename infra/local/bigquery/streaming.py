"""tabledata.insertAll: rows are committed, with their insert ids, before the answer; a query sees them at once."""

# ruff: noqa: S608 - identifiers are quoted, values are parameters or escaped literals

import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from infra.local.bigquery.buffer import StreamingBuffer
from infra.local.bigquery.catalog import Catalog
from infra.local.bigquery.engine import Engine
from infra.local.bigquery.errors import BigQueryError, invalid
from infra.local.bigquery.rows import RowError, encode_rows, insert_statement, row_validator
from infra.local.bigquery.schema import quoted
from infra.local.bigquery.tables import PARTITION_TIME, TableName

DEDUPLICATION_SECONDS = 120.0
"""How long an insertId is remembered; Google promises about a minute, best effort."""
_MAX_ROWS = 50_000
_STOPPED = {"reason": "stopped", "location": "", "debugInfo": "", "message": ""}


@dataclass
class _Batch:
    """The rows of a request that passed, and what is wrong with the others."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    insert_ids: list[str | None] = field(default_factory=list)
    errors: dict[int, dict[str, str]] = field(default_factory=dict)


class Streamer:
    """Takes insertAll requests; remembers insert ids in memory, and in the project's file across a restart."""

    def __init__(self, engine: Engine, catalog: Catalog, buffer: StreamingBuffer) -> None:
        self._engine = engine
        self._catalog = catalog
        self._buffer = buffer
        self._seen: dict[TableName, dict[str, float]] = {}
        self._loading = threading.Lock()

    def insert(self, name: TableName, request: Mapping[str, Any]) -> dict[str, Any]:
        """The TableDataInsertAllResponse. Raises BigQueryError when nothing of the request can be taken."""
        rows = request.get("rows")
        if not rows:
            raise invalid("No rows present in the request.")
        if len(rows) > _MAX_ROWS:
            raise invalid(f"too many rows present in the request, limit: {_MAX_ROWS} row count: {len(rows)}.")
        suffix = request.get("templateSuffix")
        if suffix:
            name = self._from_template(name, str(suffix))
        table = self._catalog.table(name)
        if table.view_query is not None:
            raise invalid(f"Cannot add rows to a table of type VIEW: {name}")
        if not table.schema:
            raise invalid(f"The destination table {name} has no schema.")
        batch = _Batch()
        check = row_validator(table.schema, ignore_unknown=bool(request.get("ignoreUnknownValues")))
        for index, entry in enumerate(rows):
            _take(batch, index, entry, check)
        if not batch.errors or request.get("skipInvalidRows"):
            self._commit(name, batch)
        else:
            batch.errors = {index: batch.errors.get(index, _STOPPED) for index in range(len(rows))}
        response: dict[str, Any] = {"kind": "bigquery#tableDataInsertAllResponse"}
        if batch.errors:
            response["insertErrors"] = [{"index": i, "errors": [error]} for i, error in sorted(batch.errors.items())]
        return response

    def forget(self) -> None:
        """Drop insert ids past their time, also from the files."""
        horizon = time.time() - DEDUPLICATION_SECONDS
        for project in self._engine.projects():
            if self._engine.is_open(project):
                with self._engine.write(project) as cursor:
                    cursor.execute(f"DELETE FROM {quoted(project)}._kompo.insert_ids WHERE seen_at < ?", [horizon])
        for seen in list(self._seen.values()):
            for insert_id in [key for key, at in list(seen.items()) if at < horizon]:
                seen.pop(insert_id, None)

    def _commit(self, name: TableName, batch: _Batch) -> None:
        seen = self._seen_of(name)
        now = time.time()
        with self._engine.write(name.project) as cursor:
            table = self._catalog.table(name)
            fresh = _fresh(batch, seen, now - DEDUPLICATION_SECONDS)
            if not fresh:
                return
            extra = {PARTITION_TIME: "date_trunc('day', now())"} if table.by_ingestion_time else None
            self._buffer.note(name, cursor)
            statement = insert_statement(name.sql, table.schema, extra)
            cursor.execute(statement, [encode_rows([batch.rows[i] for i in fresh])])
            ids = [insert_id for i in fresh if (insert_id := batch.insert_ids[i]) is not None]
            if ids:
                remembered = f"INSERT INTO {quoted(name.project)}._kompo.insert_ids"
                listed = "SELECT ?, ?, unnest(from_json(?, '[\"VARCHAR\"]')), ?"
                cursor.execute(f"{remembered} {listed}", [name.dataset, name.table, json.dumps(ids), now])
            seen.update(dict.fromkeys(ids, now))

    def _seen_of(self, name: TableName) -> dict[str, float]:
        with self._loading:
            if name not in self._seen:
                sql = f"SELECT id, seen_at FROM {quoted(name.project)}._kompo.insert_ids WHERE dataset = ? AND tbl = ?"
                with self._engine.cursor() as cursor:
                    self._seen[name] = dict(cursor.execute(sql, [name.dataset, name.table]).fetchall())
            return self._seen[name]

    def _from_template(self, name: TableName, suffix: str) -> TableName:
        """The table `name` + `suffix`, made like table `name` if it is not there."""
        template = self._catalog.table(name)
        target = TableName(name.project, name.dataset, name.table + suffix)
        try:
            self._catalog.create_table(type(template).parse(target, template.resource(0)))
        except BigQueryError as error:
            if error.reason != "duplicate":
                raise
        return target


def _take(batch: _Batch, index: int, entry: Any, check: Any) -> None:
    row = entry.get("json") if isinstance(entry, dict) else None
    try:
        if row is None:
            raise RowError("", "Missing row content: json")
        checked = check(row)
    except RowError as error:
        batch.errors[index] = error.proto()
        return
    batch.rows.append(checked)
    insert_id = entry.get("insertId")
    batch.insert_ids.append(str(insert_id) if insert_id else None)


def _fresh(batch: _Batch, seen: Mapping[str, float], horizon: float) -> Sequence[int]:
    """Positions of rows whose insertId is new, the first of equal ones."""
    fresh: list[int] = []
    here: set[str] = set()
    for position, insert_id in enumerate(batch.insert_ids):
        if insert_id is not None:
            if insert_id in here or seen.get(insert_id, 0.0) > horizon:
                continue
            here.add(insert_id)
        fresh.append(position)
    return fresh
