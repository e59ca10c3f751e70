"""Words: how times, values and names are said."""

import re
from fractions import Fraction
from functools import cache

from shared.kompositions.model import Time, Unit

_LONGEST = 40
_GENERATED = re.compile(
    r"(?:[a-z]{1,3}|segment|clip|item|text|image|overlay|effect|source|track)?[-_ ]?\d+|[0-9a-f]{8}[0-9a-f-]*|\S{20,}",
    re.I,
)


def number(value: Fraction | float) -> str:
    """A number in at most ten digits."""
    return f"{float(value):.10g}"


def quoted(text: str) -> str:
    """The text in quotes, shortened when it is long."""
    short = " ".join(text.split())
    return f"'{short if len(short) <= _LONGEST else short[: _LONGEST - 1] + '…'}'"


@cache
def label(name: str) -> str:
    """A field's name as words: `fade_in` and `fadeIn` are "fade in"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").lower()


def said(name: str) -> bool:
    """Whether people say the id, because one of them chose it; else they count: "segment 3"."""
    return name != "" and _GENERATED.fullmatch(name) is None


def length(time: Time) -> str:
    """A time with its unit, without its sign."""
    return counted(abs(time.value), time.unit)


def counted(value: Fraction, unit: Unit) -> str:
    """So many of a unit: "1 beat", "4 beats"."""
    return f"{number(value)} {unit.value if value != 1 else unit.value[:-1]}"


def span(start: Time, end: Time | None) -> str:
    """A range: "from 0 to 4 beats"."""
    if end is None:
        return f"from {length(start)} on"
    if start.unit is end.unit or not start.value:
        return f"from {number(start.value)} to {length(end)}"
    return f"from {length(start)} to {length(end)}"


def with_article(noun: str) -> str:
    """The noun with "a" or "an"."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def ordinal(place: int) -> str:
    """1 is "1st"."""
    tail = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{tail}"


def shown(value: object) -> str:
    """Any value of a field, briefly."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case Time():
            return f"{'-' if value.value < 0 else ''}{length(value)}"
        case int() | float():
            return number(value)
        case str():
            return quoted(value)
        case list() if all(isinstance(entry, str) for entry in value):
            return ", ".join(quoted(entry) for entry in value) or "none"
        case list():
            return "1 entry" if len(value) == 1 else f"{len(value)} entries"
        case dict():
            return "1 field" if len(value) == 1 else f"{len(value)} fields"
        case _:
            return "set"
