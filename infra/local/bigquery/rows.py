"""Rows that come as JSON (insertAll, NDJSON loads, CSV fields): each value checked against its column and put into DuckDB.

A validator turns a value into the JSON that DuckDB's `from_json` reads for the column's type; BYTES stay base64 until the
INSERT decodes them.
"""

# ruff: noqa: S608 - identifiers are quoted, values are parameters or escaped literals

import base64
import binascii
import datetime
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from infra.local.bigquery.schema import Field, Schema, quoted

Validator = Callable[[Any], Any]
_INT64 = 1 << 63
_NUMERIC_STEP, _NUMERIC_BOUND, _NUMERIC_DIGITS = Decimal("1e-9"), Decimal(10) ** 29, Context(prec=60)
_FRACTION = re.compile(r"(\.\d{6})\d+")
_INTEGER = re.compile(r"^[+-]?\d+$")
_SPECIAL_FLOATS = {
    "nan": "NaN",
    "inf": "Infinity",
    "infinity": "Infinity",
    "-inf": "-Infinity",
    "-infinity": "-Infinity",
}


class RowError(ValueError):
    """A value that its column does not take; `location` is the path of the column."""

    def __init__(self, location: str, message: str) -> None:
        super().__init__(message)
        self.location = location

    def proto(self) -> dict[str, str]:
        """As it stands in insertErrors."""
        return {"reason": "invalid", "location": self.location, "debugInfo": "", "message": str(self)}


def row_validator(schema: Schema, *, ignore_unknown: bool = False) -> Callable[[Any], dict[str, Any]]:
    """A function that checks a row and gives what `insert_statement` takes. It raises RowError for the first bad value."""
    return _record("", schema, ignore_unknown)


def insert_statement(target: str, schema: Schema, extra: Mapping[str, str] | None = None) -> str:
    """INSERT of a JSON array of validated rows, given as the only parameter. `extra` adds columns given as SQL."""
    structure = json.dumps([{field.name: _structure(field) for field in schema}]).replace("'", "''")
    columns = [quoted(field.name) for field in schema]
    values = [_decoded(field, f"r.{quoted(field.name)}") for field in schema]
    for name, sql in (extra or {}).items():
        columns.append(quoted(name))
        values.append(sql)
    rows = f"SELECT unnest(from_json_strict(?, '{structure}')) AS r"
    return f"INSERT INTO {target} ({', '.join(columns)}) SELECT {', '.join(values)} FROM ({rows})"


def select_rows(path: Path, schema: Schema) -> str:
    """A query of a file of validated rows, one JSON object a line."""
    columns = ", ".join(f"{quoted(field.name)}: '{_file_type(field)}'" for field in schema)
    values = ", ".join(f"{_decoded(field, f'r.{quoted(field.name)}')} AS {quoted(field.name)}" for field in schema)
    name = str(path).replace("'", "''")
    return f"SELECT {values} FROM read_json('{name}', format = 'newline_delimited', columns = {{{columns}}}) AS r"


def _file_type(field: Field) -> str:
    """The type that a value is read as, before it is decoded."""
    if field.type == "RECORD":
        scalar = "STRUCT(" + ", ".join(f"{quoted(child.name)} {_file_type(child)}" for child in field.fields) + ")"
    else:
        scalar = "VARCHAR" if field.type in ("BYTES", "INTERVAL") else field.item.physical()
    return (scalar + ("[]" if field.repeated else "")).replace("'", "''")


def _structure(field: Field) -> Any:
    if field.type == "RECORD":
        scalar: Any = {child.name: _structure(child) for child in field.fields}
    else:
        scalar = "VARCHAR" if field.type in ("BYTES", "INTERVAL") else field.item.physical()
    return [scalar] if field.repeated else scalar


def _decoded(field: Field, sql: str) -> str:
    if not _has_bytes(field):
        return sql
    if field.repeated:
        variable = quoted(f"item of {field.name}")
        return f"list_transform({sql}, lambda {variable}: {_decoded(field.item, variable)})"
    if field.type == "BYTES":
        return f"from_base64({sql})"
    if field.type == "INTERVAL":
        return f"CAST({sql} AS INTERVAL)"
    inner = ", ".join(
        f"{quoted(child.name)} := {_decoded(child, f'({sql}).{quoted(child.name)}')}" for child in field.fields
    )
    return f"CASE WHEN {sql} IS NOT NULL THEN struct_pack({inner}) END"


def _has_bytes(field: Field) -> bool:
    return field.type in ("BYTES", "INTERVAL") or any(_has_bytes(child) for child in field.fields)


