"""Tiles on a page: figures side by side, each with its change, its target and the way it went."""

from collections.abc import Sequence

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from shared.exports.document import Tile, Tone
from shared.exports.palette import ACCENT, BAD, FAINT, GOOD, INK, PAPER, QUIET
from shared.exports.pdf.styles import FONT, FONT_BOLD

_A_ROW = 4
_GAP, _HEIGHT, _PAD = 7.0, 74.0, 8.0
_TONES = {Tone.GOOD: GOOD, Tone.BAD: BAD, Tone.NEUTRAL: QUIET}


class TileRows(Flowable):  # type: ignore[misc]  # reportlab is not typed
    """Tiles, four a row."""

    def __init__(self, tiles: Sequence[Tile], width: float) -> None:
        super().__init__()
        self._tiles = tiles
        self.width = width
        rows = -(-len(tiles) // _A_ROW)
        self.height = rows * _HEIGHT + max(rows - 1, 0) * _GAP

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Its size."""
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
        _text(canvas, x, top - 14, tile.title, FONT, 7.8, QUIET, room)
        _text(canvas, x, top - 33, tile.value, FONT_BOLD, 15, INK, room)
        if tile.change:
            _text(canvas, x, top - 46.5, tile.change, FONT_BOLD, 7.6, _TONES[tile.tone], room)
        if tile.target:
            _text(canvas, x, top - _HEIGHT + 8, tile.target, FONT, 6.8, QUIET, room * 0.5 if tile.trail else room)
        self._draw_trail(tile.trail, left + wide * 0.5, top - _HEIGHT + 7, wide * 0.5 - _PAD, 16)

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


def _text(canvas: object, x: float, y: float, text: str, font: str, size: float, colour: str, room: float) -> None:
    """One line, set smaller if it would not fit."""
    wide = stringWidth(text, font, size)
    fitting = size if wide <= room else max(size * room / wide, 5.0)
    canvas.setFont(font, fitting)  # type: ignore[attr-defined]
    canvas.setFillColor(colour)  # type: ignore[attr-defined]
    canvas.drawString(x, y, text)  # type: ignore[attr-defined]
