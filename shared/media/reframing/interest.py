"""Interest: where in the picture something moves or is to be seen, in columns and rows, some times a second.

What all of the picture does together is the camera's doing and draws no eye: only what is more than usual counts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Line = NDArray[np.float64]

BINS = 48
"""Parts of the picture across, and down, in which interest is counted."""
_NOISE = 6.0
"""Differences that codecs make, of 255."""
_FLAT = 2.0
"""Difference from a neighbour, of 255, up to which a pixel is of the same colour."""
_SHARP = 60.0
"""Difference of black from white and the like: letters and lines."""
_EDGES = 0.15
"""What an edge is worth beside what moves as strongly."""


@dataclass(frozen=True)
class Interest:
    """At `at` seconds: how what is to be seen and moves is spread over columns and rows, and what moves alone; shares of 1.

    `strength`: how strongly something moves, mean difference of 255. `flat`: how much of the picture has the colour of its
    neighbourhood, 0 to 1. `sharp`: how much of each part across is the edge of something drawn or written, 0 to 1."""

    at: float
    seen: "tuple[Line, Line]"
    moving: "tuple[Line, Line]"
    strength: float
    flat: float
    sharp: "Line"


class InterestFinder:
    """Is shown pictures in turn, grey and some 160 pixels large."""

    def __init__(self) -> None:
        self._last: Line | None = None

    def forget(self) -> None:
        """Another scene begins: the last picture has nothing to do with the next."""
        self._last = None

    def look(self, at: float, pixels: "NDArray[np.uint8]") -> Interest:
        """What is of interest in this picture."""
        import numpy as np

        now = pixels.astype(np.float64)
        edges = np.abs(np.diff(now, axis=1, append=now[:, -1:])) + np.abs(np.diff(now, axis=0, append=now[-1:]))
        moved = np.zeros_like(now)
        if self._last is not None:
            difference = np.abs(now - self._last)
            moved = np.maximum(difference - np.median(difference) - _NOISE, 0)
        self._last = now
        return Interest(
            at,
            _spread(moved + _EDGES * np.maximum(edges - _NOISE, 0)),
            _spread(moved),
            float(moved.mean()),
            float((edges <= _FLAT).mean()),
            _binned((edges >= _SHARP).mean(axis=0)) * BINS / edges.shape[1],
        )


def _spread(seen: "Line") -> "tuple[Line, Line]":
    return _shares(seen, 0), _shares(seen, 1)


def _shares(seen: "Line", axis: int) -> "Line":
    import numpy as np

    shares = _binned(seen.sum(axis=axis))
    total = shares.sum()
    return shares / total if total > 0 else np.full(BINS, 1 / BINS)


def _binned(line: "Line") -> "Line":
    """What falls into each of `BINS` equal parts of a line; values on a border go into both, by how much they lie there."""
    import numpy as np

    places = np.linspace(0, len(line), BINS + 1)
    sums: Line = np.interp(places, np.arange(len(line) + 1), np.concatenate([[0.0], np.cumsum(line)]))
    return np.diff(sums)
