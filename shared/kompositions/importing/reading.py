"""Reading: from bytes or text to JSON values, however many there are, with the place of every mistake."""

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.kompositions.importing.tidying import Repeated, Unreadable

_NEXT_VALUE = re.compile(r"^[{\[]", re.MULTILINE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LONGEST_INTEGER = 1000


@dataclass(frozen=True)
class Value:
    """A JSON value of a text, which begins at `start`."""

    value: Any
    start: int = 0
    skipped: str = ""
    """What stands before it that is no JSON."""


@dataclass(frozen=True)
class Unparsed:
    """What could not be read, and why; `line` and `column` count from 1."""

    start: int
    position: int
    line: int
    column: int
    reason: str

    @property
    def detail(self) -> str:
        """A sentence with the place."""
        return f"This is not JSON: {self.reason} at line {self.line}, column {self.column}."


def decode(data: bytes) -> tuple[str, bool]:
    """The text of JSON in UTF-8, UTF-16 or UTF-32, with or without a byte order mark, and whether all bytes fit.

    Those that do not become U+FFFD."""
    mark, encoding = next((found for found in _MARKS if data.startswith(found[0])), (b"", json.detect_encoding(data)))
    body = data[len(mark) :]
    try:
        return body.decode(encoding), True
    except UnicodeDecodeError:
        return body.decode(encoding, errors="replace"), False


def read_values(text: str) -> Iterator[Value | Unparsed]:
    """All values of a text of one or several, one after the other.

    Text before and between them is skipped; after a broken one, reading goes on where a line begins with a brace or bracket."""
    position = skip_space(text, 1 if text.startswith("\ufeff") else 0)
    skipped, count = "", 0
    while position < len(text):
        value, end = _read(text, position)
        junk = isinstance(value, Unparsed) and text[position] not in "{["
        if isinstance(value, Value):
            yield Value(value.value, position, skipped)
        elif not junk:
            yield value
        if isinstance(value, Unparsed):
            following = _NEXT_VALUE.search(text, max(end, position + 1))
            end = following.start() if following else len(text)
            if junk and following is None:
                yield value
        skipped = text[position:end] if junk else ""
        position, count = skip_space(text, end), count + 1
    if count == 0:
        yield Unparsed(0, position, *place(text, position), "there is nothing")


def skip_space(text: str, position: int) -> int:
    """Where the next character is that is not JSON's white space."""
    while position < len(text) and text[position] in " \t\n\r":
        position += 1
    return position


def place(text: str, position: int) -> tuple[int, int]:
    """Line and column of a position, both from 1."""
    before = text.rfind("\n", 0, position)
    return text.count("\n", 0, position) + 1, position - before


def _read(text: str, start: int) -> tuple[Value | Unparsed, int]:
    try:
        value, end = DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        reason = f"{error.msg[0].lower()}{error.msg[1:]}"
        return Unparsed(start, error.pos, *place(text, error.pos), reason), error.pos
    except RecursionError:
        return Unparsed(start, start, *place(text, start), "objects and lists lie in each other too deep"), len(text)
    return Value(value, start), end


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    repeated = Repeated(made)
    repeated.keys_twice = tuple(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
    return repeated


def _integer(digits: str) -> int | Unreadable:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else Unreadable(digits)


def _decimal(digits: str) -> float | Unreadable:
    value = float(digits)
    return value if value not in (float("inf"), float("-inf")) else Unreadable(digits)


DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_decimal, parse_constant=Unreadable
)
"""Reads JSON as the importer does: `Repeated` objects where keys are given twice, `Unreadable` numbers."""
