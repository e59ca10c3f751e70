"""A pattern: what many sequences have in common."""

from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(frozen=True)
class SequencePattern:
    """Items in this order, with as much in between as the search allowed.

    `support`: how many sequences hold it. `occurrences`: in how many ways they do; each choice of positions counts, so that
    (a, b) occurs three times in a b a b when anything may be in between, and twice when nothing may."""

    items: tuple[Hashable, ...]
    support: int
    occurrences: int

    def __len__(self) -> int:
        return len(self.items)
