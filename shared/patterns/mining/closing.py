"""Closing: which patterns say something that no longer one says, among all or while they are being found."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from shared.patterns.mining.pattern import SequencePattern

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.patterns.mining.database import Database

    Numbers = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Hashes = NDArray[np.uint64]

Items = tuple[int, ...]
Numbered = tuple[Items, SequencePattern]


def closed(patterns: Sequence[Numbered], *, whole: bool) -> list[Numbered]:
    """The patterns that no longer one of `patterns` with the same support contains.

    `whole`: only as it is, one item right after the other; else with others in between, too. `patterns` holds all that are as
    frequent as any of them, so that one item more is enough to look at: between two patterns with the same support, one inside
    the other, every pattern has it."""
    support = {items: pattern.support for items, pattern in patterns}
    contained = {
        part
        for items, pattern in patterns
        for part in _parts(items, whole=whole)
        if support.get(part) == pattern.support
    }
    return [(items, pattern) for items, pattern in patterns if items not in contained]


def _parts(items: Items, *, whole: bool) -> Iterator[Items]:
    """What is left without one item: without the first or the last if it must stay in one piece."""
    last = len(items) - 1
    return (items[:i] + items[i + 1 :] for i in ((0, last) if whole else range(last + 1)))


class Closing:
    """Keeps a search from growing what cannot become closed, and tells what is closed in the end. For gaps of any length.

    When a pattern and one that has an item more match first at the very same places, what continues the one continues the other
    just as often: whatever begins with the shorter is inside of something as frequent that begins with the longer. Sets of
    places and of sequences are compared by sums of random numbers of 64 bits."""

    def __init__(self, database: "Database") -> None:
        import numpy as np

        dice = np.random.default_rng(1)
        self._sequence = database.sequence
        self._of_token = dice.integers(0, 1 << 64, len(database.item), np.uint64)
        self._of_sequence = dice.integers(0, 1 << 64, len(database.weight), np.uint64)
        self._items: list[Items] = []
        self._parent: list[int] = []
        self._places: dict[Items, tuple[int, int]] = {}
        """By pattern its number and the sum for where it matches first."""
        self._sequences: list[int] = []
        self._covered: set[int] = set()
        """The numbers of patterns that one with an item more stands for."""

    def note(self, parents: "Numbers", items: "Numbers", token: "Numbers", pattern: "Numbers") -> None:
        """Take in patterns just found: each the pattern `parents` with one of `items` more, numbered on from the last.

        Where they match first: the tokens, and which of them, from 0, matches there."""
        places = self._sums(self._of_token.take(token), pattern, len(items))
        sequences = self._sums(self._of_sequence.take(self._sequence.take(token)), pattern, len(items))
        self._sequences += sequences
        for parent, item, place in zip(parents.tolist(), items.tolist(), places, strict=True):
            found = (item,) if parent < 0 else (*self._items[parent], item)
            self._places[found] = len(self._items), place
            self._items.append(found)
            self._parent.append(parent)
            for without in range(len(found) - 1):
                number, sum_of_part = self._places.get(found[:without] + found[without + 1 :], (-1, -1))
                if sum_of_part == place:
                    self._covered.add(number)

    @staticmethod
    def _sums(hashes: "Hashes", pattern: "Numbers", count: int) -> list[int]:
        import numpy as np

        sums = np.zeros(count, np.uint64)
        np.add.at(sums, pattern, hashes)
        return sums.tolist()

    def may_grow(self, numbers: "Numbers") -> "Flags":
        """Which of these patterns can become closed ones."""
        import numpy as np

        return np.fromiter((not self._is_covered(number) for number in numbers.tolist()), bool, len(numbers))

    def _is_covered(self, number: int) -> bool:
        while number >= 0:
            if number in self._covered:
                return True
            number = self._parent[number]
        return False

    def closed(self, patterns: Sequence[Numbered]) -> list[Numbered]:
        """Those that no longer one in the same sequences contains, of all that were found."""
        groups: dict[int, list[Numbered]] = defaultdict(list)
        for items, pattern in patterns:
            groups[self._sequences[self._places[items][0]]].append((items, pattern))
        kept = []
        for group in groups.values():
            group.sort(key=lambda each: -len(each[0]))
            longest: list[Numbered] = []
            for items, pattern in group:
                if not any(_holds(longer, items) for longer, _ in longest):
                    longest.append((items, pattern))
            kept += longest
        return kept


def _holds(longer: Items, items: Items) -> bool:
    rest = iter(longer)
    return len(longer) > len(items) and all(item in rest for item in items)
