"""Trend: whether a series goes up or down over all, by how much a step, and whether that could be chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.forecasting.series import Values

    Places = NDArray[np.int64]

_MOST_POINTS = 200
"""Longer series are shortened to so many means first: slopes between all pairs are looked at."""
_FEWEST_POINTS = 4
_Z = 1.959964
_NO_DIFFERENCE = 1e-6
"""Of how far values usually lie apart: what is nearer is the same value."""
_NO_DIGIT = 1e-12
"""Of the values themselves."""


class Direction(StrEnum):
    """Where it goes. Unknown: too few values to tell. Steady: what there is of a slope could be chance."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Trend:
    """The slope a step (Theil-Sen: the median of those between any two values) with its 95 % interval (Sen), and the direction
    that the Mann-Kendall test sees at 5 %, corrected for errors that go together."""

    direction: Direction
    slope: float
    low: float
    high: float


@dataclass(frozen=True)
class Kendall:
    """What the Mann-Kendall test sees of values in order: its `score`, the pairs that rise less those that fall, and the `error`
    that it has where they rise and fall by chance."""

    score: float
    error: float

    @property
    def z(self) -> float:
        """The score in errors, corrected for its going in whole steps; 0 when all values are the same."""
        towards_none = 1 if self.score > 0 else -1 if self.score < 0 else 0
        return (self.score - towards_none) / self.error if self.error > 0 else 0.0


def mann_kendall(values: "Sequence[float] | Values", together: float = 0.0) -> Kendall:
    """The Mann-Kendall test, with ties. `together`: the first autocorrelation, below 1, of what no trend explains."""
    import numpy as np

    found = np.asarray(values, np.float64)
    one, other = _pairs(len(found))
    return Kendall(float(np.sign(found[other] - found[one]).sum()), _error(found, together))


def theil_sen(values: "Sequence[float] | Values") -> float:
    """The slope a step: the median of those between any two values; 0 for fewer than two."""
    import numpy as np

    found = np.asarray(values, np.float64)
    return float(np.median(_slopes(np.arange(len(found), dtype=np.float64), found))) if len(found) > 1 else 0.0


def trend_of(levels: Sequence[float | None]) -> Trend:
    """The trend of a series freed of its seasons; None where a value is missing."""
    import numpy as np

    known = np.array([(step, level) for step, level in enumerate(levels) if level is not None], np.float64)
    if len(known) < _FEWEST_POINTS:
        return Trend(Direction.UNKNOWN, 0.0, 0.0, 0.0)
    steps, values = _shortened(known)
    values = _tied(values)
    slopes = np.sort(_slopes(steps, values))
    slope = float(slopes[(len(slopes) - 1) // 2] + slopes[len(slopes) // 2]) / 2
    falling, rest = np.searchsorted(slopes, 0.0, "left"), np.searchsorted(slopes, 0.0, "right")
    seen = Kendall(float(len(slopes) - rest - falling), _error(values, _together(values - slope * steps)))
    ends = (len(slopes) + np.array([-_Z, _Z]) * seen.error) / 2
    low, high = slopes[np.clip(np.round(ends).astype(int), 0, len(slopes) - 1)].tolist()
    if abs(seen.z) <= _Z:
        return Trend(Direction.STEADY, slope, min(low, 0.0), max(high, 0.0))
    return Trend(Direction.RISING if seen.score > 0 else Direction.FALLING, slope, low, high)


def _error(values: "Values", together: float) -> float:
    """That of the score of the Mann-Kendall test, with ties."""
    import numpy as np

    _, ties = np.unique(values, return_counts=True)
    variance = (_spread(len(values)) - sum(map(_spread, ties[ties > 1].tolist()))) / 18
    return float(np.sqrt(max(variance, 0.0) * (1 + together) / (1 - together)))


def _slopes(steps: "Values", values: "Values") -> "Values":
    """Those between any two values."""
    one, other = _pairs(len(values))
    found: Values = (values[other] - values[one]) / (steps[other] - steps[one])
    return found


@lru_cache(maxsize=8)
def _pairs(count: int) -> "tuple[Places, Places]":
    """The places of any two of so many values, the earlier one and the later."""
    import numpy as np

    return np.triu_indices(count, 1)


def _shortened(known: "Values") -> tuple["Values", "Values"]:
    """The steps and the values; of many, the means of blocks as long as each other, or one longer."""
    import numpy as np

    if len(known) > _MOST_POINTS:
        length, longer = divmod(len(known), _MOST_POINTS)
        lengths = np.repeat([length + 1, length], [longer, _MOST_POINTS - longer])
        known = np.add.reduceat(known, np.cumsum(lengths) - lengths) / lengths[:, None]
    return known[:, 0], known[:, 1]


def _tied(values: "Values") -> "Values":
    """The values without the traces that taking a season away leaves on them: of values that were the same, which is most of them
    where a count is mostly 0, these make up a trend."""
    import numpy as np

    apart = float(np.abs(values - np.median(values)).mean())
    grain = max(_NO_DIFFERENCE * apart, _NO_DIGIT * float(np.abs(values).max()))
    return np.round(values / grain) * grain if grain > 0 else values


def _together(detrended: "Values") -> float:
    """How much a value tells of the next: the first autocorrelation of what is left of the slope, 0 to 0.95."""
    left = detrended - detrended.mean()
    power = float(left @ left)
    together = float(left[1:] @ left[:-1]) / power if power > 0 else 0.0
    return min(max(together + 1 / len(left), 0.0), 0.95)


def _spread(count: int) -> float:
    return float(count * (count - 1) * (2 * count + 5))