def _record(prefix: str, schema: Schema, ignore_unknown: bool) -> Callable[[Any], dict[str, Any]]:
    fields = [(field.name, _field(prefix, field, ignore_unknown)) for field in schema]
    known = {field.name.lower(): field.name for field in schema}

    def check(row: Any) -> dict[str, Any]:
        if not isinstance(row, dict):
            raise RowError(prefix.rstrip("."), f"This field: {prefix.rstrip('.')} is not a record.")
        for name in row:
            if not ignore_unknown and name.lower() not in known:
                raise RowError(f"{prefix}{name}", f"no such field: {prefix}{name}.")
        if any(name not in known.values() for name in row):
            row = {known.get(name.lower(), name): value for name, value in row.items()}
        return {name: check_field(row.get(name)) for name, check_field in fields}

    return check


def _field(prefix: str, field: Field, ignore_unknown: bool) -> Validator:
    path = f"{prefix}{field.name}"
    one: Validator = (
        _record(f"{path}.", field.fields, ignore_unknown) if field.type == "RECORD" else _scalar(path, field.type)
    )
    if field.mode == "REQUIRED":

        def required(value: Any) -> Any:
            if value is None:
                raise RowError(path, f"Missing required field: {path}.")
            return one(value)

        return required
    if not field.repeated:
        return lambda value: None if value is None else one(value)

    def repeated(values: Any) -> list[Any]:
        if values is None:
            return []
        if not isinstance(values, list):
            raise RowError(path, f"Array specified for non-repeated field or the reverse: {path}.")
        if any(value is None for value in values):
            raise RowError(path, f"Only optional fields can be set to NULL. Field: {path}; Value: NULL")
        return [one(value) for value in values]

    return repeated


def _scalar(path: str, type_name: str) -> Validator:
    convert = _CONVERTERS[type_name]

    def check(value: Any) -> Any:
        try:
            if isinstance(value, list):
                raise RowError(path, f"Array specified for non-repeated field: {path}.")
            if isinstance(value, dict):
                raise RowError(path, f"This field: {path} is not a record.")
            return convert(value)
        except (ValueError, TypeError, AttributeError, OverflowError, InvalidOperation, binascii.Error) as error:
            if isinstance(error, RowError):
                raise
            raise RowError(path, f"Cannot convert value to {type_name.lower()} (bad value): {value}") from error

    return check


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _integer(value: Any) -> int:
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, str) and not _INTEGER.match(value):
        raise ValueError(value)
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(value)
    number = int(value)
    if not -_INT64 <= number < _INT64:
        raise OverflowError(value)
    return number


def _float(value: Any) -> float | str:
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, str) and value.lower() in _SPECIAL_FLOATS:
        return _SPECIAL_FLOATS[value.lower()]
    number = float(value)
    return number if math.isfinite(number) else _SPECIAL_FLOATS[str(number)]


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "t", "1", "false", "f", "0"):
        return value.lower() in ("true", "t", "1")
    raise ValueError(value)


def _instant(value: str) -> datetime.datetime:
    text = value.strip()
    if text.upper().endswith("UTC"):
        text = text[:-3].rstrip() + "Z"
    return datetime.datetime.fromisoformat(_FRACTION.sub(r"\1", text))


def _timestamp(value: Any) -> str:
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, int | float) or _is_number(value):
        micros = round(Decimal(str(value)) * 1_000_000)
        instant = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(microseconds=micros)
    else:
        instant = _instant(value)
    return (instant if instant.tzinfo else instant.replace(tzinfo=datetime.UTC)).isoformat()


def _is_number(value: str) -> bool:
    return bool(re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", value)) and not re.fullmatch(r"\d{4}|\d{8}", value)


def _datetime(value: Any) -> str:
    instant = datetime.datetime.fromisoformat(_FRACTION.sub(r"\1", value.strip()))
    if instant.tzinfo is not None:
        raise ValueError(value)
    return instant.isoformat()


def _numeric(value: Any) -> str:
    if isinstance(value, bool):
        raise ValueError(value)
    number = Decimal(str(value))
    exact = number.quantize(_NUMERIC_STEP, context=_NUMERIC_DIGITS)
    if not number.is_finite() or exact != number or abs(number) >= _NUMERIC_BOUND:
        raise ValueError(value)
    return format(exact, "f")


def _bytes(value: Any) -> str:
    return base64.b64encode(base64.b64decode(value, validate=True)).decode()


_CONVERTERS: Mapping[str, Validator] = {
    "STRING": _string,
    "BYTES": _bytes,
    "INTEGER": _integer,
    "FLOAT": _float,
    "BOOLEAN": _boolean,
    "TIMESTAMP": _timestamp,
    "DATE": lambda value: datetime.date.fromisoformat(value).isoformat(),
    "TIME": lambda value: datetime.time.fromisoformat(_FRACTION.sub(r"\1", value)).isoformat(),
    "DATETIME": _datetime,
    "NUMERIC": _numeric,
    "JSON": lambda value: json.loads(value) if isinstance(value, str) else value,
    "INTERVAL": _string,
}


def encode_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """The parameter of `insert_statement`."""
    return json.dumps(rows, separators=(",", ":"))
