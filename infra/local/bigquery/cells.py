"""Result cells: the schema that a DuckDB result has in BigQuery's terms, and its values as the REST API writes them."""

import base64
import datetime
import decimal
import math
from collections.abc import Callable, Sequence
from typing import Any

from infra.local.bigquery.errors import invalid_query
from infra.local.bigquery.schema import Field, Schema

_TYPES = {
    "varchar": "STRING",
    "enum": "STRING",
    "uuid": "STRING",
    "blob": "BYTES",
    "boolean": "BOOLEAN",
    "double": "FLOAT",
    "float": "FLOAT",
    "decimal": "NUMERIC",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "DATETIME",
    "timestamp with time zone": "TIMESTAMP",
    "interval": "INTERVAL",
    "sqlnull": "INTEGER",
    "null": "INTEGER",
    '"null"': "INTEGER",
}
_INTEGERS = {
    "bigint",
    "hugeint",
    "integer",
    "smallint",
    "tinyint",
    "ubigint",
    "uinteger",
    "usmallint",
    "utinyint",
    "uhugeint",
}
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)
_INT64 = 1 << 63


def result_schema(description: Sequence[tuple[Any, ...]]) -> Schema:
    """The columns of a result, from the cursor's description."""
    return tuple(_field(str(column[0]), column[1]) for column in description)


def _field(name: str, duck: Any) -> Field:
    kind = str(duck.id)
    if kind in ("list", "array"):
        item = _field(name, duck.children[0][1])
        if item.repeated:
            raise invalid_query("Cannot return an array of arrays; wrap the inner array in a STRUCT")
        return Field(name, item.type, "REPEATED", item.fields)
    if kind in ("struct", "tuple"):
        children = tuple(
            _field(str(child) or f"_field_{n}", inner) for n, (child, inner) in enumerate(duck.children, 1)
        )
        return Field(name, "RECORD", fields=children)
    if str(duck) == "JSON":
        return Field(name, "JSON")
    if kind in _INTEGERS:
        return Field(name, "INTEGER")
    if kind not in _TYPES:
        raise invalid_query(f"Column {name} has type {duck}, which BigQuery does not have")
    return Field(name, _TYPES[kind])


def rows_encoder(schema: Schema, *, int64_timestamps: bool) -> Callable[[Sequence[Any]], dict[str, Any]]:
    """A function that turns a fetched row into `{"f": [{"v": …}, …]}`.

    Timestamps are microseconds since the epoch with `int64_timestamps`, else seconds with a fraction."""
    encoders = [_encoder(field, int64_timestamps) for field in schema]

    def encode(row: Sequence[Any]) -> dict[str, Any]:
        return {"f": [{"v": one(value)} for one, value in zip(encoders, row, strict=True)]}

    return encode


def _encoder(field: Field, int64_timestamps: bool) -> Callable[[Any], Any]:
    if field.repeated:
        item = _encoder(field.item, int64_timestamps)
        return lambda values: [{"v": item(value)} for value in values or ()]
    if field.type == "RECORD":
        inner = rows_encoder(field.fields, int64_timestamps=int64_timestamps)
        # DuckDB gives a struct without names as a tuple.
        return lambda value: (
            None if value is None else inner(list(value.values() if isinstance(value, dict) else value))
        )
    if field.type == "TIMESTAMP":
        scalar: Callable[[Any], str] = micros if int64_timestamps else _seconds
    else:
        scalar = _SCALARS.get(field.type, str)
    return lambda value: None if value is None else scalar(value)


def micros(value: datetime.datetime) -> str:
    """Microseconds since the epoch."""
    return str((value - _EPOCH) // _MICROSECOND)


def _seconds(value: datetime.datetime) -> str:
    whole, fraction = divmod((value - _EPOCH) // _MICROSECOND, 1_000_000)
    return f"{whole}.{fraction:06d}"


def _integer(value: int) -> str:
    if not -_INT64 <= value < _INT64:
        raise invalid_query(f"int64 overflow: {value}")
    return str(value)


def _float(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value)


def _numeric(value: decimal.Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_SCALARS: dict[str, Callable[[Any], str]] = {
    "INTEGER": _integer,
    "FLOAT": _float,
    "BOOLEAN": lambda value: "true" if value else "false",
    "BYTES": lambda value: base64.b64encode(value).decode(),
    "DATE": lambda value: value.isoformat(),
    "TIME": lambda value: value.isoformat(),
    "DATETIME": lambda value: value.isoformat(),
    "NUMERIC": _numeric,
}
