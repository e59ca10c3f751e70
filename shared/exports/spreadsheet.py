"""XLSX: a sheet of text, a sheet a table, a sheet of charts that Excel draws itself from numbers beside them.

Rows go to disk as they are written (XlsxWriter's constant memory): a million take no more of it than ten.
"""

import itertools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any

from shared.exports.document import Bullets, Document, Heading, Paragraph, Tiles
from shared.exports.figures import Figure, Kind, written
from shared.exports.plotting import ChartSheets
from shared.exports.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MAX_ROWS = 1_048_575
"""Rows under the header that a sheet can hold; a longer table goes on in a further one."""
_LONGEST_TEXT = 32_767
_LOOKED_AT = 200
"""Rows that the widths of columns are taken from."""
_WIDEST, _NARROWEST = 60, 8
FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.NUMBER: "#,##0.00",
    Kind.RATIO: "0.00%",
    Kind.PERCENT: '0.0" %"',
    Kind.POINTS: "+0.00%;-0.00%;0.00%",
    Kind.SECONDS: '#,##0.00" s"',
    Kind.USD: "[$$-409]#,##0.00",
    Kind.MEGABYTES: '#,##0.0" MB"',
    Kind.TIME: "yyyy-mm-dd hh:mm:ss",
    Kind.DATE: "yyyy-mm-dd",
}
"""How Excel shows each kind: real numbers and dates, never text that looks like them."""


def write_xlsx(document: Document, stream: IO[bytes]) -> None:
    """Write the document as a workbook to `stream`, which must be able to seek. Raises InvalidTable."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": document.title, "subject": document.subtitle, "comments": document.origin})
        names = _Names()
        styles = _Styles(book)
        _write_text(book, names, styles, document)
        for table in document.tables():
            _write_table(book, names, styles, table)
        if charts := document.charts():
            ChartSheets(book, names("Charts"), names("Chart data")).write(charts)


class _Names:
    """Names of sheets as Excel takes them: 31 characters at most, none of []:*?/\\, each once whatever its case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def __call__(self, wanted: str) -> str:
        base = re.sub(r"[\[\]:*?/\\]", " ", wanted).strip("' ")[:31] or "Sheet"
        for number in itertools.count(1):
            ending = "" if number == 1 else f" {number}"
            name = base[: 31 - len(ending)] + ending
            if name.casefold() not in self._taken:
                self._taken.add(name.casefold())
                return name
        raise AssertionError


class _Styles:
    """The formats of one workbook."""

    def __init__(self, book: "Workbook") -> None:
        font = {"font_name": "Calibri", "font_size": 11}
        self.title: Format = book.add_format({**font, "bold": True, "font_size": 18})
        self.heading: Format = book.add_format(
            {**font, "bold": True, "font_size": 13, "top": 1, "top_color": "#c9d0d6"}
        )
        self.text: Format = book.add_format({**font, "text_wrap": True, "valign": "top"})
        self.quiet: Format = book.add_format({**font, "text_wrap": True, "valign": "top", "font_color": "#5d6975"})
        self.header: Format = book.add_format(
            {**font, "bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 2, "bg_color": "#eef2f5"}
        )
        self.cells = {kind: book.add_format({**font, "num_format": code}) for kind, code in FORMATS.items()}
        self.changes = {
            kind: book.add_format({**font, "num_format": _with_sign(code)}) for kind, code in FORMATS.items()
        }


def _with_sign(code: str) -> str:
    """The format for changes: `+` before what is above zero. One that has several parts already has signs."""
    return code if ";" in code else f"+{code};-{code};{code}"


def _write_text(book: "Workbook", names: _Names, styles: _Styles, document: Document) -> None:
    """The first sheet: what there is to read, one sentence a row."""
    sheet = book.add_worksheet(names(document.title))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 100)
    sheet.set_column(1, 1, 60)
    lines = [(document.title, "", styles.title), (document.subtitle, "", styles.quiet), *_lines(document, styles)]
    for number, (text, note, style) in enumerate([*lines, ("", "", styles.quiet), (document.origin, "", styles.quiet)]):
        sheet.write_string(number, 0, text[:_LONGEST_TEXT], style)
        if note:
            sheet.write_string(number, 1, note[:_LONGEST_TEXT], styles.quiet)


