"""Intervals: how sure a share or a ratio is, at 95 %."""

from dataclasses import dataclass
from math import exp, sqrt

_Z = 1.959964


@dataclass(frozen=True)
class Interval:
    """An estimate and the limits between which the truth lies in 95 of 100 cases."""

    value: float
    low: float
    high: float


def share(part: int, whole: int) -> Interval:
    """The share `part` / `whole` of at least one, by Wilson's score interval (1927)."""
    value = part / whole
    middle = value + _Z**2 / (2 * whole)
    reach = _Z * sqrt(value * (1 - value) / whole + _Z**2 / (4 * whole**2))
    scale = 1 + _Z**2 / whole
    return Interval(value, max((middle - reach) / scale, 0.0), min((middle + reach) / scale, 1.0))


def difference(one: Interval, other: Interval) -> Interval:
    """The first share less the second, by Newcombe's hybrid score interval (1998, method 10)."""
    value = one.value - other.value
    low = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    high = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Interval(value, max(value - low, -1.0), min(value + high, 1.0))


@dataclass(frozen=True)
class LogTimes:
    """Times of `count` runs by the mean and the standard deviation of their logarithms."""

    count: int
    mean: float
    deviation: float

    @property
    def typical(self) -> float:
        """The geometric mean: half of the runs take longer, if times are distributed log-normally."""
        return exp(self.mean)


def ratio(one: LogTimes, other: LogTimes) -> Interval:
    """How many times as long the first takes as the second, both of at least two runs; by the normal approximation (Welch)."""
    reach = _Z * sqrt(one.deviation**2 / one.count + other.deviation**2 / other.count)
    difference_of_means = one.mean - other.mean
    return Interval(exp(difference_of_means), exp(difference_of_means - reach), exp(difference_of_means + reach))
