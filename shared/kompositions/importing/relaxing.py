"""Relaxing: what people write into JSON that is none, taken out of it: comments, and commas before a closing bracket.

Each character becomes a space, so that every place in the text stays what it was."""

import re

# What does not end ends with the text: no character is looked at twice.
_STRING = r'"(?:[^"\\]|\\.)*(?:"|\Z)'
_COMMENT = re.compile(rf"{_STRING}|//[^\n]*|/\*[^*]*(?:\*(?!/)[^*]*)*(?:\*/|\Z)", re.DOTALL)
_COMMA = re.compile(rf"{_STRING}|,(?=[ \t\r\n]*[}}\]])", re.DOTALL)
_NOT_A_LINE = re.compile(r"[^\r\n]")


def relaxed(text: str) -> str:
    """The text without them, as long as before and with the same lines."""
    return _COMMA.sub(_blank, _COMMENT.sub(_blank, text))


def _blank(found: re.Match[str]) -> str:
    """Strings stay as they are."""
    return found[0] if found[0].startswith('"') else _NOT_A_LINE.sub(" ", found[0])
