"""The looks of a page: A4, FiraGO, one accent."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from shared.exports.fonts import BOLD, ITALIC, REGULAR, font_file
from shared.exports.palette import ACCENT, INK, QUIET

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
MARGIN, TOP, BOTTOM = 18 * MM, 17 * MM, 18 * MM
WIDTH = PAGE_WIDTH - 2 * MARGIN
FONT, FONT_BOLD, FONT_ITALIC = "Kompo", "Kompo-Bold", "Kompo-Italic"


@dataclass(frozen=True)
class Styles:
    """Of paragraphs."""

    title: "ParagraphStyle"
    subtitle: "ParagraphStyle"
    heading: "ParagraphStyle"
    text: "ParagraphStyle"
    quiet: "ParagraphStyle"
    bullet: "ParagraphStyle"


@cache
def styles() -> Styles:
    """The styles, with the fonts that they name registered."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name, face in ((FONT, REGULAR), (FONT_BOLD, BOLD), (FONT_ITALIC, ITALIC)):
        pdfmetrics.registerFont(TTFont(name, str(font_file(face))))
    text = ParagraphStyle("text", fontName=FONT, fontSize=9.5, leading=13.6, textColor=INK, spaceAfter=4)
    return Styles(
        title=ParagraphStyle("title", text, fontName=FONT_BOLD, fontSize=21, leading=26, spaceAfter=1),
        subtitle=ParagraphStyle("subtitle", text, fontSize=10.5, leading=14, textColor=QUIET, spaceAfter=10),
        heading=ParagraphStyle(
            "heading",
            text,
            fontName=FONT_BOLD,
            fontSize=13,
            leading=17,
            textColor=ACCENT,
            spaceBefore=11,
            spaceAfter=5,
        ),
        text=text,
        quiet=ParagraphStyle("quiet", text, fontSize=8, leading=11, textColor=QUIET),
        bullet=ParagraphStyle(
            "bullet", text, leftIndent=13, bulletIndent=0, bulletFontName=FONT, bulletFontSize=9.5, spaceAfter=4.5
        ),
    )


def markup(text: str) -> str:
    """The text so that reportlab's paragraphs show it as it stands."""
    return escape(text)
