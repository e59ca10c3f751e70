"""Reading: from bytes or text to JSON values, however many there are, with the place of every mistake."""

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from shared.kompositions.importing.relaxing import relaxed
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
MAX_BROKEN = 100
"""Broken values of a text; after so many the rest is not read."""


@dataclass(frozen=True)
class Value:
    """A JSON value of a text, which begins at `start`."""

    value: Any
    start: int = 0
    skipped: str = ""
    """What stands before it that is no JSON."""
    relaxed: str | None = None
    """The whole text with spaces for what is no JSON within it, where that was needed to read it."""


@dataclass(frozen=True)
class Unparsed:
    """What could not be read, and why: the `position` in the text is that of the mistake."""

    text: str = field(repr=False)
    position: int
    reason: str

    @property
    def detail(self) -> str:
        """A sentence with the place, from 1."""
        line, column = place(self.text, self.position)
        return f"This is not JSON: {self.reason} at line {line}, column {column}."


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

    Text before and between them is skipped, and so are comments and needless commas in one that cannot be read with them; after
    a broken one, reading goes on where a line begins with a brace or bracket."""
    position = skip_space(text, 1 if text.startswith("\ufeff") else 0)
    skipped, count, broken = "", 0, 0
    loose: str | None = None
    while position < len(text):
        value, end = _read(loose or text, position)
        junk = isinstance(value, Unparsed) and text[position] not in "{["
        if isinstance(value, Unparsed) and not junk and loose is None:
            loose = text[:position] + relaxed(text[position:])
            again, stop = _read(loose, position)
            if isinstance(again, Value):
                value, end = again, stop
        if isinstance(value, Value):
            needed = loose is not None and loose[position:end] != text[position:end]
            yield replace(value, skipped=skipped, relaxed=loose if needed else None)
        elif not junk:
            broken += 1
            yield value
            if broken == MAX_BROKEN:
                yield Unparsed(text, value.position, f"{MAX_BROKEN} values could not be read; the rest was not tried,")
                return
        if isinstance(value, Unparsed):
            following = _NEXT_VALUE.search(text, max(end, position + 1))
            end = following.start() if following else len(text)
            if junk and following is None:
                yield value
        skipped = text[position:end] if junk else ""
        position, count = skip_space(text, end), count + 1
    if count == 0:
        yield Unparsed(text, position, "there is nothing")


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
        return Unparsed(text, error.pos, reason), error.pos
    except RecursionError:
        return Unparsed(text, start, "objects and lists lie in each other too deep"), len(text)
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
