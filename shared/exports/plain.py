"""Plain text: a document for who reads no HTML. It has every figure that the page has; of pictures, what they show."""

from collections.abc import Iterator, Sequence

from shared.exports.document import Beside, Block, Bullets, Document, Heading, Paragraph, Tile, Tiles
from shared.exports.figures import Kind, written
from shared.exports.table import Column, Row, Table


def write_plain(document: Document, *, most_rows: int = 200) -> str:
    """The document as text. Of a table the first `most_rows` rows are there, as in a letter of HTML."""
    head = "\n".join(line for line in (document.title, document.subtitle) if line)
    blocks = ("\n".join(_lines(block, most_rows)) for block in document.blocks)
    return "\n\n".join(part for part in (head, *blocks, document.origin) if part) + "\n"


def _lines(block: Block, most_rows: int) -> Iterator[str]:
    if isinstance(block, Heading):
        yield from (block.text, "-" * len(block.text))
    elif isinstance(block, Paragraph):
        yield block.text
    elif isinstance(block, Bullets):
        for number, (text, note) in enumerate(block.items, start=1):
            yield f"{f'{number}.' if block.numbered else '-'} {text}{f' {note}' if note else ''}"
    elif isinstance(block, Tiles):
        yield from map(_tile, block.tiles)
    elif isinstance(block, Table):
        yield from _table(block, most_rows)
    elif isinstance(block, Beside):
        yield from (f"[{chart.described}]" for chart in (block.left, block.right))
    else:
        yield f"[{block.described}]"


def _tile(tile: Tile) -> str:
    rest = "; ".join(part for part in (tile.change, tile.target) if part)
    return f"{tile.title}: {tile.value}{f' ({rest})' if rest else ''}"


def _table(table: Table, most_rows: int) -> Iterator[str]:
    """Its rows under its headings, in columns that are as wide as what they hold."""
    rows = [[column.heading for column in table.columns]]
    left = 0
    for number, row in enumerate(table.checked()):
        if number < most_rows:
            rows.append(_cells(table.columns, row))
        else:
            left += 1
    widths = [max(len(row[place]) for row in rows) for place in range(len(table.columns))]
    for row in rows:
        cells = (
            text.rjust(width) if column.kind.numeric else text.ljust(width)
            for column, text, width in zip(table.columns, row, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()
    if left:
        yield f"{left:,} more rows are in the attached files."
    if table.note:
        yield table.note


def _cells(columns: Sequence[Column], row: Row) -> list[str]:
    return [
        written(cell, column.kind, column.tzinfo if column.kind is Kind.TIME else None).replace("\n", " ")
        for column, cell in zip(columns, row, strict=True)
    ]
