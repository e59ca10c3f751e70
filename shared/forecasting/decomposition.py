"""Decomposition: a series as trend, seasons and a remainder, in the way of STL (Cleveland and others, 1990).

It begins with medians. Then the trend is found by loess, each place of a season by a local mean over the cycles; between the
rounds, values far from what was found lose their weight, so that outliers bend neither. With several periods, a season of each is
found in turn. The trend never reaches across the `breaks` that it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from shared.forecasting.series import filled, moving_mean, running_median, seasonal_indices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.forecasting.series import Values

    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]

_ROUNDS = 5
FEWEST_CYCLES = 4
"""With fewer, no median tells an outlier from a season."""
SEASON_CYCLES = 21
"""Neighbouring cycles that a season is smoothed over."""
_TREND_CYCLES = 7
_TREND_SHARE = 0.25
"""Without a season: of the series, that the trend is smoothed over."""
_JUMPS = 12
"""Points of the trend that are computed in each of its windows."""
_BEND = 6.0
"""Median absolute remainders at which a value has lost all its weight."""
_MOSTLY_NOTHING = 0.25
"""Of the mean distance: less than what the median is of noise, be it ever so heavy-tailed (normal: 0.85)."""
_TINY = 1e-12


@dataclass(frozen=True)
class Decomposition:
    """values = trend + season + remainder; NaN in the remainder where a value is missing. `weights` are 0 for what was taken for
    an outlier, 1 for what fits. `periods` are those that a season was found of."""

    trend: "Values"
    season: "Values"
    remainder: "Values"
    weights: "Values"
    periods: tuple[int, ...]


def decompose(values: "Values", periods: Sequence[int], breaks: Sequence[int] = ()) -> Decomposition:
    """Take a series apart. Periods that it does not hold four times are left out."""
    import numpy as np

    held = tuple(sorted(period for period in periods if 1 < period * FEWEST_CYCLES <= len(values)))
    known = filled(values, held[0] if held else 1)
    missing = np.isnan(values)
    window = _odd(_TREND_CYCLES * held[0] if held else max(7, round(_TREND_SHARE * len(values))))
    seasons, left = dict[int, "Values"](), known
    for period in held:
        seasons[period] = np.resize(seasonal_indices(left, period, multiplicative=False), len(values))
        left = left - seasons[period]
    trend = running_median(left, window)
    weights = np.where(missing, 0.0, _robustness(left - trend, missing))
    for _ in range(_ROUNDS):
        for period in held:
            others = sum((season for other, season in seasons.items() if other != period), np.zeros(len(values)))
            seasons[period] = _season(known - trend - others, weights, period)
        season = sum(seasons.values(), np.zeros(len(values)))
        trend = _trend(known - season, weights, window, breaks)
        remainder = known - season - trend
        weights = np.where(missing, 0.0, _robustness(remainder, missing))
    return Decomposition(trend, season, np.where(missing, np.nan, remainder), weights, held)


def _robustness(remainder: "Values", missing: "Flags") -> "Values":
    """Bisquare weights."""
    import numpy as np

    usual = usual_size(np.abs(remainder[~missing]))
    far = np.abs(remainder) / max(_BEND * usual, _TINY)
    weights: Values = np.where(far < 1, (1 - far**2) ** 2, 0.0)
    return weights


def usual_size(away: "Values") -> float:
    """The median of distances; of distances that are mostly nothing, a share of their mean."""
    import numpy as np

    return max(float(np.median(away)), _MOSTLY_NOTHING * float(np.mean(away)))


def _season(values: "Values", weights: "Values", period: int) -> "Values":
    """The season of a period: each of its places smoothed over the cycles, without what is slow in that."""
    import numpy as np

    cycles = -(-len(values) // period)
    table, heavy = np.zeros(cycles * period), np.zeros(cycles * period)
    table[: len(values)], heavy[: len(values)] = values, weights
    shape = cycles, period
    window = min(SEASON_CYCLES, _odd(cycles))
    smooth = loess(table.reshape(shape), heavy.reshape(shape), window, np.arange(cycles), straight=False)
    found = smooth.ravel()[: len(values)]
    return found - moving_mean(found, period)


def _trend(values: "Values", weights: "Values", window: int, breaks: Sequence[int]) -> "Values":
    """Loess at every few steps, and lines in between: it is smooth."""
    import numpy as np

    parts = []
    for start, end in pairwise([0, *breaks, len(values)]):
        at = np.unique(np.r_[np.arange(0, end - start, max(1, window // _JUMPS)), end - start - 1])
        found = loess(values[start:end, None], weights[start:end, None], window, at)[:, 0]
        parts.append(np.interp(np.arange(end - start), at, found))
    return np.concatenate(parts)


def loess(values: "Values", weights: "Values", window: int, at: "Places", *, straight: bool = True) -> "Values":
    """The local line (or mean) of the `window` nearest rows at each of the rows `at`, column by column (rows x columns)."""
    import numpy as np

    rows = len(values)
    width = min(window, rows)
    starts = np.clip(at - width // 2, 0, rows - width)
    near = starts[:, None] + np.arange(width)[None, :]
    away = (near - at[:, None]).astype(float)
    reach = np.abs(away).max(axis=1, keepdims=True) + max(window - rows, 0) // 2 + 1.0
    tricube = (1 - (np.abs(away) / reach) ** 3) ** 3
    weight = tricube[:, :, None] * (weights[near] + _TINY)
    weighted = weight * values[near]
    s0, t0 = weight.sum(axis=1), weighted.sum(axis=1)
    if not straight:
        return np.asarray(t0 / s0, np.float64)
    s1, s2 = np.einsum("rwc,rw->rc", weight, away), np.einsum("rwc,rw->rc", weight, away**2)
    t1 = np.einsum("rwc,rw->rc", weighted, away)
    determinant = s0 * s2 - s1**2
    line = (s2 * t0 - s1 * t1) / np.where(determinant > _TINY * s0 * s2, determinant, 1.0)
    return np.asarray(np.where(determinant > _TINY * s0 * s2, line, t0 / s0), np.float64)


def _odd(number: int) -> int:
    return number + 1 - number % 2
