"""Wrapping: where the lines of a text break, whatever measures it."""

import re
import unicodedata
from collections.abc import Callable, Iterator

from shared.typography.graphemes import graphemes, is_attached
from shared.typography.thai import thai_words

Measure = Callable[[str], float]
"""How wide a text is on one line, in any unit."""

_TOKENS = re.compile(r"(\s*)(\S+)")
_THAI = re.compile("([\u0e00-\u0e7f]{2,})")
_OPENING, _CLOSING = ("Ps", "Pi"), ("Pe", "Pf", "Po")
_SMALL_KANA = frozenset("ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ")


def wrap(paragraph: str, width: float, measure: Measure) -> list[str]:
    """The lines of a paragraph, none wider than `width` unless it is one grapheme."""
    lines, line, used = [], "", 0.0
    for space, token in tokens(paragraph, width, measure):
        wide = measure(space) + measure(token)
        if line and used + wide > width:
            lines.append(line)
            line, used = token, measure(token)
        else:
            line, used = line + space + token, used + wide
    return [*lines, line]


def tokens(paragraph: str, width: float, measure: Measure) -> Iterator[tuple[str, str]]:
    """What may not be broken, and the space before it; words that are wider than a line are broken all the same."""
    for space, word in _TOKENS.findall(paragraph):
        before = space
        for token in unbroken(word):
            for piece in _fitting(token, width, measure):
                yield before, piece
                before = ""


def unbroken(word: str) -> Iterator[str]:
    """A word in the pieces that a line may break between: its ideographs, and the words of Thai, which writes none apart."""
    for part in _THAI.split(word):
        yield from thai_words(part) if _THAI.fullmatch(part) else ideographs(part)


def ideographs(word: str, is_apart: Callable[[str], bool] | None = None) -> Iterator[str]:
    """A word in its ideographs, with punctuation kept at its side, and what is between them. `is_apart`: what counts as an
    ideograph; unset, whatever a line may break beside, which emoji are too."""
    apart = is_apart or is_ideograph
    if word and word.isascii():
        yield word
        return
    piece = ""
    for character in word:
        kind = unicodedata.category(character)
        breaks = piece and (apart(character) or apart(piece[-1]))
        stays = kind in (*_CLOSING, "Lm") or is_attached(character) or character in _SMALL_KANA
        if breaks and not stays and unicodedata.category(piece[-1]) not in _OPENING:
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def is_wide(character: str) -> bool:
    """Whether it is as wide as it is high, as ideographs are."""
    return unicodedata.east_asian_width(character) in "WF"


def is_ideograph(character: str) -> bool:
    """Whether a line may break beside it: wide, and no syllable of Korean, which has spaces between words."""
    hangul = "\uac00" <= character <= "\ud7a3" or "\u1100" <= character <= "\u11ff"
    return bool(character) and is_wide(character) and not hangul


def _fitting(token: str, width: float, measure: Measure) -> list[str]:
    if measure(token) <= width:
        return [token]
    pieces = [""]
    used = 0.0
    for grapheme in graphemes(token):
        wide = measure(grapheme)
        if pieces[-1] and used + wide > width:
            pieces.append("")
            used = 0.0
        pieces[-1] += grapheme
        used += wide
    return pieces
