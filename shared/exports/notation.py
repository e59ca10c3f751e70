"""JSON: `{"title", "columns": [{"name", "title", "kind"}], "rows": [{name: value}], "note"}`, streamed."""

import json
import math
from collections.abc import Iterator
from datetime import date, datetime

from shared.exports.figures import Figure
from shared.exports.table import Cell, Table

_CHUNK = 64 * 1024


def json_chunks(table: Table) -> Iterator[bytes]:
    """The table in pieces of about 64 KiB: together one JSON object. Holds one piece in memory.

    Times are ISO 8601 with their offset; NaN and the infinities, which JSON has not, are null."""
    columns = [{"name": column.name, "title": column.title, "kind": column.kind.value} for column in table.columns]
    names = [column.name for column in table.columns]
    held = [f'{{"title": {_dump(table.title)}, "columns": {_dump(columns)}, "rows": [']
    size = 0
    for number, row in enumerate(table.checked()):
        text = _dump(dict(zip(names, map(_value, row), strict=True)))
        held.append(f"{',' if number else ''}\n{text}")
        size += len(text)
        if size >= _CHUNK:
            yield "".join(held).encode()
            held, size = [], 0
    held.append(f'\n], "note": {_dump(table.note)}}}\n')
    yield "".join(held).encode()


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _value(cell: Cell) -> str | int | float | bool | None:
    if isinstance(cell, Figure):
        return _value(cell.value)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
