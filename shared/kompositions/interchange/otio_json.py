"""OTIO's JSON: values of nodes that may hold anything; what is not of its kind counts as not there."""

from fractions import Fraction
from functools import lru_cache
from typing import Any

from shared.kompositions.interchange.assembling import Document

DEEPEST = 12
_LONGEST = Fraction(10**6)
"""Seconds."""
_LARGEST = 1e12


def schema(node: Any) -> str:
    """The name of a node's schema without its version: "Clip"."""
    name = node.get("OTIO_SCHEMA") if isinstance(node, dict) else None
    return name.split(".")[0] if isinstance(name, str) else ""


def entries(value: Any) -> list[Any]:
    """A list."""
    return value if isinstance(value, list) else []


def fields(value: Any) -> Document:
    """An object."""
    return value if isinstance(value, dict) else {}


def words(value: Any) -> str:
    """A string."""
    return value if isinstance(value, str) else ""


def finite(value: Any) -> int | float | None:
    """A number that is not endless."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < _LARGEST else None


@lru_cache(64)
def _rational(rate: float) -> Fraction:
    for whole in (24, 30, 48, 60, 120):
        if abs(rate - whole / 1.001) < 0.005:
            return Fraction(whole * 1000, 1001)
    return Fraction(rate).limit_denominator(1001)


def exact_rate(value: Any) -> Fraction | None:
    """A frame rate as a rational: 23.976… is 24000/1001. None if it is none."""
    rate = finite(value)
    if rate is None or not 1 <= rate <= 1e6:
        return None
    return _rational(rate)


def seconds_of(node: Any) -> Fraction | None:
    """A RationalTime in seconds."""
    value, rate = finite(fields(node).get("value")), exact_rate(fields(node).get("rate"))
    if rate is None or value is None:
        return None
    frames = Fraction(int(value)) if value == int(value) else Fraction(value).limit_denominator(10**6)
    moment = frames / rate
    return moment if abs(moment) <= _LONGEST else None


def first_rate(node: Any, depth: int) -> Fraction | None:
    """Of the first range that has one."""
    found = exact_rate(fields(fields(fields(node).get("source_range")).get("duration")).get("rate"))
    children = entries(fields(node).get("children")) if depth < DEEPEST else []
    return found or next((rate for child in children if (rate := first_rate(child, depth + 1))), None)


def fraction(value: Any) -> Fraction | None:
    """A fraction as Kompo writes it: "1/3"."""
    try:
        return Fraction(value) if isinstance(value, str) and len(value) < 60 else None
    except (ValueError, ZeroDivisionError):
        return None


def reference_of(node: Document) -> Document:
    """The media reference in use."""
    references = fields(node.get("media_references"))
    active = node.get("active_media_reference_key")
    return fields(references.get(active) if isinstance(active, str) else None) or fields(node.get("media_reference"))


def length_of(node: Any, depth: int) -> Fraction | None:
    """Seconds of an item: of its range, else of its media, else of what is in it."""
    length = seconds_of(fields(fields(node).get("source_range")).get("duration"))
    if length is None:
        length = seconds_of(fields(fields(reference_of(fields(node)).get("available_range"))).get("duration"))
    children = entries(fields(node).get("children"))
    if length is not None or not children or depth > DEEPEST:
        return length
    lengths = [length_of(child, depth + 1) or Fraction(0) for child in children if schema(child) != "Transition"]
    return max(lengths) if schema(node) == "Stack" else sum(lengths, Fraction(0))
