"""Graphemes: what readers take for one character, however many characters of Unicode it is written with."""

import unicodedata
from collections.abc import Iterator

_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
_VOWELS_AND_FINALS = range(0x1160, 0x1200)
"""Of a Korean syllable in parts."""
_AM = ("\u0e33", "\u0eb3")
"""The vowel of Thai and Lao that stands above one consonant and beside it."""
_LEADING = frozenset("\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4")
"""Vowels of Thai and Lao that are written before the consonant after which they are spoken."""
_FOLLOWING = frozenset("\u0e30\u0e32\u0e45\u0e2f\u0e46\u0eb0\u0eb2\u0ebd\u0eaf\u0ec6")
"""Vowels of Thai and Lao that are written after it, and signs that end a word."""
_KILLS_VOWEL, _JOINER = 9, "\u200d"
"""The combining class of the sign that makes one shape of the consonants around it, as in Devanagari."""


def is_attached(character: str) -> bool:
    """Whether it belongs to the character before: an accent, a vowel sign, a joiner, a mark of direction, a skin tone."""
    return (
        unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
        or character in _AM
        or ord(character) in _SKIN_TONES
        or ord(character) in _VOWELS_AND_FINALS
    )


def graphemes(text: str) -> Iterator[str]:
    """`text` in pieces that no line may break within."""
    piece = ""
    for character in text:
        if piece and not is_attached(character) and not _goes_on(piece, character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _goes_on(piece: str, character: str) -> bool:
    """Whether a character that could stand alone belongs to what is before it: a flag is two letters, a Thai syllable more."""
    if piece[-1] in _LEADING or character in _FOLLOWING:
        return True
    if ord(character) in _FLAGS:
        return len(piece) == 1 and ord(piece) in _FLAGS
    conjunct = unicodedata.combining(piece[-1]) == _KILLS_VOWEL and unicodedata.category(character) == "Lo"
    return conjunct or (piece[-1] == _JOINER and len(piece) > 1)