def _lines(document: Document, styles: _Styles) -> Iterator[tuple[str, str, "Format"]]:
    for block in document.blocks:
        if isinstance(block, Heading):
            yield "", "", styles.text
            yield block.text, "", styles.heading
        elif isinstance(block, Paragraph):
            yield block.text, "", styles.quiet if block.quiet else styles.text
        elif isinstance(block, Bullets):
            for text, note in block.items:
                yield text, note, styles.text
        elif isinstance(block, Tiles):
            for tile in block.tiles:
                yield f"{tile.title}: {tile.value}", tile.change or "", styles.text


@dataclass(frozen=True)
class _Sheet:
    table: Table
    widths: Sequence[float]
    styles: _Styles


def _write_table(book: "Workbook", names: _Names, styles: _Styles, table: Table) -> None:
    rows = table.checked()
    first = list(itertools.islice(rows, _LOOKED_AT))
    layout = _Sheet(table, _widths(table.columns, first), styles)
    left: Iterator[Row] = itertools.chain(first, rows)
    more = True
    while more:
        sheet = book.add_worksheet(names(table.title))
        count = _fill(sheet, layout, itertools.islice(left, MAX_ROWS))
        following = next(left, None)
        more = following is not None
        if following is not None:
            left = itertools.chain([following], left)
        elif table.note:
            sheet.write_string(min(count + 2, MAX_ROWS), 0, table.note, styles.quiet)


def _fill(sheet: "Worksheet", layout: _Sheet, rows: Iterable[Row]) -> int:
    """Write the header and `rows`; the number of rows."""
    columns = layout.table.columns
    for place, (column, width) in enumerate(zip(columns, layout.widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, column.heading, layout.styles.header)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    writers = [_writer(sheet, column, layout.styles) for column in columns]
    count = 0
    for count, row in enumerate(rows, start=1):
        for place, (write, cell) in enumerate(zip(writers, row, strict=True)):
            if cell is not None:
                write(count, place, cell)
    sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    return count


def _writer(sheet: "Worksheet", column: Column, styles: _Styles) -> Callable[[int, int, Cell], Any]:
    style = styles.cells.get(column.kind)
    zone = column.tzinfo

    def write(row: int, place: int, cell: Cell) -> None:
        if isinstance(cell, Figure):
            _write_figure(sheet, row, place, cell, styles)
        elif isinstance(cell, bool):
            sheet.write_boolean(row, place, cell)
        elif isinstance(cell, datetime):
            sheet.write_datetime(row, place, cell.astimezone(zone).replace(tzinfo=None) if cell.tzinfo else cell, style)
        elif isinstance(cell, date):
            sheet.write_datetime(row, place, cell, style)
        elif isinstance(cell, int | float):
            if math.isfinite(cell):
                sheet.write_number(row, place, cell, style)
        elif cell is not None:
            sheet.write_string(row, place, cell[:_LONGEST_TEXT])

    return write


def _write_figure(sheet: "Worksheet", row: int, place: int, figure: Figure, styles: _Styles) -> None:
    if figure.value is not None and math.isfinite(figure.value):
        style = (styles.changes if figure.change else styles.cells).get(figure.kind)
        sheet.write_number(row, place, figure.value, style)


def _widths(columns: Sequence[Column], rows: Sequence[Row]) -> list[float]:
    """Wide enough for the header's longest word and for what the first rows hold."""
    widths: list[float] = []
    for place, column in enumerate(columns):
        shown = [len(written(row[place], column.kind)) for row in rows]
        words = [len(word) for word in column.heading.split()]
        room = 19 if column.kind is Kind.TIME else 11 if column.kind is Kind.DATE else 0
        widths.append(min(max([_NARROWEST, room, *shown, *words]) + 3, _WIDEST))
    return widths
