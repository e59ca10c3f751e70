"""CSV as RFC 4180 has it: CRLF, quotes where needed, UTF-8; streamed, and safe to open in a spreadsheet."""

import csv
import io
import math
from collections.abc import Iterator
from datetime import date, datetime

from shared.exports.figures import Figure
from shared.exports.table import Cell, Table

_CHUNK = 64 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Text that starts so would be run as a formula by a spreadsheet; an apostrophe before it makes it text."""


def csv_chunks(table: Table) -> Iterator[bytes]:
    """The table in pieces of about 64 KiB, header first. Holds one piece in memory.

    Times are ISO 8601 with their offset, flags `true` and `false`, numbers unrounded; NaN and what is not there are empty."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([_text(column.name) for column in table.columns])
    for row in table.checked():
        writer.writerow([_cell(cell) for cell in row])
        if buffer.tell() >= _CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _cell(cell: Cell) -> str | int | float:
    if isinstance(cell, Figure):
        return _cell(cell.value)
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return _text(cell) if isinstance(cell, str) else cell


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
