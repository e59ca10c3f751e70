"""Results: the rows that answer a query, by column name.

How a cell is read is told by its column once; BigQuery's own rows find it out for each cell, which of thousands takes longer than
the query. Columns of rarer types, and repeated ones, are left to them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from google.cloud.bigquery import SchemaField
    from google.cloud.bigquery.table import RowIterator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rows_of(answer: "RowIterator") -> list[dict[str, Any]]:
    """All rows of an answer that nothing is read of yet; what of them is not on its first page is asked for."""
    if any(_kind(field) not in _READERS for field in answer.schema):
        return [dict(row.items()) for row in answer]
    columns = [(field.name, _READERS[_kind(field)]) for field in answer.schema]

    def read(_: "RowIterator", row: dict[str, Any]) -> dict[str, Any]:
        cells = zip(columns, row["f"], strict=True)
        return {name: None if cell["v"] is None else reader(cell["v"]) for (name, reader), cell in cells}

    answer.item_to_value = read
    return list(answer)


def _kind(field: "SchemaField") -> str:
    """The type of the cells."""
    return field.mode if field.mode == "REPEATED" else field.field_type


def _moment(microseconds: str) -> datetime:
    return _EPOCH + timedelta(microseconds=int(microseconds))


_READERS: dict[str, Callable[[str], Any]] = {
    "STRING": str,
    "INTEGER": int,
    "FLOAT": float,
    "BOOLEAN": "true".__eq__,
    "TIMESTAMP": _moment,
}
