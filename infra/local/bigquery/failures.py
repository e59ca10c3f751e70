"""DuckDB's errors as BigQuery's."""

import re

import duckdb

from infra.local.bigquery.errors import BigQueryError, invalid_query

_UNKNOWN_COLUMN = re.compile(
    r'(?:Referenced column|Column with name|Table "[^"]*" does not have a column named|Column) "([^"\s]+)"'
)
_UNKNOWN_TABLE = re.compile(r'Referenced table "([^"]+)" not found')
_NOT_NULL = re.compile(r"NOT NULL constraint failed: [^.]+\.(\S+)")
_PREFIX = re.compile(r"^\w[\w ]* Error: ")


def bigquery_error(error: duckdb.Error, sql: str) -> BigQueryError:
    """What the client is told when DuckDB refused the translation of `sql`."""
    text = str(error)
    if isinstance(error, duckdb.InterruptException):
        return BigQueryError(400, "stopped", "Job execution was cancelled: User requested cancellation")
    if isinstance(error, duckdb.OutOfMemoryException):
        return BigQueryError(
            400, "resourcesExceeded", f"Resources exceeded during query execution: {_first_line(text)}"
        )
    if isinstance(error, duckdb.ConstraintException) and (column := _NOT_NULL.search(text)):
        return invalid_query(f"Required field {column[1]} cannot be null")
    if "Division by zero" in text:
        return invalid_query("division by zero")
    if unknown := _UNKNOWN_COLUMN.search(text):
        return invalid_query(f"Unrecognized name: {unknown[1]}{place(unknown[1], sql)}")
    if unknown := _UNKNOWN_TABLE.search(text):
        return invalid_query(f"Unrecognized name: {unknown[1]}{place(unknown[1], sql)}")
    return invalid_query(_first_line(text))


def place(name: str, sql: str) -> str:
    """` at [line:column]` of the first occurrence of a name, or nothing."""
    found = re.search(rf"\b{re.escape(name)}\b", sql, re.IGNORECASE)
    if found is None:
        return ""
    before = sql[: found.start()]
    return f" at [{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}]"


def _first_line(text: str) -> str:
    return _PREFIX.sub("", text.strip().partition("\n")[0])
