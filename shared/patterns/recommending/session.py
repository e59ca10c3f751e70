"""Sessions: the sequences that models learn from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

START = ""
"""Stands before the first item of a session; no item is named so."""


@dataclass(frozen=True, slots=True)
class Session:
    """Items in the order in which they came, and how many sessions were just that.

    A session can be a part of a longer one: then the first `known` items are there as context alone, because another part has
    told of them, and `begins` is False if something came before."""

    items: tuple[str, ...]
    count: int = 1
    known: int = 0
    begins: bool = True


def sessions_of(sequences: Iterable[Sequence[str]]) -> list[Session]:
    """Each sequence as a session of its own; empty ones are left out."""
    return [Session(tuple(sequence)) for sequence in sequences if sequence]


def contexts(prefix: Sequence[str], longest: int, *, begins: bool = True) -> list[tuple[str, ...]]:
    """What stands before the next item: the last 1, 2, … `longest` items, START included where it is in reach."""
    behind = (START, *prefix) if begins and len(prefix) < longest else tuple(prefix[-longest:])
    return [behind[-length:] for length in range(1, min(longest, len(behind)) + 1)]
