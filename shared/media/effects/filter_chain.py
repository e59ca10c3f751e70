"""FilterChain: a chain of FFmpeg filters written as text, read strictly and held to the list of allowed ones.

What is read here is all that FFmpeg ever sees: the graph is built from these parts, never from the text."""

import re
from dataclasses import dataclass

from shared.media.effects.allowed import AllowedFilter, Option, allowed_filters
from shared.media.effects.kind import Medium

LONGEST = 2000
MOST_FILTERS = 20
_BLANK = " \t\r\n"
_KEY = re.compile(r"[ \t\r\n]*([A-Za-z0-9_]{1,64})[ \t\r\n]*=")


class FilterRefused(ValueError):
    """The text is not a chain of allowed filters; the message names the filter and says what to do."""


@dataclass(frozen=True)
class FilterCall:
    """A filter with its options under FFmpeg's full names, in the order written."""

    name: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FilterChain:
    """Filters one after the other, all on pictures or all on sound."""

    medium: Medium
    calls: tuple[FilterCall, ...]


def parse_chain(text: str) -> FilterChain:
    """Read `name=value:option=value,name…` with FFmpeg's quotes and escapes. Raises `FilterRefused` for anything else."""
    if len(text) > LONGEST:
        raise FilterRefused(f"The filter is longer than {LONGEST} characters. Make several effects of it.")
    calls, media, place = [], set(), 0
    while True:
        written, place = _read(text, place, "=,;[]")
        allowed = _allowed(written)
        arguments = ""
        if place < len(text) and text[place] == "=":
            arguments, place = _read(text, place + 1, ",;[]")
        calls.append(FilterCall(allowed.name, _options(allowed, arguments)))
        media.add(allowed.medium)
        if place == len(text):
            break
        if text[place] != ",":
            raise FilterRefused("Links and graphs are not taken, only filters in a row, parted by commas.")
        place += 1
    if len(media) > 1:
        raise FilterRefused(
            "Filters on pictures and filters on sound cannot stand in one chain. Make two effects of it."
        )
    if len(calls) > MOST_FILTERS:
        raise FilterRefused(f"There are more than {MOST_FILTERS} filters. Make several effects of it.")
    return FilterChain(media.pop(), tuple(calls))


def _allowed(name: str) -> AllowedFilter:
    found = allowed_filters().get(name)
    if found is None:
        shown = name if len(name) <= 40 else f"{name[:40]}…"
        raise FilterRefused(
            f"The filter {shown!r} is not allowed. Those that are: {', '.join(allowed_filters())}. "
            "See GET /v1/operations for effects that do more."
        )
    return found


def _options(allowed: AllowedFilter, arguments: str) -> tuple[tuple[str, str], ...]:
    """Options by name, or by place before the first one by name, as FFmpeg takes them."""
    given: dict[str, str] = {}
    place, named = 0, False
    while place < len(arguments):
        key = _KEY.match(arguments, place)
        named = named or key is not None
        option = _named(allowed, key.group(1)) if key else _placed(allowed, len(given), named)
        value, place = _read(arguments, key.end() if key else place, ":")
        if option.name in given:
            raise FilterRefused(f"{allowed.name} is given {option.name} twice. Give it once.")
        if not option.accepts(value):
            raise FilterRefused(_unfit(allowed, option, value))
        given[option.name] = value
        place += 1
    return tuple(given.items())


def _named(allowed: AllowedFilter, name: str) -> Option:
    option = allowed.options.get(name)
    if option is None:
        known = ", ".join(option.name for option in allowed.order) or "none"
        raise FilterRefused(f"{allowed.name} may not be given {name!r}. Its options here: {known}.")
    return option


def _placed(allowed: AllowedFilter, place: int, named: bool) -> Option:
    if named:
        raise FilterRefused(f"{allowed.name} has a value without a name after one with a name. Name them all.")
    if place >= len(allowed.order):
        raise FilterRefused(f"{allowed.name} has more values than it takes here ({len(allowed.order)}).")
    return allowed.order[place]


def _unfit(allowed: AllowedFilter, option: Option, value: str) -> str:
    shown = value if len(value) <= 40 else f"{value[:40]}…"
    if option.kind == "never":
        return f"{allowed.name} may not be given {option.name!r}: it reaches files or changes the size. Leave it out."
    return f"{allowed.name} cannot have {option.name}={shown!r}. It may be: {option.kind}."


def _read(text: str, place: int, stops: str) -> tuple[str, int]:
    """The text from `place` to the first of `stops`, without its quotes, escapes and outer blanks; and where it stopped."""
    value: list[str] = []
    solid = 0
    while place < len(text) and text[place] in _BLANK:
        place += 1
    while place < len(text) and text[place] not in stops:
        letter = text[place]
        if letter == "\\":
            if place + 1 == len(text):
                raise FilterRefused("The filter ends with a backslash. Write what it escapes, or leave it out.")
            value.append(text[place + 1])
            place, solid = place + 2, len(value)
        elif letter == "'":
            end = text.find("'", place + 1)
            if end < 0:
                raise FilterRefused("A quote (') is opened and not closed.")
            value.extend(text[place + 1 : end])
            place, solid = end + 1, len(value)
        else:
            value.append(letter)
            place += 1
            solid = solid if letter in _BLANK else len(value)
    return "".join(value[:solid]), place
