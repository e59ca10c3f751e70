"""A set of sequences as arrays: each distinct sequence once, with how often it is there."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Database:
    """All sequences one after the other. A token is a position in them.

    By token: `item`, its number in `items`; `sequence`; `before`, the last token of the same item earlier in the sequence,
    or -1; `end`, where its sequence ends. By sequence: `weight`, how often it is there. `size`: how many sequences there are,
    with the empty ones."""

    items: list[Hashable]
    item: "Numbers"
    sequence: "Numbers"
    before: "Numbers"
    end: "Numbers"
    weight: "Numbers"
    size: int

    @property
    def longest(self) -> int:
        """The length of the longest sequence."""
        import numpy as np

        return int(np.bincount(self.sequence).max(initial=0))

    @classmethod
    def of(cls, sequences: Iterable[Sequence[Hashable]]) -> "Database":
        """The database of these sequences; the items are numbered in their order, if they have one, or as they come."""
        import numpy as np

        counted: Counter[tuple[Hashable, ...]] = Counter(map(tuple, sequences))
        size = counted.total()
        counted.pop((), None)
        items = _in_order(dict.fromkeys(chain.from_iterable(counted)))
        number = {item: place for place, item in enumerate(items)}
        item = np.fromiter(map(number.__getitem__, chain.from_iterable(counted)), np.int64)
        lengths = np.fromiter(map(len, counted), np.int64, len(counted))
        sequence = np.repeat(np.arange(len(lengths)), lengths)
        end = np.repeat(np.cumsum(lengths), lengths)
        weight = np.fromiter(counted.values(), np.int64, len(counted))
        return cls(items, item, sequence, _before(item, sequence), end, weight, size)


def _in_order(items: Iterable[Hashable]) -> list[Hashable]:
    unsorted: list[Any] = list(items)
    try:
        return sorted(unsorted)
    except TypeError:
        return unsorted


def _before(item: "Numbers", sequence: "Numbers") -> "Numbers":
    """Of every token the last one of its item that is earlier in its sequence, or -1."""
    import numpy as np

    small = item.astype(np.uint16) if item.max(initial=0) < 1 << 16 else item
    order = np.argsort(small, kind="stable")
    before = np.full(len(item), -1)
    same = (item[order[1:]] == item[order[:-1]]) & (sequence[order[1:]] == sequence[order[:-1]])
    before[order[1:][same]] = order[:-1][same]
    return before
