"""Export: the tables and charts of a request, written as the file that was asked for."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO

from shared.core.clock import now
from shared.core.errors import InvalidInput
from shared.exports import (
    Block,
    Chart,
    Document,
    Paragraph,
    Table,
    csv_chunks,
    json_chunks,
    write_pdf,
    write_xlsx,
)
from shared.insights.dashboard import View, get_page, usual_step
from shared.insights.exporting.alerting import changes_of_alerts
from shared.insights.exporting.compared import comparison, comparisons, courses
from shared.insights.exporting.figures import Curves
from shared.insights.exporting.request import ExportRequest, ExportSubject, FileFormat
from shared.insights.exporting.trending import trend_charts, trends_of, trends_table

STREAMED_ROWS = 50_000
"""What is answered at once; larger exports are made in the background."""
DRAWN_CELLS = 400_000
"""The same of a PDF, whose cells are drawn one by one."""
MOST_PDF_ROWS = 50_000
"""Nobody leafs through more, and its pages are in memory until it is written."""
MOST_CHARTED_ROWS = 2_000
"""Of a longer table no chart is drawn: no page shows as many points."""
_CHUNK = 256 * 1024
_IN_MEMORY = 8 * 1024 * 1024


@dataclass(frozen=True)
class Export:
    """What a request comes to: at most so many rows, in tables that can be read once, with charts of what was measured."""

    request: ExportRequest
    rows: int
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether it is too long to be answered at once, and is made in the background."""
        cells = self.rows * max(len(table.columns) for table in self.tables)
        return self.rows > STREAMED_ROWS or (self.request.format is FileFormat.PDF and cells > DRAWN_CELLS)

    def chunks(self) -> Iterator[bytes]:
        """The file in pieces. CSV and JSON are written as their rows are read; XLSX and PDF wait on disk until they are whole."""
        if self.request.format is FileFormat.CSV:
            return csv_chunks(self.tables[0])
        if self.request.format is FileFormat.JSON:
            return json_chunks(self.tables[0])
        return self._written()

    def write_to(self, stream: IO[bytes]) -> None:
        """Write the file to `stream`, which must be able to seek."""
        if self.request.format.for_people:
            writer = write_xlsx if self.request.format is FileFormat.XLSX else write_pdf
            writer(self._document(), stream)
        else:
            for chunk in self.chunks():
                stream.write(chunk)

    def counted(self, on_row: Callable[[], None]) -> "Export":
        """The same, which says of every row that it is written."""

        def told(table: Table) -> Iterator[Sequence[object]]:
            for row in table.rows:
                on_row()
                yield row

        return replace(self, tables=tuple(replace(table, rows=told(table)) for table in self.tables))  # type: ignore[arg-type]

    def _written(self) -> Iterator[bytes]:
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            self.write_to(file)
            file.seek(0)
            while chunk := file.read(_CHUNK):
                yield chunk

    def _document(self) -> Document:
        asked = self.request
        subtitle = f"{asked.start:%Y-%m-%d %H:%M} to {asked.end:%Y-%m-%d %H:%M} UTC"
        whose = "Everybody's figures." if asked.everybody else "Your own figures."
        blocks: list[Block] = [Paragraph(whose, quiet=True), *self.charts, *self.tables]
        return Document(asked.title, subtitle, tuple(blocks), origin=f"Kompo, {now():%Y-%m-%d %H:%M} UTC")


def make_export(request: ExportRequest, users: list[str] | None) -> Export:
    """What is to be exported, of everybody's figures or those of the hashes of one person. Of tables of many rows only their size
    has been asked for yet; the rows are read as they are written.

    Raises InvalidInput (unknown KPIs, groups or filters that none of them has, a PDF that nobody could read), Unavailable."""
    export = _export(request, request.view(users))
    if request.format is FileFormat.PDF and export.rows > MOST_PDF_ROWS:
        raise InvalidInput(
            f"A PDF holds up to {MOST_PDF_ROWS:,} rows; this one would have {export.rows:,}. Ask for CSV or XLSX.",
            pointer="/format",
        )
    return export


def _export(request: ExportRequest, view: View) -> Export:
    if request.subject is ExportSubject.ALERTS:
        count, table = changes_of_alerts(request)
        return Export(request, count, (table,))
    if request.subject is ExportSubject.TRENDS:
        return _trends(request, view)
    return _compared(request, view) if request.every is None else _curves(request, view)


def _curves(request: ExportRequest, view: View) -> Export:
    curves = Curves.of(request.names, view)
    table = curves.table(request.title)
    if not request.format.for_people or curves.rows > MOST_CHARTED_ROWS:
        return Export(request, curves.rows, (table,))
    rows = list(table.rows)
    return Export(request, curves.rows, (replace(table, rows=rows),), _shown(curves.charts(rows)))


def _trends(request: ExportRequest, view: View) -> Export:
    found = trends_of(request, view)
    table = trends_table(found, view, request.title)
    charts = _shown(trend_charts(found)) if request.format.for_people else ()
    return Export(request, len(list(table.rows)), (table,), charts)


def _compared(request: ExportRequest, view: View) -> Export:
    if request.format.for_people:
        page = get_page(request.names, replace(view, every=usual_step(view.period)))
        tables, charts = comparisons(page), _shown(courses(page))
    else:
        tables, charts = [comparison(get_page(request.names, view), request.title)], ()
    rows = sum(len(table.rows) for table in tables if isinstance(table.rows, list))
    return Export(request, rows, tuple(tables), charts)


def _shown(charts: Iterable[Chart]) -> tuple[Chart, ...]:
    """Those that show something."""
    return tuple(chart for chart in charts if chart.shows_something)
