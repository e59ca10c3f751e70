"""Trend: whether a series goes up or down over all, by how much a step, and whether that could be chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.forecasting.series import Values

_MOST_POINTS = 200
"""Longer series are shortened to so many means first: slopes between all pairs are looked at."""
_FEWEST_POINTS = 4
_Z = 1.959964


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


def trend_of(levels: Sequence[float | None]) -> Trend:
    """The trend of a series freed of its seasons; None where a value is missing."""
    import numpy as np

    known = np.array([(step, level) for step, level in enumerate(levels) if level is not None], np.float64)
    if len(known) < _FEWEST_POINTS:
        return Trend(Direction.UNKNOWN, 0.0, 0.0, 0.0)
    steps, values = _shortened(known)
    one, other = np.triu_indices(len(values), 1)
    slopes = np.sort((values[other] - values[one]) / (steps[other] - steps[one]))
    slope = float(np.median(slopes))
    score, error = _mann_kendall(values, values - slope * steps)
    ends = (len(slopes) + np.array([-_Z, _Z]) * error) / 2
    low, high = slopes[np.clip(np.round(ends).astype(int), 0, len(slopes) - 1)].tolist()
    if abs(score) <= _Z * error:
        return Trend(Direction.STEADY, slope, min(low, 0.0), max(high, 0.0))
    return Trend(Direction.RISING if score > 0 else Direction.FALLING, slope, low, high)


def _shortened(known: "Values") -> tuple["Values", "Values"]:
    import numpy as np

    blocks = np.array_split(known, min(len(known), _MOST_POINTS))
    means = np.array([block.mean(axis=0) for block in blocks])
    return means[:, 0], means[:, 1]


def _mann_kendall(values: "Values", detrended: "Values") -> tuple[float, float]:
    """The score (pairs that rise less pairs that fall) and its standard error: with ties, and with the first autocorrelation of
    what is left of the slope."""
    import numpy as np

    count = len(values)
    one, other = np.triu_indices(count, 1)
    score = float(np.sign(values[other] - values[one]).sum())
    _, ties = np.unique(values, return_counts=True)
    variance = (_spread(count) - float(sum(_spread(int(tied)) for tied in ties))) / 18
    left = detrended - detrended.mean()
    power = float(left @ left)
    together = float(left[1:] @ left[:-1]) / power if power > 0 else 0.0
    together = min(max(together + 1 / count, 0.0), 0.95)
    return score, float(np.sqrt(max(variance, 0.0) * (1 + together) / (1 - together)))


def _spread(count: int) -> float:
    return float(count * (count - 1) * (2 * count + 5))
