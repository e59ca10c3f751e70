"""Files to rows: NDJSON, CSV and Parquet as a DuckDB query whose columns are those of a schema."""

# ruff: noqa: S608 - identifiers are quoted, values are parameters or escaped literals

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from infra.local.bigquery.cells import result_schema
from infra.local.bigquery.engine import Engine
from infra.local.bigquery.errors import BigQueryError, invalid
from infra.local.bigquery.rows import RowError, row_validator, select_rows
from infra.local.bigquery.schema import Field, Schema

_FORMATS = ("NEWLINE_DELIMITED_JSON", "CSV", "PARQUET")


@dataclass
class Loaded:
    """A DuckDB query of the good rows, their columns, and what was wrong with the others."""

    sql: str
    schema: Schema
    bad: list[dict[str, str]] = field(default_factory=list)


def read_files(
    engine: Engine, paths: Sequence[Path], configuration: Mapping[str, Any], schema: Schema | None, scratch: Path
) -> Loaded:
    """The rows of `paths` by a JobConfigurationLoad; `schema` is what is known of them, else it is detected.

    Raises `invalid` when more rows than maxBadRecords are wrong."""
    source = str(configuration.get("sourceFormat") or "CSV")
    if source not in _FORMATS:
        raise invalid(f"The source format {source} is not supported by the local server", "sourceFormat")
    if source == "PARQUET":
        return _parquet(engine, paths)
    known = schema or _detected(engine, paths, source, configuration)
    records = _json_records if source == "NEWLINE_DELIMITED_JSON" else _csv_reader(known, configuration)
    check = row_validator(known, ignore_unknown=bool(configuration.get("ignoreUnknownValues")))
    allowed = int(configuration.get("maxBadRecords") or 0)
    bad: list[dict[str, str]] = []
    good = scratch / "rows.ndjson"
    with good.open("w") as out:
        for path in paths:
            for number, record in enumerate(records(path), 1):
                try:
                    out.write(json.dumps(check(_parsed(record))) + "\n")
                except RowError as error:
                    bad.append({"reason": "invalid", "message": f"Error while reading data, row {number}: {error}"})
                    if len(bad) > allowed:
                        raise invalid(f"Error while reading data, error message: row {number}: {error}") from error
    return Loaded(select_rows(good, known), known, bad)


def _parsed(record: Any) -> Any:
    if not isinstance(record, str):
        return record
    try:
        return json.loads(record)
    except ValueError as error:
        raise RowError("", f"JSON table encountered too many errors: {error}") from error


def _json_records(path: Path) -> Iterator[str]:
    with _opened(path) as file:
        yield from (line for line in io.TextIOWrapper(file, "utf-8") if line.strip())


def _csv_reader(schema: Schema, configuration: Mapping[str, Any]) -> Callable[[Path], Iterator[dict[str, Any]]]:
    null_marker = str(configuration.get("nullMarker") or "")
    quote = configuration.get("quote", '"')
    skipped = int(configuration.get("skipLeadingRows") or 0)
    encoding = str(configuration.get("encoding") or "UTF-8")
    jagged = bool(configuration.get("allowJaggedRows"))

    def read(path: Path) -> Iterator[dict[str, Any]]:
        with _opened(path) as file:
            text = io.TextIOWrapper(file, encoding, newline="")
            delimiter = str(configuration.get("fieldDelimiter") or ",").replace("\\t", "\t").replace("tab", "\t")
            reader = csv.reader(
                text,
                delimiter=delimiter,
                quotechar=quote or None,
                quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            )
            for number, cells in enumerate(reader):
                if number >= skipped and cells:
                    yield _csv_row(schema, cells, null_marker, jagged)

    return read


def _csv_row(schema: Schema, cells: Sequence[str], null_marker: str, jagged: bool) -> dict[str, Any]:
    if len(cells) > len(schema) or (len(cells) < len(schema) and not jagged):
        # A name that no schema has: the validator refuses the row, in its place.
        return {f"{len(cells)} columns instead of {len(schema)}": None}
    row: dict[str, Any] = {}
    for column, cell in zip(schema, cells, strict=False):
        empty = cell == "" and column.type not in ("STRING", "BYTES")
        row[column.name] = None if empty or (null_marker and cell == null_marker) else cell
    return row


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if zipped else path.open("rb")  # type: ignore[return-value]


def _parquet(engine: Engine, paths: Sequence[Path]) -> Loaded:
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    sql = f"SELECT * FROM read_parquet([{listed}])"
    return Loaded(sql, _columns(engine, sql))


def _detected(engine: Engine, paths: Sequence[Path], source: str, configuration: Mapping[str, Any]) -> Schema:
    if not configuration.get("autodetect"):
        raise invalid("No schema specified on job or table.", "schema")
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    if source == "CSV":
        delimiter = str(configuration.get("fieldDelimiter") or ",")
        sql = f"SELECT * FROM read_csv([{listed}], delim = '{delimiter}', header = true, auto_detect = true)"
    else:
        sql = f"SELECT * FROM read_json([{listed}], format = 'newline_delimited', auto_detect = true)"
    return tuple(_as_detected(column) for column in _columns(engine, sql))


def _as_detected(column: Field) -> Field:
    """A moment without a zone is a TIMESTAMP to BigQuery's detection."""
    return Field(column.name, "TIMESTAMP", column.mode) if column.type == "DATETIME" else column


def _columns(engine: Engine, sql: str) -> Schema:
    with engine.cursor() as cursor:
        try:
            return result_schema(cursor.execute(f"{sql} LIMIT 0").description)
        except Exception as error:
            if isinstance(error, BigQueryError):
                raise
            raise invalid(f"Error while reading data, error message: {error}") from error
