"""Candidates: every stretch of whole sentences and scenes that has a length that was asked for."""

from collections.abc import Iterator
from itertools import islice

from shared.clips.material import Material, Span


def candidates(material: Material, shortest: float, longest: float) -> tuple[Span, ...]:
    """All stretches that begin and end at edges of units and take `shortest` to `longest` seconds.

    Of a recording in which none is that long, all of what is said."""
    found = tuple(_windows(material, shortest, longest))
    if found or not material.units:
        return found
    whole = (material.units[0].first_gap, material.units[-1].last_gap)
    return (whole,) if material.edges.duration(*whole) < shortest else tuple(_windows(material, 0.0, longest))


def room(material: Material, shortest: float, longest: float, enough: int) -> int:
    """How many stretches of `shortest` to `longest` seconds can stand side by side; counted up to `enough`."""
    count, opening = 0, 0
    while opening < len(material.units) and count < enough:
        first = next(_windows_from(material, opening, shortest, longest), None)
        count += first is not None
        opening = opening + 1 if first is None else material.units_in(first).stop
    return count


def _windows(material: Material, shortest: float, longest: float) -> Iterator[Span]:
    for opening in range(len(material.units)):
        yield from _windows_from(material, opening, shortest, longest)


def _windows_from(material: Material, opening: int, shortest: float, longest: float) -> Iterator[Span]:
    """Those that begin with the unit `opening`, the shortest first."""
    first = material.units[opening].first_gap
    for closing in islice(material.units, opening, None):
        seconds = material.edges.duration(first, closing.last_gap)
        if seconds > longest:
            break
        if seconds >= shortest:
            yield first, closing.last_gap
