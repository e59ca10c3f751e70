"""Changes: where a series leaves the line that it was on: a step, or another slope.

The series, freed of seasons and with outliers clipped, is parted into as few straight lines as it takes: each further one must
leave so much less of the squared error as chance would not (an optimal partition; noise that goes together counts as less)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.forecasting.decomposition import Decomposition, usual_size
from shared.forecasting.series import median, running_median
from shared.forecasting.trend import theil_sen

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
_FEW, _MOST_EDGES = 6, 240
"""So many values, of which no two can begin a line, are looked at as one; of a long series more."""


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
    size = max(noise, min(steady, 3 * noise), 1e-6 * float(np.abs(levels).max()), 1e-300)
    shortest = max(SHORTEST, 2 * min(parts.periods, default=1))
    clipped = _clipped(levels, shortest, _CLIP * size)
    penalty = _PENALTY * size**2 * _together(remainder) * np.log(len(levels))
    lines = Lines(clipped, shortest, float(penalty))
    starts = lines.partition()
    ends = [*starts[1:], len(levels)]
    drawn = [lines.line(start, end) for start, end in zip(starts, ends, strict=True)]
    return [
        Change(at, before[0] + before[1] * at, after[0] + after[1] * at, before[1], after[1])
        for at, before, after in zip(starts[1:], drawn, drawn[1:], strict=False)
    ]


def _clipped(levels: "Values", width: int, most: float) -> "Values":
    """No farther than `most` from the running median, which keeps steps as they are. Beyond the ends it goes by the lines there:
    if the last value counted again, as it does elsewhere, it would be the median of itself and never an outlier."""
    import numpy as np

    side = width // 2
    before, after = _beyond(levels[width - 1 :: -1], side)[::-1], _beyond(levels[-width:], side)
    middle = running_median(np.concatenate((before, levels, after)), width)[side : side + len(levels)]
    return np.clip(levels, middle - most, middle + most)


def _beyond(values: "Values", steps: int) -> "Values":
    """What comes after the values on the line that most of them are on."""
    import numpy as np

    slope = theil_sen(values)
    begin = median(values - slope * np.arange(len(values)))
    return np.asarray(begin + slope * (len(values) + np.arange(steps)), np.float64)


def _together(remainder: "Values") -> float:
    """By how much the variance of a mean grows because neighbouring errors go together."""
    spread = float(remainder @ remainder)
    share = float(remainder[1:] @ remainder[:-1]) / spread if spread else 0.0
    share = min(max(share, 0.0), _MOST_TOGETHER)
    return (1 + share) / (1 - share)


class Lines:
    """Straight lines through any stretch, from running sums: of the values, of each times its step, and of their squares."""

    def __init__(self, values: "Values", shortest: int, penalty: float) -> None:
        """None is shorter than `shortest`, each has its price."""
        import numpy as np

        self._count, self._shortest, self._price = len(values), shortest, penalty
        self._mean = float(values.mean())
        centred = values - self._mean
        columns = (centred, np.arange(self._count) * centred, centred**2)
        self._sums = np.zeros((len(columns), self._count + 1))
        np.cumsum(columns, axis=1, out=self._sums[:, 1:])
        lengths = np.maximum(np.arange(self._count, 0, -1.0), 2)
        # Of lines of each length, the longest first: one over it, and one over its squares. A window is of those to one end.
        by_length = np.zeros((2, 2 * self._count))
        by_length[:, : self._count] = 1 / lengths, 12 / (lengths**3 - lengths)
        self._windows = np.lib.stride_tricks.sliding_window_view(by_length, self._count, axis=1)
        self._late = np.triu(np.ones((shortest, shortest), bool))

    def partition(self) -> list[int]:
        """Where the lines begin that leave least. As many ends in a row as the shortest line has steps are looked at together: no
        line that ends at one of them begins at another. Where no line could follow, none ends but the last."""
        import numpy as np

        if self._count < 2 * self._shortest or self._is_one():
            return [0]
        best = np.full(self._count + 1, np.inf)
        best[0] = -self._price
        before = np.zeros(self._count + 1, np.int64)
        final = self._count - self._shortest
        for first in [*range(self._shortest, final + 1, self._shortest), self._count]:
            last = min(first + self._shortest - 1, max(final, first))
            costs = self._costs(first, last, best)
            before[first : last + 1] = chosen = np.argmin(costs, axis=1)
            best[first : last + 1] = costs[np.arange(len(costs)), chosen]
        found = [int(before[self._count])]
        while found[0] > 0:
            found.insert(0, int(before[found[0]]))
        return found

    def _is_one(self) -> bool:
        """Whether one line leaves least for certain: even if lines were of any length, and the few values around each place where
        one gives way to another cost nothing, further ones would not be worth their prices."""
        import numpy as np

        few = min(self._shortest, max(_FEW, self._count // _MOST_EDGES))
        edges = np.r_[np.arange(0, self._count - few + 1, few), self._count]
        x, tx, xx = self._sums[:, edges][:, None, :] - self._sums[:, edges][:, :, None]
        lengths = np.maximum(edges[None, :] - edges[:, None], few)
        tx -= (edges[None, :] + edges[:, None] - 1) / 2 * x
        left = xx - x**2 / lengths - 12 * tx**2 / (lengths**3 - lengths)
        begun = np.full(len(edges), np.inf)
        begun[0] = 0.0
        for end in range(len(edges) - 1):
            begun[end + 1] = float((begun[: end + 1] + left[: end + 1, end]).min()) + self._price
        return bool((begun[1:] + left[1:, -1]).min() >= left[0, -1])

    def line(self, start: int, end: int) -> tuple[float, float]:
        """Its value at step 0, and its slope."""
        x, tx, _ = (self._sums[:, end] - self._sums[:, start]).tolist()
        length, middle = end - start, (start + end - 1) / 2
        slope = 12 * (tx - middle * x) / (length**3 - length)
        return self._mean + x / length - slope * middle, slope

    def _costs(self, first: int, last: int, best: "Values") -> "Values":
        """The squared errors, and the prices, of the lines to each end from `first` to `last` with the `best` ones before: ends x
        starts, with all starts that are not too late for the last end; infinity where a line is too short.

        The sums along a line, from its middle, are of products of what is of its start and what is of its end."""
        import numpy as np

        starts, ends = np.arange(last - self._shortest + 1), np.arange(first, last + 1)
        share, share_along = self._windows[:, self._count - last : self._count - first + 1, : len(starts)][:, ::-1]
        (x, tx, xx), (x_to, tx_to, xx_to) = self._sums[:, starts], self._sums[:, ends]
        level, along = np.subtract.outer(x_to, x), np.subtract.outer(tx_to, tx)
        middle = np.add.outer((ends - 1) / 2, starts / 2)
        along -= np.multiply(middle, level, out=middle)
        along *= along
        along *= share_along
        level *= level
        level *= share
        costs: Values = np.add.outer(xx_to, best[starts] + self._price - xx)
        costs -= level
        costs -= along
        late = costs[:, first - self._shortest + 1 :]
        late[self._late[: late.shape[0], : late.shape[1]]] = np.inf
        return costs
