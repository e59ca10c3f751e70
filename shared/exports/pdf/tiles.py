"""Tiles on a page: figures side by side, each with its change, its target and the way it went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.platypus import Flowable

from shared.exports.document import Tile, Tone
from shared.exports.palette import ACCENT, BAD, FAINT, GOOD, INK, PAPER, QUIET
from shared.exports.pdf.lettering import Lettering
from shared.exports.pdf.styles import FONT, FONT_BOLD

_A_ROW = 4
_GAP, _HEIGHT, _PAD = 7.0, 74.0, 8.0
_TONES = {Tone.GOOD: GOOD, Tone.BAD: BAD, Tone.NEUTRAL: QUIET}


@dataclass(frozen=True)
class _Line:
    """A line of a tile: how far below its top, and in how much room."""

    text: str
    font: str
    size: float
    colour: str
    below: float
    room: float


class TileRows(Flowable):  # type: ignore[misc]  # reportlab is not typed
    """Tiles, four a row."""

    def __init__(self, tiles: Sequence[Tile], width: float, lettering: Lettering) -> None:
        super().__init__()
        self._tiles, self._lettering = tiles, lettering
        self.width = width
        rows = -(-len(tiles) // _A_ROW)
        self.height = rows * _HEIGHT + max(rows - 1, 0) * _GAP

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Its size. Every text is measured: its fonts must be known before the pages are drawn."""
        for tile in self._tiles:
            for line in _lines(tile, self.width):
                self._lettering.width(line.text, line.font, line.size)
        return self.width, self.height + 4

    def draw(self) -> None:
        """Draw them row by row."""
        wide = (self.width - (_A_ROW - 1) * _GAP) / _A_ROW
        for number, tile in enumerate(self._tiles):
            row, place = divmod(number, _A_ROW)
            self._draw_tile(tile, place * (wide + _GAP), self.height - row * (_HEIGHT + _GAP), wide)

    def _draw_tile(self, tile: Tile, left: float, top: float, wide: float) -> None:
        canvas = self.canv
        canvas.setFillColor(PAPER)
        canvas.roundRect(left, top - _HEIGHT, wide, _HEIGHT, 4, stroke=0, fill=1)
        if tile.met is not None:
            canvas.setFillColor(GOOD if tile.met else BAD)
            canvas.roundRect(left, top - _HEIGHT, 3, _HEIGHT, 1.5, stroke=0, fill=1)
        x = left + _PAD
        room = wide - 2 * _PAD
        for line in _lines(tile, room):
            self._draw_line(x, top, line)
        self._draw_trail(tile.trail, left + wide * 0.5, top - _HEIGHT + 7, wide * 0.5 - _PAD, 16)

    def _draw_line(self, x: float, top: float, line: _Line) -> None:
        """Draw it, set smaller if it would not fit."""
        wide = self._lettering.width(line.text, line.font, line.size)
        size = line.size if wide <= line.room else max(line.size * line.room / wide, 5.0)
        self.canv.setFillColor(line.colour)
        self._lettering.draw(self.canv, x, top - line.below, line.text, line.font, size)

    def _draw_trail(self, trail: Sequence[float | None], left: float, bottom: float, wide: float, high: float) -> None:
        known = [(place, value) for place, value in enumerate(trail) if value is not None]
        if len(known) < 2:
            return
        values = [value for _, value in known]
        span = (max(values) - min(values)) or 1.0
        points = [
            (left + wide * place / (len(trail) - 1), bottom + high * (value - min(values)) / span)
            for place, value in known
        ]
        canvas = self.canv
        canvas.setStrokeColor(FAINT)
        canvas.setLineWidth(0.5)
        canvas.line(left, bottom, left + wide, bottom)
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(1.1)
        canvas.setLineJoin(1)
        path = canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        canvas.drawPath(path)
        canvas.setFillColor(INK)
        canvas.circle(*points[-1], 1.5, stroke=0, fill=1)


def _lines(tile: Tile, room: float) -> Iterator[_Line]:
    yield _Line(tile.title, FONT, 7.8, QUIET, 14, room)
    yield _Line(tile.value, FONT_BOLD, 15, INK, 33, room)
    if tile.change:
        yield _Line(tile.change, FONT_BOLD, 7.6, _TONES[tile.tone], 46.5, room)
    if tile.target:
        yield _Line(tile.target, FONT, 6.8, QUIET, _HEIGHT - 8, room * 0.5 if tile.trail else room)
