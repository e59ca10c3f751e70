"""The looks of a page: A4, FiraGO, one accent."""

import io
from dataclasses import dataclass, replace
from functools import cache

from shared.exports.palette import ACCENT, INK, QUIET
from shared.typography import DEFAULT

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
MARGIN, TOP, BOTTOM = 18 * MM, 17 * MM, 18 * MM
WIDTH = PAGE_WIDTH - 2 * MARGIN
FONT, FONT_BOLD = "Kompo", "Kompo-Bold"


@dataclass(frozen=True)
class Look:
    """Of text: font and colour, and in points its size, from one line to the next, above and below it, and left of it."""

    font: str
    size: float
    leading: float
    colour: str = INK
    before: float = 0
    after: float = 0
    indent: float = 0


TEXT = Look(FONT, 9.5, 13.6, after=4)
TITLE = Look(FONT_BOLD, 21, 26, after=1)
SUBTITLE = Look(FONT, 10.5, 14, QUIET, after=10)
HEADING = Look(FONT_BOLD, 13, 17, ACCENT, before=11, after=5)
QUIET_TEXT = Look(FONT, 8, 11, QUIET, after=4)
BULLET = replace(TEXT, indent=13, after=4.5)
NOTE = Look(FONT, 7.4, 13.6, QUIET)


@cache
def register_fonts() -> None:
    """Make the fonts known that the looks name."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name, face in ((FONT, DEFAULT.face()), (FONT_BOLD, DEFAULT.face(bold=True))):
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(face.data())))
