"""Changes: where a series leaves the line that it was on: a step, or another slope.

The series, freed of seasons and with outliers clipped, is parted into as few straight lines as it takes: each further one must
leave so much less of the squared error as chance would not (an optimal partition; noise that goes together counts as less)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.forecasting.decomposition import Decomposition, usual_size
from shared.forecasting.series import median, running_median

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.forecasting.series import Values

    Places = NDArray[np.int64]

SHORTEST = 12
"""Values that a line must have; and two periods of the shortest season."""
MAD = 1.4826
"""Standard deviations in a median absolute deviation of normal errors."""
_PENALTY = 6.0
"""For a further line, in variances, times the logarithm of the length."""
_CLIP = 3.0
_MOST_TOGETHER = 0.9


@dataclass(frozen=True)
class Change:
    """At `at` (the index of the first value on the new line) the level goes from `before` to `after`; the slopes are a step."""

    at: int
    before: float
    after: float
    slope_before: float
    slope_after: float


def find_changes(parts: Decomposition) -> list[Change]:
    """The changes of what a decomposition without breaks leaves beside its seasons."""
    import numpy as np

    remainder = np.nan_to_num(parts.remainder)
    levels = parts.trend + remainder
    moves = np.diff(levels)
    noise = MAD * usual_size(np.abs(moves - median(moves))) / np.sqrt(2)
    steady = MAD * usual_size(np.abs(remainder - median(remainder)))
    size = max(noise, min(steady, 3 * noise), 1e-9 * float(np.abs(levels).max()), 1e-300)
    shortest = max(SHORTEST, 2 * min(parts.periods, default=1))
    clipped = _clipped(levels, shortest, _CLIP * size)
    penalty = _PENALTY * size**2 * _together(remainder) * np.log(len(levels))
    lines = _Lines(clipped, shortest, float(penalty))
    starts = lines.partition()
    ends = [*starts[1:], len(levels)]
    drawn = [lines.line(start, end) for start, end in zip(starts, ends, strict=True)]
    return [
        Change(at, before[0] + before[1] * at, after[0] + after[1] * at, before[1], after[1])
        for at, before, after in zip(starts[1:], drawn, drawn[1:], strict=False)
    ]


def _clipped(levels: "Values", width: int, most: float) -> "Values":
    """No farther than `most` from the running median, which keeps steps as they are."""
    import numpy as np

    middle = running_median(levels, width)
    return np.clip(levels, middle - most, middle + most)


def _together(remainder: "Values") -> float:
    """By how much the variance of a mean grows because neighbouring errors go together."""
    spread = float(remainder @ remainder)
    share = float(remainder[1:] @ remainder[:-1]) / spread if spread else 0.0
    share = min(max(share, 0.0), _MOST_TOGETHER)
    return (1 + share) / (1 - share)


class _Lines:
    """Straight lines through any stretch, from running sums."""

    def __init__(self, values: "Values", shortest: int, penalty: float) -> None:
        """None is shorter than `shortest`, each has its price."""
        import numpy as np

        self._count, self._shortest, self._price = len(values), shortest, penalty
        columns = (values, np.arange(self._count) * values, values**2)
        self._sums = np.array([np.r_[0.0, np.cumsum(column)] for column in columns])
        lengths = np.arange(self._count, 0, -1.0)
        allowed = lengths >= shortest
        known = np.where(allowed, 1 / lengths, 0.0), np.where(allowed, 12 / np.maximum(lengths**3 - lengths, 1), 0.0)
        # Of lines of each length, the longest first: one over it, one over its squares, and the price.
        self._by_length = np.array([*known, np.where(allowed, penalty, np.inf)])

    def partition(self) -> list[int]:
        """Where the lines begin that leave least. As many ends in a row as the shortest line has steps are looked at together: no
        line that ends at one of them begins at another."""
        import numpy as np

        best = np.full(self._count + 1, np.inf)
        best[0] = -self._price
        before = np.zeros(self._count + 1, np.int64)
        for first in range(self._shortest, self._count + 1, self._shortest):
            last = min(first + self._shortest - 1, self._count)
            costs = self._costs(first, last)
            costs += best[: costs.shape[1]]
            before[first : last + 1] = chosen = np.argmin(costs, axis=1)
            best[first : last + 1] = costs[np.arange(len(costs)), chosen]
        found = [int(before[self._count])]
        while found[0] > 0:
            found.insert(0, int(before[found[0]]))
        return found

    def line(self, start: int, end: int) -> tuple[float, float]:
        """Its value at step 0, and its slope."""
        x, tx, _ = (self._sums[:, end] - self._sums[:, start]).tolist()
        length, middle = end - start, (start + end - 1) / 2
        slope = 12 * (tx - middle * x) / (length**3 - length)
        return x / length - slope * middle, slope

    def _costs(self, first: int, last: int) -> "Values":
        """The squared errors, and the price, of the lines to each end from `first` to `last`: ends x starts, with all starts
        that are not too late for the last end; infinity where a line is too short."""
        import numpy as np

        starts = last - self._shortest + 1
        windows = np.lib.stride_tricks.sliding_window_view(self._by_length, starts, axis=1)
        share, share_along, costs = windows[:, self._count - last : self._count - first + 1][:, ::-1]
        x, tx, xx = self._sums[:, first : last + 1, None] - self._sums[:, None, :starts]
        middle = (np.arange(first, last + 1)[:, None] + np.arange(starts) - 1) / 2
        tx -= middle * x
        xx -= x * x * share
        xx -= tx * tx * share_along
        return np.asarray(np.maximum(xx, 0.0) + costs, np.float64)
