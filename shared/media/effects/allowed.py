"""Which FFmpeg filters a komposition may name, with which options, and what each option may be (allowed_filters.yaml)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from shared.core.declared import read_declared
from shared.media.effects.kind import Medium

_LIST = Path(__file__).with_name("allowed_filters.yaml")
_DIGITS = r"[0-9]{1,12}"
_NUMBER = rf"[-+]?(?:{_DIGITS}(?:\.[0-9]{{0,12}})?|\.[0-9]{{1,12}})(?:[eE][-+]?[0-9]{{1,2}})?"
_ANGLE = rf"{_NUMBER}|-?(?:{_NUMBER}\*)?PI(?:[*/]{_NUMBER}){{0,2}}"
_WINDOW = rf"between\([tn],{_NUMBER},{_NUMBER}\)|(?:gte|gt|lte|lt)\([tn],{_NUMBER}\)"
_NAMES = "black|white|gray|silver|red|green|blue|yellow|cyan|magenta|orange|purple|brown|pink|navy|teal|olive|maroon"
_COLOR = rf"(?:(?:#|0x)[0-9a-fA-F]{{6}}|(?:{_NAMES}))(?:@{_NUMBER})?"
_POINT = r"(?:0(?:\.[0-9]{0,9})?|\.[0-9]{1,9}|1(?:\.0{0,9})?)"


@dataclass(frozen=True)
class Option:
    """An option of a filter: FFmpeg's full name, and what it may be, for people and as a test."""

    name: str
    kind: str
    accepts: Callable[[str], bool]


@dataclass(frozen=True)
class AllowedFilter:
    """A filter: its options by every name they have, and in the order in which values without a name mean them."""

    name: str
    medium: Medium
    options: Mapping[str, Option]
    order: tuple[Option, ...]


@cache
def allowed_filters() -> Mapping[str, AllowedFilter]:
    """Every filter that may be named."""
    listed = read_declared(_LIST)
    media: tuple[Medium, ...] = ("picture", "sound")
    return {
        name: _filter(name, medium, options, timed=name not in listed["untimed"])
        for medium in media
        for name, options in listed[medium].items()
    }


def _filter(name: str, medium: Medium, listed: Mapping[str, str], *, timed: bool) -> AllowedFilter:
    named, order = {}, []
    for names, kind in listed.items():
        option = Option(names.split("/")[0], kind, _test(kind))
        order.append(option)
        named.update(dict.fromkeys(names.split("/"), option))
    if timed:
        named["enable"] = Option("enable", "between(t,A,B), or gte, gt, lte or lt of t or n", _matches(_WINDOW))
    return AllowedFilter(name, medium, named, tuple(order))


def _test(kind: str) -> Callable[[str], bool]:
    """What a kind of value accepts; see the head of the list."""
    head, _, rest = kind.partition(" ")
    if head in _PATTERNS:
        return _matches(_PATTERNS[head])
    if head in ("words", "flags"):
        words = "|".join(re.escape(word) for word in rest.split("|"))
        return _matches(f"(?:{words})" if head == "words" else rf"(?:{words})(?:\+(?:{words}))*")
    if head == "points":
        return _is_curve
    low, high = (float(bound) for bound in (rest or head).split(".."))
    if head == "level":
        return lambda text: _in(low, high, text) or (text.endswith("dB") and _in_decibels(low, high, text[:-2]))
    if head in ("whole", "odd"):
        whole = _matches(rf"-?{_DIGITS}")
        return lambda text: whole(text) and low <= int(text) <= high and (head == "whole" or int(text) % 2 == 1)
    return lambda text: _in(low, high, text)


_PATTERNS = {
    "flag": "0|1|true|false",
    "angle": _ANGLE,
    "seconds": rf"{_DIGITS}(?:\.[0-9]{{0,6}})?",
    "color": _COLOR,
    "never": r"(?!)",
}


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text) is not None


def _in(low: float, high: float, text: str) -> bool:
    return re.fullmatch(_NUMBER, text) is not None and low <= float(text) <= high


def _in_decibels(low: float, high: float, text: str) -> bool:
    return (
        re.fullmatch(_NUMBER, text) is not None and abs(float(text)) < 300 and low <= 10 ** (float(text) / 20) <= high
    )


def _is_curve(text: str) -> bool:
    """Points in/out, each 0 to 1, from left to right."""
    if not re.fullmatch(rf"{_POINT}/{_POINT}(?: {_POINT}/{_POINT}){{0,31}}", text):
        return False
    places = [float(point.split("/")[0]) for point in text.split(" ")]
    return all(after - before >= 0.004 for before, after in pairwise(places))
