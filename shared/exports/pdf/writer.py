"""From a document to pages."""

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import IO, TYPE_CHECKING, Any

from shared.exports.chart import Chart, Shape
from shared.exports.document import Beside, Block, Bullets, Document, Heading, Paragraph, Tiles
from shared.exports.drawing import draw_png
from shared.exports.palette import FAINT, QUIET
from shared.exports.pdf.styles import (
    BOTTOM,
    BULLET,
    FONT,
    HEADING,
    MARGIN,
    MM,
    NOTE,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    QUIET_TEXT,
    SUBTITLE,
    TEXT,
    TITLE,
    TOP,
    WIDTH,
    register_fonts,
)
from shared.exports.table import Table

if TYPE_CHECKING:
    from shared.exports.pdf.lettering import Lettering

_CHART_HEIGHT, _RANKING_ROW = 2.45, 0.27
"""Inches."""
_HALF, _GUTTER, _DPI = 0.86, 10, 200
_FOOT = 7.5
"""Points of what stands at the foot of a page."""
_ROOM_OF_HEADING, _ROOM_OF_TEXT = 40, 70
"""Points: a heading that has less, and less for the beginning of what it opens, goes over to the next page."""


def write_pdf(document: Document, stream: IO[bytes]) -> None:
    """Write the document as a PDF to `stream`, with all its pages in memory. Raises InvalidTable."""
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    from shared.exports.pdf.lettering import Lettering

    register_fonts()
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
    with closing(Lettering()) as lettering:
        flow = list(_flow(document, lettering))
        for block in flow:
            block.wrap(WIDTH, PAGE_HEIGHT)
        lettering.width(document.origin, FONT, _FOOT)
        lettering.ready()
        pages.build(flow, canvasmaker=_numbered_canvas(document.origin, lettering))


def _flow(document: Document, lettering: "Lettering") -> Iterator[Any]:
    from reportlab.platypus import CondPageBreak

    from shared.exports.pdf.paragraphs import Span, Text

    yield Text(lettering, [Span(document.title, TITLE)])
    yield Text(lettering, [Span(document.subtitle, SUBTITLE)])
    for block, following in zip(document.blocks, (*document.blocks[1:], None), strict=False):
        if isinstance(block, Heading):
            yield CondPageBreak(_room_for(following))
        yield from _laid(block, lettering)


def _laid(block: Block, lettering: "Lettering") -> Iterator[Any]:
    from reportlab.platypus import Spacer

    from shared.exports.pdf.paragraphs import Span, Text
    from shared.exports.pdf.rows import lay_out
    from shared.exports.pdf.tiles import TileRows

    if isinstance(block, Heading):
        yield Text(lettering, [Span(block.text, HEADING)])
    elif isinstance(block, Paragraph):
        yield Text(lettering, [Span(block.text, QUIET_TEXT if block.quiet else TEXT)])
    elif isinstance(block, Bullets):
        for number, (text, note) in enumerate(block.items, start=1):
            spans = [Span(text, BULLET), *([Span(f" {note}", NOTE)] if note else [])]
            yield Text(lettering, spans, f"{number}." if block.numbered else "•")
    elif isinstance(block, Tiles):
        yield TileRows(block.tiles, WIDTH, lettering)
        yield Spacer(1, 6)
    elif isinstance(block, Table):
        for part in lay_out(block, WIDTH, lettering):
            yield part
            yield Spacer(1, 5)
        if block.note:
            yield Text(lettering, [Span(block.note, QUIET_TEXT)])
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


def _numbered_canvas(origin: str, lettering: "Lettering") -> Callable[..., Any]:
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
            self.setFillColor(QUIET)
            lettering.draw(self, MARGIN, y, origin, FONT, _FOOT)
            lettering.draw_right(self, PAGE_WIDTH - MARGIN, y, f"Page {self._pageNumber} of {count}", FONT, _FOOT)

    return Numbered
