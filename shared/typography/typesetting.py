"""Typesetting: how wide text is, which font has its characters, and where its lines break.

Widths are in line heights: text of width 3 in lines of 40 pixels is 120 pixels wide. They are HarfBuzz's, as libass, which draws
the text, also asks HarfBuzz; only glyphs of fonts that Kompo does not bring are estimated."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from struct import unpack_from
from typing import TYPE_CHECKING, Any

from shared.typography.fonts import FALLBACKS, Face, Han, cjk_face
from shared.typography.graphemes import is_attached
from shared.typography.wrapping import ideographs, is_ideograph, is_wide, wrap

if TYPE_CHECKING:
    import uharfbuzz

_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_GUESS_WIDE, _GUESS_NARROW = 0.83, 0.5
_JOINS = re.compile("\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])|\u20e3")
"""What makes one sign of several emoji, and a key of a figure: libass draws only the parts, such as a man and a laptop."""
_KANA, _HANGUL = re.compile("[\u3040-\u30ff]"), re.compile("[\u1100-\u11ff\uac00-\ud7a3]")


@dataclass(frozen=True)
class Typeface:
    """A face and, for what it lacks, the fallbacks; ideographs have the shapes of `han`."""

    face: Face
    han: Han = "zh"
    bold: bool = False

    def width(self, text: str) -> float:
        """Of one line of text, in line heights."""
        return sum(_advance(face, part) for face, part in self.runs(text))

    def depth(self, text: str) -> float:
        """How far the ink of one line of text reaches below the line, in line heights: tails of Arabic letters do."""
        return max((_depth(face, part) for face, part in self.runs(text) if face is not None), default=0.0)

    def runs(self, text: str) -> list[tuple[Face | None, str]]:
        """`text` in pieces of one font each; None: no font of ours has these characters."""
        faces: list[Face | None] = []
        for character in text:
            follows = is_attached(character)
            faces.append((faces[-1] if faces else self.face) if follows else self._face_of(character))
        pairs = groupby(zip(faces, text, strict=True), key=itemgetter(0))
        return [(face, "".join(character for _, character in part)) for face, part in pairs]

    def wrap(self, text: str, width: float) -> list[str]:
        """The lines of `text`, none wider than `width` line heights unless it is one grapheme. Empty lines stay."""
        return [line for paragraph in paragraphs(text) for line in wrap(paragraph, width, self.width)]

    def _face_of(self, character: str) -> Face | None:
        if _metrics(self.face).has(character):
            return self.face
        last = cjk_face(self.han, bold=self.bold)
        faces = (last, *FALLBACKS) if "\u2e80" <= character <= "\uffff" else (*FALLBACKS, last)
        return next((face for face in faces if _metrics(face).has(character)), None)


@dataclass(frozen=True)
class _Metrics:
    """What HarfBuzz knows of a face."""

    font: "uharfbuzz.Font"
    line: int
    """Font units in a line height: what Windows calls ascent and descent, as libass counts."""
    descent: int
    """Of these, below the base line."""
    em: int
    """Font units in the size that a font is set in."""

    def has(self, character: str) -> bool:
        return self.font.get_nominal_glyph(ord(character)) is not None


@lru_cache(maxsize=64)
def _metrics(face: Face) -> _Metrics:
    import uharfbuzz

    opened = face.open()
    ascent, descent = unpack_from(">HH", opened.reference_table("OS/2").data, 74)
    font = uharfbuzz.Font(opened)
    if face.weight is not None:
        font.set_variations({"wght": face.weight})
    return _Metrics(font, ascent + descent, descent, opened.upem)


@lru_cache(maxsize=4096)
def _advance(face: Face | None, text: str) -> float:
    if face is None:
        return sum(_guess(character) for character in text)
    return _units(face, text) / _metrics(face).line


@lru_cache(maxsize=4096)
def _depth(face: Face, text: str) -> float:
    metrics = _metrics(face)
    lowest = 0
    for glyph, position in _shaped(face, text):
        extents = metrics.font.get_glyph_extents(glyph.codepoint)
        if extents is not None:
            lowest = min(lowest, extents.y_bearing + extents.height + position.y_offset)
    return max(0.0, (-lowest - metrics.descent) / metrics.line)


def ems(face: Face, text: str) -> float:
    """How wide one line of text in characters of this font is, in its sizes: text of 3 ems in 10 points is 30 points wide."""
    return _units(face, text) / _metrics(face).em


def _units(face: Face, text: str) -> int:
    return sum(position.x_advance for _, position in _shaped(face, text))


def _shaped(face: Face, text: str) -> Iterator[tuple[Any, Any]]:
    """The glyphs of a text and where each is, word by word, as HarfBuzz has them."""
    import uharfbuzz

    for word in re.split(r"(\s+)", text):
        buffer: Any = uharfbuzz.Buffer()
        buffer.add_str(word)
        buffer.guess_segment_properties()
        uharfbuzz.shape(_metrics(face).font, buffer)
        yield from zip(buffer.glyph_infos or (), buffer.glyph_positions or (), strict=True)


def _guess(character: str) -> float:
    if is_attached(character):
        return 0.0
    return _GUESS_WIDE if is_wide(character) or ord(character) > 0xFFFF else _GUESS_NARROW


def separator(first: str, second: str) -> str:
    """What is between two words: a space, unless they are Chinese or Japanese."""
    return "" if is_ideograph(first[-1:]) and is_ideograph(second[:1]) else " "


def paragraphs(text: str) -> list[str]:
    """`text` at its line breaks, tabs as spaces and without characters that control devices or only join emoji."""
    parted = _JOINS.sub("", text)
    return ["".join(filter(_is_printed, line.replace("\t", "    "))) for line in _BREAKS.split(parted)]


def han_of(text: str, language: str | None = None) -> Han:
    """Whose ideographs `text` is written in: by its language (BCP 47), or by the kana or Hangul beside them."""
    told = (language or "").lower().replace("_", "-").split("-")
    if told[0] in ("ja", "ko"):
        return "ja" if told[0] == "ja" else "ko"
    if told[0] in ("zh", "yue"):
        return "zh-Hant" if {"hant", "tw", "hk", "mo", "yue"} & set(told) else "zh"
    return "ja" if _KANA.search(text) else "ko" if _HANGUL.search(text) else "zh"


def _is_printed(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs")


def spoken_units(text: str) -> list[str]:
    """What can be said one after the other: words, and ideographs with the punctuation at their sides."""
    return [unit for word in text.split() for unit in ideographs(word)]
