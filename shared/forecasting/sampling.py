"""Sampling: what chance alone does to a share of few samples, or to a small count, however steady what lies behind them is."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.forecasting.series import Values

_CORRECTION = 3 / 8
"""Anscombe's: with it the transformed variables are nearest to normal, of variance 1."""


class Sampling(StrEnum):
    """What a value is: the share of its samples that something is true of, or how many came, one by one."""

    RATE = "rate"
    COUNT = "count"


def surprise(values: "Values", expected: "Values", samples: Sequence[float] | None, sampling: Sampling) -> "Values":
    """How many standard deviations each value is from what is expected, if chance alone made it; NaN where it is missing.

    A rate is compared with the rate of all samples, too: the median of rates that are mostly 0 is 0."""
    import numpy as np

    if sampling is Sampling.COUNT:
        found: Values = 2 * (
            np.sqrt(np.maximum(values, 0) + _CORRECTION) - np.sqrt(np.maximum(expected, 0) + _CORRECTION)
        )
        return found
    weights = np.array(samples, np.float64) if samples is not None else np.ones(len(values))
    known = ~np.isnan(values) & (weights > 0)
    whole = float(weights[known] @ values[known] / weights[known].sum()) if known.any() else 0.0
    shares = (values * weights + _CORRECTION) / (weights + 2 * _CORRECTION)
    seen = np.arcsin(np.sqrt(np.clip(shares, 0, 1)))
    scale = 2 * np.sqrt(np.maximum(weights, 0) + 0.5)
    by_expected = scale * (seen - np.arcsin(np.sqrt(np.clip(expected, 0, 1))))
    return nearer(by_expected, scale * (seen - np.arcsin(np.sqrt(min(max(whole, 0.0), 1.0)))))


def nearer(one: "Values", other: "Values") -> "Values":
    """Of each two deviations the one that is nearer to 0."""
    import numpy as np

    return np.asarray(np.where(np.abs(one) <= np.abs(other), one, other), np.float64)
