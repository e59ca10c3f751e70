"""Salvage: JSON out of what language models write around it, and into it."""

import json
import re
from collections.abc import Iterator

from pydantic import JsonValue

_MOST = 400_000
"""Characters that are looked at."""
_DEEPEST = 50
"""Brackets within one another; no answer has more than six."""
_LITERALS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|\b(?:True|False|None|NaN|-?Infinity)\b', re.DOTALL)
_JSON_FOR = {"True": "true", "False": "false"}
_COMMA = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|,(?=\s*[}\]])', re.DOTALL)


def salvaged(text: str) -> JsonValue:
    """The first JSON object or list in a text: within prose or a code fence, with commas too many, Python's literals, line breaks
    in strings; of one that was cut off, what is whole. Raises ValueError if there is none."""
    for start in _openings(text[:_MOST]):
        for candidate in _readings(text[start:_MOST]):
            try:
                found: JsonValue = json.JSONDecoder(strict=False).raw_decode(candidate)[0]
            except (ValueError, RecursionError):
                continue
            return found
    raise ValueError("There is no JSON in it.")


def whole(text: str) -> str:
    """The text with `?` for halves of characters (lone surrogates), which nothing can be written with."""
    return text.encode(errors="replace").decode()


def _openings(text: str) -> Iterator[int]:
    """Where an object, or a list of objects, may begin: in the outermost braces first."""
    for found in list(re.finditer(r"\{|\[(?=\s*[\[{\]])", text))[:20]:
        yield found.start()


def _readings(text: str) -> Iterator[str]:
    """The text as it is, then mended, then mended and closed at its last whole item."""
    yield text
    mended = _COMMA.sub(lambda match: "" if match[0] == "," else match[0], _LITERALS.sub(_as_json, text))
    yield mended
    yield from _closed(mended)


def _as_json(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith('"') else _JSON_FOR.get(match[0], "null")


def _closed(text: str) -> Iterator[str]:
    """The text up to the end of each of its last whole items, the later the better, with what is still open there closed."""
    ends: list[tuple[int, str]] = []
    open_brackets: list[str] = []
    in_string = escaped = False
    for place, char in enumerate(text):
        if in_string:
            in_string = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            in_string = True
        elif char in "{[":
            open_brackets.append("}" if char == "{" else "]")
            if len(open_brackets) > _DEEPEST:
                break
        elif char in "}]" and open_brackets:
            open_brackets.pop()
            ends.append((place + 1, "".join(reversed(open_brackets))))
    for end, closing in reversed(ends[-50:]):
        yield text[:end] + closing
