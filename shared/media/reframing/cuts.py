"""CutFinder: where another scene begins, by how much every frame differs from the one before.

It is there so that a plan needs nothing but the film; whoever knows the scenes gives them to the plan."""

from collections import deque
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CELLS = 48
"""Pixels of the longer side of the pictures that are compared."""
_LEAST = 14.0
"""Mean difference of a cut, of 255."""
_TIMES = 3.5
"""A cut differs so many times more than the frames before it: a quick pan differs all the time."""
_BEFORE = 15
_SHORTEST = 0.3
"""Seconds between two cuts: a flash is none, much less two."""


class CutFinder:
    """Is shown every frame in turn; `cuts` are the moments of those that begin another scene."""

    def __init__(self) -> None:
        self.cuts: list[float] = []
        self._last: NDArray[np.int16] | None = None
        self._differences: deque[float] = deque(maxlen=_BEFORE)

    def look(self, at: float, pixels: "NDArray[np.uint8]") -> bool:
        """Whether this frame, grey and small, begins another scene."""
        import numpy as np

        now = pixels.astype(np.int16)
        before, self._last = self._last, now
        if before is None:
            return False
        difference = float(np.abs(now - before).mean())
        usual = median(self._differences) if self._differences else 0.0
        self._differences.append(difference)
        recent = bool(self.cuts) and at - self.cuts[-1] < _SHORTEST
        if difference < max(_LEAST, _TIMES * usual) or recent:
            return False
        self.cuts.append(at)
        self._differences.clear()
        return True
