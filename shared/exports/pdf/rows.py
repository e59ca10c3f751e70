"""Tables in a page's flow: fixed columns, rows as high as their text, split where the page ends, the header on every page."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from reportlab.platypus import Flowable

from shared.exports.figures import Kind, written
from shared.exports.palette import FAINT, INK, PAPER, QUIET
from shared.exports.pdf.lettering import Lettering
from shared.exports.pdf.styles import FONT, FONT_BOLD
from shared.exports.table import Column, Table

_SIZE, _LEADING, _PAD = 8.2, 10.6, 3.2
_MOST_LINES = 6
_LOOKED_AT = 200
_WIDEST, _WIDEST_WORD = 200, 120
"""Points of a column that text of any length, or a word, can ask for."""
_LABELS = 0.4
"""Of the width, what the first columns of a table may have that goes on below itself with others."""
_WRAPS = (Kind.TEXT, Kind.FLAG)

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


@dataclass(frozen=True)
class _Need:
    """Points that a column needs at least, and at most: for all that it holds in one line."""

    least: float
    most: float


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


def lay_out(table: Table, width: float, lettering: Lettering) -> list[Rows]:
    """The table at this width. If its columns need more, it goes on below itself with those that are left, each time after the
    first ones, which say what a row is about. Raises InvalidTable."""
    written_rows = [
        [
            written(cell, column.kind, column.tzinfo if column.kind is Kind.TIME else None)
            for column, cell in zip(table.columns, row, strict=True)
        ]
        for row in table.checked()
    ]
    needs = [
        _need(column, [row[place] for row in written_rows[:_LOOKED_AT]], width, lettering)
        for place, column in enumerate(table.columns)
    ]
    return [_part(table, places, needs, written_rows, width, lettering) for places in _parts(table, needs, width)]


def _part(
    table: Table,
    places: Sequence[int],
    needs: Sequence[_Need],
    written_rows: Sequence[Sequence[str]],
    width: float,
    lettering: Lettering,
) -> Rows:
    """The columns at these places of the table."""
    columns = [table.columns[place] for place in places]
    widths = _widths([needs[place] for place in places], width)
    header = _wrapped([column.heading for column in columns], FONT_BOLD, widths, lettering)
    rows = [_wrapped([row[place] for place in places], FONT, widths, lettering) for row in written_rows]
    ends = list(accumulate(map(_height, rows), initial=0.0))
    return Rows(Body(lettering, columns, widths, header, rows, ends), 0, len(rows))


def _need(column: Column, texts: Sequence[str], width: float, lettering: Lettering) -> _Need:
    """What a column needs to hold these texts: the share of `width` that it states, else so much that neither a number nor the
    time is broken, nor a word that is not too long."""
    if column.share:
        return _Need(column.share * width, column.share * width)
    words = [word for text in texts for word in text.split()] if column.kind in _WRAPS else texts
    longest = max((lettering.width(word, FONT, _SIZE) for word in words), default=0)
    heading = max((lettering.width(word, FONT_BOLD, _SIZE) for word in column.heading.split()), default=0)
    whole = max((lettering.width(text, FONT, _SIZE) for text in texts), default=0)
    around = 2 * _PAD + 3
    return _Need(max(heading, min(longest, _WIDEST_WORD)) + around, max(heading, min(whole, _WIDEST)) + around)


def _parts(table: Table, needs: Sequence[_Need], width: float) -> list[list[int]]:
    """The places of the columns of each part of the table: one part, if they fit or say how wide they are."""
    every = list(range(len(needs)))
    if sum(need.least for need in needs) <= width or any(column.share for column in table.columns):
        return [every]
    ends = accumulate(need.least for need in needs)
    labels = takewhile(lambda place: not table.columns[place].kind.numeric and next(ends) <= _LABELS * width, every)
    leading = list(labels)
    room = width - sum(needs[place].least for place in leading)
    parts: list[list[int]] = [[]]
    for place in every[len(leading) :]:
        if parts[-1] and sum(needs[each].least for each in (*parts[-1], place)) > room:
            parts.append([])
        parts[-1].append(place)
    return [[*leading, *part] for part in parts]


def _widths(needs: Sequence[_Need], width: float) -> list[float]:
    """What each column has of `width`: its text in one line where there is room, else what it needs and a part of the rest."""
    least, most = sum(need.least for need in needs), sum(need.most for need in needs)
    if most <= width:
        return [need.most * width / most for need in needs]
    if least >= width:
        return [need.least * width / least for need in needs]
    return [need.least + (need.most - need.least) * (width - least) / (most - least) for need in needs]


def _wrapped(texts: Sequence[str], font: str, widths: Sequence[float], lettering: Lettering) -> Lines:
    """The texts of a row, each in lines as wide as its column."""
    cells = (lettering.wrap(text, font, _SIZE, width - 2 * _PAD) for text, width in zip(texts, widths, strict=True))
    return [lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], "…"] for lines in cells]


def _height(row: Lines) -> float:
    return max(len(lines) for lines in row) * _LEADING + 2 * _PAD - (_LEADING - _SIZE) + 0.4
