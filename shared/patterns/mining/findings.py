"""Findings: the patterns that a search has come upon, and how frequent one must be to matter."""

from collections.abc import Hashable
from typing import TYPE_CHECKING

from shared.patterns.mining.pattern import SequencePattern

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.patterns.mining.ways import Ways

    Numbers = NDArray[np.int64]

ROOT = -1
"""The number of the empty pattern."""


class Findings:
    """What is frequent: at least `threshold`, which rises with what is found when only the `top` are wanted."""

    def __init__(self, threshold: int, top: int | None = None) -> None:
        import numpy as np

        self.threshold = threshold
        self._top = top
        self._best: Numbers = np.empty(0, np.int64)
        self._parts: list[tuple[Numbers, Numbers, Numbers, list[int]]] = []
        self._count = 0

    def add(self, parents: "Numbers", items: "Numbers", supports: "Numbers", occurrences: "Ways") -> "Numbers":
        """Patterns that are each one found before, or ROOT, and an item more. Their numbers."""
        import numpy as np

        numbers = np.arange(self._count, self._count + len(items))
        self._count += len(items)
        self._parts.append((parents, items, supports, [int(count) for count in occurrences]))
        if self._top is not None:
            self._raise(supports, self._top)
        return numbers

    def _raise(self, supports: "Numbers", top: int) -> None:
        import numpy as np

        best = np.concatenate([self._best, supports])
        if len(best) >= top:
            best = np.partition(best, len(best) - top)[len(best) - top :]
            self.threshold = max(self.threshold, int(best.min()))
        self._best = best

    def patterns(self, names: list[Hashable]) -> "list[tuple[tuple[int, ...], SequencePattern]]":
        """All that are frequent, each with the numbers of its items, in the order in which they were found."""
        found: list[tuple[int, ...]] = []
        patterns = []
        for parents, items, supports, occurrences in self._parts:
            for parent, item, support, occurs in zip(
                parents.tolist(), items.tolist(), supports.tolist(), occurrences, strict=True
            ):
                numbers = (item,) if parent == ROOT else (*found[parent], item)
                found.append(numbers)
                if support >= self.threshold:
                    pattern = SequencePattern(tuple(names[number] for number in numbers), support, occurs)
                    patterns.append((numbers, pattern))
        return patterns
