"""Regular expressions as RE2 understands them, carried out by Python's `re`.

What RE2 lacks (look-around, back-references, possessive and atomic groups) is refused, so that rules that pass here pass
there. Of what Python lacks, Unicode classes (`\\p{…}`) are refused and POSIX classes are translated."""

import re
from functools import lru_cache

from .errors import EvaluationError

_FOREIGN = re.compile(r"\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\(\?(?:<?[=!]|>|\(|P=)|[*+?}]\+|\$", re.DOTALL)
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t-\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_POSIX_CLASS = re.compile(r"\[:(\w+):\]")


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, ready for use. Raises EvaluationError if it is none of RE2's."""
    try:
        return re.compile(_FOREIGN.sub(_translated, pattern), re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise EvaluationError(f'Invalid regular expression "{pattern}": {error}.') from None


def _translated(match: re.Match[str]) -> str:
    piece = match[0]
    if piece == "$":
        return r"\Z"  # Python's $ also stands before a last newline, RE2's does not.
    if piece.startswith("["):
        return _POSIX_CLASS.sub(_posix, piece)
    if piece == r"\z":
        return r"\Z"
    if piece[0] == "\\" and not (piece[1].isdigit() and piece[1] != "0") and piece[1] not in "pPZkgQEC":
        return piece
    raise EvaluationError(f'Invalid regular expression: "{piece}" is not supported.')


def _posix(match: re.Match[str]) -> str:
    if match[1] not in _POSIX:
        raise EvaluationError(f'Invalid regular expression: "{match[0]}" is no class.')
    return _POSIX[match[1]]
