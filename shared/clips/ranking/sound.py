"""Sound and picture: what was measured all along a recording, as means and swings of any stretch of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.analysis import Curve, Span
from shared.clips.ranking.features import UNKNOWN

if TYPE_CHECKING:
    import numpy as np


class Track:
    """A curve, summed up: the mean and the standard deviation of any stretch are two look-ups."""

    def __init__(self, curve: Curve) -> None:
        import numpy as np

        known = np.array([value is not None for value in curve.values], dtype=np.float64)
        values = np.array([0.0 if value is None else value for value in curve.values], dtype=np.float64)
        self.step = curve.step
        self._known, self._sums, self._squares = (
            np.concatenate(([0.0], np.cumsum(each))) for each in (known, values, values**2)
        )

    @property
    def is_known(self) -> bool:
        """Whether anything was measured at all."""
        return bool(self._known[-1] > 0)

    def mean(self, start: "np.ndarray", end: "np.ndarray") -> "np.ndarray":
        """Of each stretch, given in seconds; NaN where nothing was measured."""
        count, total, _ = self._between(start, end)
        return _divided(total, count)

    def swing(self, start: "np.ndarray", end: "np.ndarray") -> "np.ndarray":
        """The standard deviation in each stretch; NaN where nothing was measured."""
        import numpy as np

        count, total, squares = self._between(start, end)
        variance = _divided(squares, count) - _divided(total, count) ** 2
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))

    def _between(self, start: "np.ndarray", end: "np.ndarray") -> tuple["np.ndarray", "np.ndarray", "np.ndarray"]:
        import numpy as np

        most = len(self._known) - 1
        first = np.clip((start / self.step).astype(np.intp), 0, most)
        last = np.clip(np.ceil(end / self.step).astype(np.intp), first, most)
        return tuple(each[last] - each[first] for each in (self._known, self._sums, self._squares))  # type: ignore[return-value]


def covered(spans: Sequence[Span], start: "np.ndarray", end: "np.ndarray") -> "np.ndarray":
    """Seconds of each stretch in which at least one of the spans is."""
    import numpy as np

    merged: list[list[float]] = []
    for span in sorted(spans, key=lambda span: span.start):
        if merged and span.start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], span.end)
        else:
            merged.append([span.start, span.end])
    times = np.array([moment for pair in merged for moment in pair])
    reached = np.concatenate(([0.0], np.cumsum([last - first for first, last in merged])))
    points = np.repeat(reached, 2)[1:-1] if merged else np.zeros(0)

    def until(moment: "np.ndarray") -> "np.ndarray":
        return np.interp(moment, times, points) if len(times) else np.zeros_like(moment)

    return np.asarray(until(end) - until(start))


def standing(values: "np.ndarray") -> "np.ndarray":
    """Where each value stands among all: the share of them that are smaller, 0 to 1; `UNKNOWN` for NaN, and if all are alike."""
    import numpy as np

    ranked = np.full(len(values), UNKNOWN)
    known = np.isfinite(values)
    found = np.round(values[known], 9)
    if len(found) and found.min() < found.max():
        ordered = np.sort(found)
        below = np.searchsorted(ordered, found, side="left")
        above = len(found) - np.searchsorted(ordered, found, side="right")
        ranked[known] = (1 + (below - above) / (len(found) - 1)) / 2
    return ranked


def _divided(total: "np.ndarray", count: "np.ndarray") -> "np.ndarray":
    import numpy as np

    return np.where(count > 0, total / np.maximum(count, 1e-12), np.nan)
