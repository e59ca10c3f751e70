"""Readings: what a rule sees when it is evaluated, for each set of labels that there is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Labels = tuple[tuple[str, str], ...]
"""Names and values, in the order of the names. Empty: all events together."""


@dataclass(frozen=True)
class Reading:
    """The value of what is watched, None where nothing was measured; how many samples are in it; what there is to say of it.
    `counts`: it tells how much or how many there is of something, and that there is nothing is a value."""

    value: float | None
    samples: int
    detail: str = ""
    counts: bool = False


@dataclass(frozen=True)
class Failure:
    """The rule could not be evaluated, and why."""

    reason: str


Readings = Mapping[Labels, Reading]


def labels_of(pairs: Iterable[tuple[str, str]]) -> Labels:
    """Labels as readings are kept by."""
    return tuple(sorted(pairs))
