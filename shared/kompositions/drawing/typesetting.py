"""Typesetting: how wide text is, which font has its characters, and where its lines break.

Widths are in line heights: text of width 3 in lines of 40 pixels is 120 pixels wide. They are HarfBuzz's, as libass, which draws
the text, also asks HarfBuzz; only glyphs of fonts that Kompo does not bring are estimated."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from struct import unpack_from
from typing import TYPE_CHECKING, Any

from shared.kompositions.drawing.fonts import FALLBACKS, Face

if TYPE_CHECKING:
    import uharfbuzz

_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_TOKENS = re.compile(r"(\s*)(\S+)")
_OPENING, _CLOSING = ("Ps", "Pi"), ("Pe", "Pf", "Po")
_GUESS_WIDE, _GUESS_NARROW = 0.83, 0.5


@dataclass(frozen=True)
class Typeface:
    """A face and, for what it lacks, the fallbacks."""

    face: Face

    def width(self, text: str) -> float:
        """Of one line of text, in line heights."""
        return sum(_advance(face, part) for face, part in self.runs(text))

    def runs(self, text: str) -> list[tuple[Face | None, str]]:
        """`text` in pieces of one font each; None: no font of ours has these characters."""
        return [(face, "".join(part)) for face, part in groupby(text, self._face_of)]

    def wrap(self, text: str, width: float) -> list[str]:
        """The lines of `text`, none wider than `width` line heights unless it is one character. Empty lines stay."""
        return [line for paragraph in paragraphs(text) for line in self._wrap_paragraph(paragraph, width)]

    def _face_of(self, character: str) -> Face | None:
        if _metrics(self.face).has(character) or _is_attached(character):
            return self.face
        return next((face for face in FALLBACKS if _metrics(face).has(character)), None)

    def _wrap_paragraph(self, paragraph: str, width: float) -> list[str]:
        lines, line, used = [], "", 0.0
        for space, token in self._tokens(paragraph, width):
            wide = self.width(space) + self.width(token)
            if line and used + wide > width:
                lines.append(line)
                line, used = token, self.width(token)
            else:
                line, used = line + space + token, used + wide
        return [*lines, line]

    def _tokens(self, paragraph: str, width: float) -> Iterator[tuple[str, str]]:
        """What may not be broken, and the space before it; words that are wider than a line are broken all the same."""
        for space, word in _TOKENS.findall(paragraph):
            before = space
            for token in _unbroken(word):
                for piece in self._fitting(token, width):
                    yield before, piece
                    before = ""

    def _fitting(self, token: str, width: float) -> list[str]:
        if self.width(token) <= width:
            return [token]
        pieces = [""]
        used = 0.0
        for character in token:
            wide = self.width(character)
            if pieces[-1] and used + wide > width and not _is_attached(character):
                pieces.append("")
                used = 0.0
            pieces[-1] += character
            used += wide
        return pieces


@dataclass(frozen=True)
class _Metrics:
    """What HarfBuzz knows of a face."""

    font: "uharfbuzz.Font"
    line: int
    """Font units in a line height: what Windows calls ascent and descent, as libass counts."""

    def has(self, character: str) -> bool:
        return self.font.get_nominal_glyph(ord(character)) is not None


@lru_cache(maxsize=16)
def _metrics(face: Face) -> _Metrics:
    import uharfbuzz

    opened = uharfbuzz.Face(face.data())
    ascent, descent = unpack_from(">HH", opened.reference_table("OS/2").data, 74)
    return _Metrics(uharfbuzz.Font(opened), ascent + descent)


@lru_cache(maxsize=4096)
def _advance(face: Face | None, text: str) -> float:
    import uharfbuzz

    if face is None:
        return sum(_guess(character) for character in text)
    metrics = _metrics(face)
    total = 0
    for word in re.split(r"(\s+)", text):
        buffer: Any = uharfbuzz.Buffer()
        buffer.add_str(word)
        buffer.guess_segment_properties()
        uharfbuzz.shape(metrics.font, buffer)
        total += sum(position.x_advance for position in buffer.glyph_positions or ())
    return total / metrics.line


def _guess(character: str) -> float:
    if _is_attached(character):
        return 0.0
    return _GUESS_WIDE if _is_wide(character) or ord(character) > 0xFFFF else _GUESS_NARROW


def _is_attached(character: str) -> bool:
    """Whether it belongs to the character before: an accent, a joiner, a variation selector, a mark of direction."""
    return unicodedata.category(character) in ("Mn", "Me", "Cf")


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def separator(first: str, second: str) -> str:
    """What is between two words: a space, unless they are Chinese or Japanese."""
    return "" if _is_ideograph(first[-1:]) and _is_ideograph(second[:1]) else " "


def _is_ideograph(character: str) -> bool:
    hangul = "\uac00" <= character <= "\ud7a3" or "\u1100" <= character <= "\u11ff"
    return bool(character) and _is_wide(character) and not hangul


def paragraphs(text: str) -> list[str]:
    """`text` at its line breaks, tabs as spaces and without characters that control devices."""
    return ["".join(filter(_is_printed, line.replace("\t", "    "))) for line in _BREAKS.split(text)]


def _is_printed(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs")


def _unbroken(word: str) -> Iterator[str]:
    """A word in the pieces that a line may break between: ideographs, with punctuation kept at its side."""
    piece = ""
    for character in word:
        kind = unicodedata.category(character)
        breaks = piece and (_is_ideograph(character) or _is_ideograph(piece[-1]))
        if breaks and kind not in (*_CLOSING, "Mn", "Cf", "Lm") and unicodedata.category(piece[-1]) not in _OPENING:
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def spoken_units(text: str) -> list[str]:
    """What can be said one after the other: words, and ideographs with the punctuation at their sides."""
    return [unit for word in text.split() for unit in _unbroken(word)]
