"""From a document to pages."""

import io
from collections.abc import Callable, Iterator
from typing import IO, Any

from shared.exports.chart import Chart, Shape
from shared.exports.document import Beside, Block, Bullets, Document, Heading, Paragraph, Tiles
from shared.exports.drawing import draw_png
from shared.exports.palette import FAINT, QUIET
from shared.exports.pdf.styles import BOTTOM, FONT, MARGIN, MM, PAGE_HEIGHT, PAGE_WIDTH, TOP, WIDTH, markup, styles
from shared.exports.table import Table

_CHART_HEIGHT, _RANKING_ROW = 2.45, 0.27
"""Inches."""
_HALF, _GUTTER, _DPI = 0.86, 10, 200
_ROOM_OF_HEADING, _ROOM_OF_TEXT = 40, 70
"""Points: a heading that has less, and less for the beginning of what it opens, goes over to the next page."""


def write_pdf(document: Document, stream: IO[bytes]) -> None:
    """Write the document as a PDF to `stream`, with all its pages in memory. Raises InvalidTable."""
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    styles()
    pages = BaseDocTemplate(
        stream,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        title=document.title,
        subject=document.subtitle,
        author="Kompo",
        creator="Kompo",
        lang="en",
    )
    frame = Frame(
        MARGIN, BOTTOM, WIDTH, PAGE_HEIGHT - TOP - BOTTOM, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    pages.addPageTemplates(PageTemplate(frames=[frame]))
    pages.build(list(_flow(document)), canvasmaker=_numbered_canvas(document))


def _flow(document: Document) -> Iterator[Any]:
    from reportlab.platypus import CondPageBreak
    from reportlab.platypus import Paragraph as Set

    yield Set(markup(document.title), styles().title)
    yield Set(markup(document.subtitle), styles().subtitle)
    for block, following in zip(document.blocks, (*document.blocks[1:], None), strict=False):
        if isinstance(block, Heading):
            yield CondPageBreak(_room_for(following))
        yield from _laid(block)


def _laid(block: Block) -> Iterator[Any]:
    from reportlab.platypus import Paragraph as Set
    from reportlab.platypus import Spacer

    from shared.exports.pdf.rows import lay_out
    from shared.exports.pdf.tiles import TileRows

    if isinstance(block, Heading):
        yield Set(markup(block.text), styles().heading)
    elif isinstance(block, Paragraph):
        yield Set(markup(block.text), styles().quiet if block.quiet else styles().text)
    elif isinstance(block, Bullets):
        for number, (text, note) in enumerate(block.items, start=1):
            small = f' <font size="7.4" color="{QUIET}">{markup(note)}</font>' if note else ""
            yield Set(markup(text) + small, styles().bullet, bulletText=f"{number}." if block.numbered else "•")
    elif isinstance(block, Tiles):
        yield TileRows(block.tiles, WIDTH)
        yield Spacer(1, 6)
    elif isinstance(block, Table):
        yield lay_out(block, WIDTH)
        yield Spacer(1, 5)
        if block.note:
            yield Set(markup(block.note), styles().quiet)
    elif isinstance(block, Beside):
        yield _pair(block)
        yield Spacer(1, 6)
    else:
        yield _picture(block, WIDTH, _height(block))
        yield Spacer(1, 6)


def _picture(chart: Chart, width: float, height: float) -> Any:
    from reportlab.platypus import Image

    return Image(io.BytesIO(draw_png(chart, width / 72, height, dpi=_DPI)), width, height * 72)


def _room_for(block: Block | None) -> float:
    """What a heading needs to stand with what it opens."""
    if isinstance(block, Chart):
        return _ROOM_OF_HEADING + _height(block) * 72
    if isinstance(block, Beside):
        return _ROOM_OF_HEADING + max(_height(block.left), _height(block.right)) * _HALF * 72
    return _ROOM_OF_HEADING + _ROOM_OF_TEXT


def _pair(block: Beside) -> Any:
    from reportlab.platypus import Table as Grid

    height = max(_height(block.left), _height(block.right)) * _HALF
    width = (WIDTH - _GUTTER) / 2
    look = [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("ALIGN", (1, 0), (1, 0), "RIGHT"),
    ]
    pictures = [_picture(chart, width, height) for chart in (block.left, block.right)]
    return Grid([pictures], colWidths=[WIDTH / 2] * 2, style=look, hAlign="LEFT")


def _height(chart: Chart) -> float:
    return 0.55 + _RANKING_ROW * len(chart.x) if chart.shape is Shape.RANKING else _CHART_HEIGHT


def _numbered_canvas(document: Document) -> Callable[..., Any]:
    """A canvas that keeps its pages until their number is known, and then writes the foot of each."""
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):  # type: ignore[misc]  # reportlab is not typed
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  # reportlab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page in self._pages:
                self.__dict__.update(page)
                self._foot(len(self._pages))
                super().showPage()
            super().save()

        def _foot(self, count: int) -> None:
            y = 10 * MM
            self.setStrokeColor(FAINT)
            self.setLineWidth(0.5)
            self.line(MARGIN, y + 10, PAGE_WIDTH - MARGIN, y + 10)
            self.setFont(FONT, 7.5)
            self.setFillColor(QUIET)
            self.drawString(MARGIN, y, document.origin)
            self.drawRightString(PAGE_WIDTH - MARGIN, y, f"Page {self._pageNumber} of {count}")

    return Numbered
