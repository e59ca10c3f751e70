"""Candidates: every stretch of whole sentences and scenes that has a length that was asked for."""

from collections.abc import Iterator

from shared.clips.material import Material, Span


def candidates(material: Material, shortest: float, longest: float) -> tuple[Span, ...]:
    """All stretches that begin and end at edges of units and take `shortest` to `longest` seconds.

    Of a recording in which none is that long, all of what is said."""
    found = tuple(_windows(material, shortest, longest))
    if found or not material.units:
        return found
    whole = (material.units[0].first_gap, material.units[-1].last_gap)
    return (whole,) if material.edges.duration(*whole) < shortest else tuple(_windows(material, 0.0, longest))


def _windows(material: Material, shortest: float, longest: float) -> Iterator[Span]:
    units = material.units
    for place, opening in enumerate(units):
        for closing in units[place:]:
            seconds = material.edges.duration(opening.first_gap, closing.last_gap)
            if seconds > longest:
                break
            if seconds >= shortest:
                yield opening.first_gap, closing.last_gap
