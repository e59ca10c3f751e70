"""Lettering: the texts of one PDF, in whatever script they are written.

Nearly all are in the letters of FiraGO that stand one beside the other, and are drawn as they are. Others are put in the order in
which they are seen, shaped by HarfBuzz, and drawn in the font that has them; what they say is written beside them (`ActualText`),
so that they can be found and copied. Fonts with outlines that PDFs by reportlab do not take are cut to the characters that were
asked for, once all texts are laid out: `ready` before the first page is drawn."""

import io
import itertools
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import ShapedStr, TTFont, shapeStr

from shared.exports.pdf.outlines import true_type
from shared.exports.pdf.styles import FONT, FONT_BOLD
from shared.typography import (
    DEFAULT,
    Face,
    Typeface,
    ems,
    han_of,
    is_attached,
    mostly_right,
    paragraphs,
    visual_runs,
    wrap,
)

_COMPLEX = ("\u0590", "\u109f")
"""From Hebrew to Burmese: letters that join, or change with their neighbours."""
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Fragment:
    """A part of a line in one font, by its name in reportlab. `cut_from`: the face that the font will be cut from."""

    font: str
    text: str
    cut_from: Face | None = None


class Lettering:
    """The fonts of one PDF, and its texts in them."""

    def __init__(self) -> None:
        self._cut: dict[Face, tuple[str, set[str]]] = {}

    def width(self, text: str, font: str, size: float) -> float:
        """Of one line, in points."""
        if _is_plain(text, font):
            return float(stringWidth(text, font, size))
        return sum(_width(fragment, size) for fragment in self._fragments(text, font))

    def wrap(self, text: str, font: str, size: float, room: float) -> list[str]:
        """The lines of a text, none wider than `room` unless it is one character."""
        if "\n" not in text and self.width(text, font, size) <= room:
            return [text]
        lines = (wrap(each, room, lambda part: self.width(part, font, size)) for each in paragraphs(text))
        return list(itertools.chain.from_iterable(lines))

    def draw(self, canvas: Any, x: float, y: float, text: str, font: str, size: float) -> None:
        """Draw one line from `x` on to the right, its letters on the height `y`."""
        if _is_plain(text, font):
            canvas.setFont(font, size)
            canvas.drawString(x, y, text)
            return
        canvas.addLiteral(f"/Span <</ActualText <{_hexadecimal(text)}>>> BDC")
        for fragment in self._fragments(text, font):
            canvas.setFont(fragment.font, size)
            line = canvas.beginText(x, y)
            line.textOut(fragment.text if fragment.cut_from else shapeStr(fragment.text, fragment.font, size))
            canvas.drawText(line)
            x += _width(fragment, size)
        canvas.addLiteral("EMC")

    def draw_right(self, canvas: Any, x: float, y: float, text: str, font: str, size: float) -> None:
        """The same, ending at `x`."""
        self.draw(canvas, x - self.width(text, font, size), y, text, font, size)

    def ready(self) -> None:
        """Make the fonts that are cut: every text that will be drawn was measured."""
        for face, (name, characters) in self._cut.items():
            pdfmetrics.registerFont(TTFont(name, io.BytesIO(true_type(face, characters)), shapable=False))

    def close(self) -> None:
        """Forget the fonts that were cut."""
        for name, _ in self._cut.values():
            if name in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.getFont(name).unregister()

    def _fragments(self, text: str, font: str) -> list[Fragment]:
        """The parts of a line, from left to right."""
        bold = font == FONT_BOLD
        typeface = Typeface(DEFAULT.face(bold=bold), han_of(text), bold)
        found: list[Fragment] = []
        for run in visual_runs(text, right=mostly_right(text)):
            parts = [self._fragment(face, part, font) for face, part in typeface.runs(run.text)]
            found += reversed(parts) if run.right else parts
        return found

    def _fragment(self, face: Face | None, text: str, font: str) -> Fragment:
        if face is None or face.family == DEFAULT.name:
            return Fragment(font if face is None or face == DEFAULT.face(bold=font == FONT_BOLD) else FONT, text)
        if face.takes_shaping:
            return Fragment(_whole(face), text)
        name, characters = self._cut.setdefault(face, (f"Kompo-Cut-{next(_numbers)}", set()))
        characters.update(text)
        return Fragment(name, text, face)


def _width(fragment: Fragment, size: float) -> float:
    if fragment.cut_from is not None:
        return ems(fragment.cut_from, fragment.text) * size
    shaped = shapeStr(fragment.text, fragment.font, size)
    if isinstance(shaped, ShapedStr):
        return float(sum(each.x_advance for each in shaped.__shapeData__)) * size / 1000
    return float(stringWidth(shaped, fragment.font, size))


@cache
def _whole(face: Face) -> str:
    """The name of a font that is taken as it is, registered."""
    name = f"Kompo-{face.family.replace(' ', '')}"
    pdfmetrics.registerFont(TTFont(name, io.BytesIO(face.data())))
    return name


@lru_cache(maxsize=20_000)
def _is_plain(text: str, font: str) -> bool:
    """Whether the letters of a text stand one beside the other, from the left, and the font has them all."""
    if text.isascii():
        return True
    known = pdfmetrics.getFont(font).face.charToGlyph
    return all(character.isascii() or (ord(character) in known and _stands_alone(character)) for character in text)


def _stands_alone(character: str) -> bool:
    joins = _COMPLEX[0] <= character <= _COMPLEX[1] or is_attached(character)
    return not joins and unicodedata.bidirectional(character) not in ("R", "AL", "AN")


def _hexadecimal(text: str) -> str:
    """As PDFs write text."""
    return ("\ufeff" + text).encode("utf-16-be", errors="replace").hex().upper()
