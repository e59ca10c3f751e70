"""Globs on names of objects, as `matchGlob` takes them."""

import re

from infra.local.storage.errors import invalid

_PIECE = re.compile(r"\*\*/|\*\*|\*|\?|\[[!^]?[^\]]+\]|\{|\}|,|\\.|.", re.DOTALL)
_WILDCARDS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def glob_pattern(glob: str) -> re.Pattern[str]:
    """The pattern that a whole name must match: `*` and `?` stay within a folder, `**` does not; `[a-z]`, `[!a]`, `{a,b}`.

    Raises StorageError 400."""
    pattern, depth = "", 0
    for piece in _PIECE.findall(glob):
        depth += (piece == "{") - (piece == "}")
        if depth < 0:
            break
        pattern += _translated(piece, inside=depth > 0)
    if depth:
        raise invalid("The braces of matchGlob are not balanced.")
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error as error:
        raise invalid(f"matchGlob is not a glob: {error}") from error


def _translated(piece: str, *, inside: bool) -> str:
    if piece in _WILDCARDS:
        return _WILDCARDS[piece]
    if piece[0] == "[" and len(piece) > 1:
        negated = piece[1] in "!^"
        members = piece[2 if negated else 1 : -1].replace("\\", r"\\").replace("[", r"\[")
        return f"[^/{members}]" if negated else f"[{members}]"
    if piece == "{":
        return "(?:"
    if piece == "}":
        return ")"
    if piece == "," and inside:
        return "|"
    return re.escape(piece[-1])
