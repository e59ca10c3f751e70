"""Loading: a history into BigQuery's `events`, by load jobs, as if it had been taken in event by event."""

import json
import tempfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from demo.history.session import Event
from shared.core.clients import bigquery_client
from shared.core.clock import now
from shared.core.settings import settings
from shared.events.privacy import user_key

Key = tuple[str, str] | tuple[None, None]
"""A user's hash, and the version of the salt that it was made with: today's for the whole history."""

_CHUNK = 250_000
"""Rows in a load job."""
_TIMEOUT = 300.0
_PARAMETERS = json.JSONEncoder(separators=(",", ":"), sort_keys=True)
_LINE = json.JSONEncoder(separators=(",", ":"))
_TABLE = "events"
_SCHEMA = Path(__file__).parents[2] / "infra" / "bigquery" / "events.json"
_TYPES = {"STRING": "VARCHAR", "TIMESTAMP": "TIMESTAMPTZ", "INTEGER": "BIGINT", "FLOAT": "DOUBLE", "BOOLEAN": "BOOLEAN"}
_COLUMNS = {
    "inputFormat": "input_format",
    "outputFormat": "output_format",
    "sourceFileType": "source_file_type",
    "fileSize": "file_size",
    "fileSizeCategory": "file_size_category",
    "outputSize": "output_size",
    "processingTime": "processing_time",
    "errorCode": "error_code",
    "errorMessage": "error_message",
    "cpuUsage": "cpu_usage",
    "memoryUsage": "memory_usage",
    "gpuUsage": "gpu_usage",
    "qualityScore": "quality_score",
    "costUsd": "cost_usd",
    "revenueUsd": "revenue_usd",
    "workflowType": "workflow_type",
    "workflowId": "workflow_id",
    "sequencePosition": "sequence_position",
    "batchSize": "batch_size",
    "sessionId": "session_id",
}


def load(history: Iterable[tuple[str, Event]]) -> int:
    """Append the events of a history to the table. How many there were."""
    at, keys = now(), dict[str, Key]()
    rows = (to_row(keys.get(user) or keys.setdefault(user, user_key(user, at)), event) for user, event in history)
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        while chunk := list(islice(rows, _CHUNK)):
            _append(chunk, Path(folder))
            count += len(chunk)
    return count


def to_row(key: Key, event: Event) -> dict[str, Any]:
    """The row that the intake makes of an event that arrives at once."""
    occurred = event["timestamp"]
    row: dict[str, Any] = {
        "event_id": event["eventId"],
        "occurred_at": occurred,
        "received_at": occurred,
        "schema_version": "1",
        "user_id": key[0],
        "salt_version": key[1],
        "platform": event["platform"],
        "event_type": event["eventType"],
    }
    for part in ("operation", "metrics", "generation", "business", "context"):
        if part in event:
            row[part] = {_COLUMNS.get(name, name): value for name, value in event[part].items()}
    if operation := row.get("operation"):
        row["operation_type"] = operation.pop("type")
        operation["parameters"] = _PARAMETERS.encode(operation["parameters"])
    return row


def _append(rows: list[dict[str, Any]], folder: Path) -> None:
    from google.cloud import bigquery

    client = bigquery_client()
    table = f"{client.project}.{settings().dataset}.{_TABLE}"
    config = bigquery.LoadJobConfig(write_disposition="WRITE_APPEND", source_format="PARQUET")
    with _parquet(rows, folder).open("rb") as file:
        client.load_table_from_file(file, table, job_config=config).result(timeout=_TIMEOUT)


def _parquet(rows: list[dict[str, Any]], folder: Path) -> Path:
    """The rows in the format that BigQuery reads fastest, with the columns that the table is declared to have."""
    import duckdb

    lines, packed = folder / "rows.ndjson", folder / "rows.parquet"
    with lines.open("w") as file:
        file.writelines(_LINE.encode(row) + "\n" for row in rows)
    columns = ", ".join(f"{field['name']}: '{_type(field)}'" for field in json.loads(_SCHEMA.read_text()))
    read = f"read_json('{lines}', format = 'newline_delimited', columns = {{{columns}}})"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT * FROM {read}) TO '{packed}' (FORMAT parquet)")
    return packed


def _type(field: dict[str, Any]) -> str:
    """The type of a declared column as DuckDB names it."""
    if field["type"] == "RECORD":
        fields = ", ".join(f"{each['name']} {_type(each)}" for each in field["fields"])
        return f"STRUCT({fields})"
    return _TYPES[field["type"]]
