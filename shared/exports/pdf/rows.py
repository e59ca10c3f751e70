"""Tables in a page's flow: fixed columns, rows as high as their text, split where the page ends, the header on every page."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from reportlab.platypus import Flowable

from shared.exports.figures import Kind, written
from shared.exports.palette import FAINT, INK, PAPER, QUIET
from shared.exports.pdf.lettering import Lettering
from shared.exports.pdf.styles import FONT, FONT_BOLD
from shared.exports.table import Column, Table

_SIZE, _LEADING, _PAD = 8.2, 10.6, 3.2
_MOST_LINES = 6
_LOOKED_AT = 200

Lines = list[list[str]]
"""Of one row: the lines of each cell."""


@dataclass(frozen=True)
class Body:
    """A table laid out: `ends[n]` is how far below the header the first n rows reach."""

    lettering: Lettering
    columns: Sequence[Column]
    widths: Sequence[float]
    header: Lines
    rows: Sequence[Lines]
    ends: Sequence[float]


class Rows(Flowable):  # type: ignore[misc]  # reportlab is not typed
    """Rows `start` to `stop` of a table. Text wraps to 6 lines at most, then ends in an ellipsis; numbers stand right."""

    def __init__(self, body: Body, start: int, stop: int) -> None:
        super().__init__()
        self._body, self._start, self._stop = body, start, stop
        self.width = sum(body.widths)
        self.height = _height(body.header) + body.ends[stop] - body.ends[start]

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Its size."""
        return self.width, self.height

    def split(self, _width: float, height: float) -> list[Flowable]:
        """What fits in `height`, and the rest; nothing if not even the header and two rows fit."""
        body, start, stop = self._body, self._start, self._stop
        room = body.ends[start] + height - _height(body.header)
        middle = min(bisect_right(body.ends, room) - 1, stop)
        if middle < min(start + 2, stop):
            return []
        return [Rows(body, *part) for part in ((start, middle), (middle, stop)) if part[0] < part[1]]

    def draw(self) -> None:
        """Draw it downwards from its top."""
        y = self.height
        canvas = self.canv
        y = self._draw_row(y, self._body.header, FONT_BOLD, QUIET)
        canvas.setStrokeColor(QUIET)
        canvas.setLineWidth(0.8)
        canvas.line(0, y, self.width, y)
        for number in range(self._start, self._stop):
            row = self._body.rows[number]
            if number % 2:
                canvas.setFillColor(PAPER)
                canvas.rect(0, y - _height(row), self.width, _height(row), stroke=0, fill=1)
            y = self._draw_row(y, row, FONT, INK)
        canvas.setStrokeColor(FAINT)
        canvas.setLineWidth(0.5)
        canvas.line(0, y, self.width, y)

    def _draw_row(self, top: float, row: Lines, font: str, colour: str) -> float:
        canvas, lettering = self.canv, self._body.lettering
        canvas.setFillColor(colour)
        left = 0.0
        for column, width, lines in zip(self._body.columns, self._body.widths, row, strict=True):
            y = top - _PAD - _SIZE + 0.6
            for line in lines:
                if column.kind.numeric:
                    lettering.draw_right(canvas, left + width - _PAD, y, line, font, _SIZE)
                else:
                    lettering.draw(canvas, left + _PAD, y, line, font, _SIZE)
                y -= _LEADING
            left += width
        return top - _height(row)


def lay_out(table: Table, width: float, lettering: Lettering) -> Rows:
    """The table at this width. Raises InvalidTable."""
    written_rows = [
        [
            written(cell, column.kind, column.tzinfo if column.kind is Kind.TIME else None)
            for column, cell in zip(table.columns, row, strict=True)
        ]
        for row in table.checked()
    ]
    widths = _widths(table.columns, written_rows[:_LOOKED_AT], width, lettering)
    headings = [column.heading for column in table.columns]
    header = _wrapped(headings, FONT_BOLD, widths, lettering)
    rows = [_wrapped(row, FONT, widths, lettering) for row in written_rows]
    ends = list(accumulate(map(_height, rows), initial=0.0))
    return Rows(Body(lettering, table.columns, widths, header, rows, ends), 0, len(rows))


def _widths(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], width: float, lettering: Lettering
) -> list[float]:
    """Shares of `width` as the columns state, else by what they hold, so that numbers do not wrap where there is room."""
    wants = []
    for place, column in enumerate(columns):
        heading = max((lettering.width(word, FONT_BOLD, _SIZE) for word in column.heading.split()), default=0)
        texts = [lettering.width(row[place], FONT, _SIZE) for row in rows]
        wants.append(column.share * width if column.share else min(max([heading, *texts]), 200) + 2 * _PAD + 3)
    return [want * width / sum(wants) for want in wants]


def _wrapped(texts: Sequence[str], font: str, widths: Sequence[float], lettering: Lettering) -> Lines:
    """The texts of a row, each in lines as wide as its column."""
    cells = (lettering.wrap(text, font, _SIZE, width - 2 * _PAD) for text, width in zip(texts, widths, strict=True))
    return [lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], "…"] for lines in cells]


def _height(row: Lines) -> float:
    return max(len(lines) for lines in row) * _LEADING + 2 * _PAD - (_LEADING - _SIZE) + 0.4
