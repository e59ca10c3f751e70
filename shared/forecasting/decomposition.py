"""Decomposition: a series as trend, seasons and a remainder, in the way of STL (Cleveland and others, 1990).

It begins with medians. Then the trend is found by loess, each place of a season by a local mean over the cycles; between the
rounds, values far from what was found lose their weight, so that outliers bend neither. With several periods, a season of each is
found in turn. The trend never reaches across the `breaks` that it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, repeat
from typing import TYPE_CHECKING

from shared.forecasting.series import filled, median, moving_mean, running_median, seasonal_indices

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
_AT_A_TIME = 64
"""Local lines (or means) whose rows are looked at together."""
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
    return decompose_all([values], periods, breaks)[0]


def decompose_all(
    series: "Sequence[Values]", periods: Sequence[int], breaks: Sequence[int] = ()
) -> list[Decomposition]:
    """The same of series of one length: what takes time are the steps, not the series."""
    import numpy as np

    values = np.stack(series, axis=1)
    held = tuple(sorted(period for period in periods if 1 < period * FEWEST_CYCLES <= len(values)))
    known = np.stack([filled(each, held[0] if held else 1) for each in series], axis=1)
    missing = np.isnan(values)
    window = _odd(_TREND_CYCLES * held[0] if held else max(7, round(_TREND_SHARE * len(values))))
    seasons, left = dict[int, "Values"](), known
    for period in held:
        seasons[period] = np.stack([_first_season(each, period) for each in left.T], axis=1)
        left = left - seasons[period]
    trend = np.stack([running_median(each, window) for each in left.T], axis=1)
    weights = _robustness(left - trend, missing)
    by_period = {period: _season(len(values), period) for period in held}
    smooth = _trend(len(values), window, tuple(breaks))
    for _ in range(_ROUNDS):
        for period, places in by_period.items():
            others = sum((season for other, season in seasons.items() if other != period), np.zeros(values.shape))
            seasons[period] = places.of(known - trend - others, weights)
        season = sum(seasons.values(), np.zeros(values.shape))
        trend = smooth.of(known - season, weights)
        remainder = known - season - trend
        weights = _robustness(remainder, missing)
    remainder = np.where(missing, np.nan, remainder)
    parts = (np.ascontiguousarray(each.T) for each in (trend, season, remainder, weights))
    return list(map(Decomposition, *parts, repeat(held)))


def _first_season(values: "Values", period: int) -> "Values":
    import numpy as np

    return np.resize(seasonal_indices(values, period, multiplicative=False), len(values))


def _robustness(remainder: "Values", missing: "Flags") -> "Values":
    """Bisquare weights, column by column; 0 where a value is missing."""
    import numpy as np

    away = np.abs(remainder)
    counts = (~missing).sum(axis=0)
    ordered = np.sort(np.where(missing, np.inf, away), axis=0)
    low, high = np.take_along_axis(ordered, np.stack([(counts - 1) // 2, counts // 2]), axis=0)
    means = away.sum(axis=0, where=~missing) / counts
    far = away / np.maximum(_BEND * np.maximum((low + high) / 2, _MOSTLY_NOTHING * means), _TINY)
    weights: Values = np.where((far < 1) & ~missing, (1 - far**2) ** 2, 0.0)
    return weights


def usual_size(away: "Values") -> float:
    """The median of distances; of distances that are mostly nothing, a share of their mean."""
    import numpy as np

    return max(median(away), _MOSTLY_NOTHING * float(np.mean(away)))


class _Loess:
    """The local lines (or means) of the `window` nearest of so many rows, at each of the rows `at`, column by column."""

    def __init__(self, rows: int, window: int, at: "Places") -> None:
        import numpy as np

        width = min(window, rows)
        starts = np.clip(at - width // 2, 0, rows - width)
        self._parts = list[tuple[slice, "Values"]]()
        for begin in range(0, len(at), _AT_A_TIME):
            these, first = at[begin : begin + _AT_A_TIME, None], starts[begin : begin + _AT_A_TIME, None]
            part = slice(int(first[0, 0]), int(first[-1, 0]) + width)
            row = np.arange(part.start, part.stop)[None, :]
            away = np.where((row >= first) & (row < first + width), row - these, np.nan)
            reach = np.nanmax(np.abs(away), axis=1, keepdims=True) + max(window - rows, 0) // 2 + 1.0
            tricube = (1 - (np.abs(away) / reach) ** 3) ** 3
            # Of each row, what it weighs at each of `at`, what that pulls, and what it pulls the slope.
            self._parts.append((part, np.nan_to_num(np.stack([tricube, tricube * away, tricube * away**2]))))

    def means(self, values: "Values", weights: "Values") -> "Values":
        """Those of the rows."""
        import numpy as np

        heavy = weights + _TINY
        pulled = heavy * values
        return np.concatenate([(near[0] @ pulled[part]) / (near[0] @ heavy[part]) for part, near in self._parts])

    def lines(self, values: "Values", weights: "Values") -> "Values":
        """Where the lines are at `at`."""
        import numpy as np

        heavy = weights + _TINY
        pulled = heavy * values
        s0, s1, s2 = np.concatenate([near @ heavy[part] for part, near in self._parts], axis=1)
        t0, t1 = np.concatenate([near[:2] @ pulled[part] for part, near in self._parts], axis=1)
        determinant = s0 * s2 - s1**2
        line = (s2 * t0 - s1 * t1) / np.where(determinant > _TINY * s0 * s2, determinant, 1.0)
        return np.asarray(np.where(determinant > _TINY * s0 * s2, line, t0 / s0), np.float64)


class _Season:
    """The season of a period in so many values: each of its places smoothed over the cycles, without what is slow in that."""

    def __init__(self, count: int, period: int) -> None:
        import numpy as np

        self._count, self._period, self._cycles = count, period, -(-count // period)
        window = min(SEASON_CYCLES, _odd(self._cycles))
        self._over_cycles = _Loess(self._cycles, window, np.arange(self._cycles))

    def of(self, values: "Values", weights: "Values") -> "Values":
        """The season in the values, column by column."""
        smooth = self._over_cycles.means(self._table(values), self._table(weights))
        found = smooth.reshape(-1, values.shape[1])[: self._count]
        return found - moving_mean(found, self._period)

    def _table(self, values: "Values") -> "Values":
        """Cycles x places, of each column; what is missing in the last cycle is 0."""
        import numpy as np

        table = np.zeros((self._cycles * self._period, values.shape[1]))
        table[: self._count] = values
        return table.reshape(self._cycles, -1)


@lru_cache(maxsize=8)
def _season(count: int, period: int) -> _Season:
    """Series of one length are smoothed alike."""
    return _Season(count, period)


class _Trend:
    """The trend of so many values: loess at every few steps, and lines in between, for it is smooth; anew after each break."""

    def __init__(self, count: int, window: int, breaks: Sequence[int]) -> None:
        import numpy as np

        self._parts = list[tuple[slice, _Loess, "Places", "Values"]]()
        for start, end in pairwise([0, *breaks, count]):
            at = np.unique(np.r_[np.arange(0, end - start, max(1, window // _JUMPS)), end - start - 1])
            steps = np.arange(end - start)
            before = np.clip(np.searchsorted(at, steps, "right") - 1, 0, len(at) - 2)
            share = (steps - at[before]) / (at[before + 1] - at[before])
            self._parts.append((slice(start, end), _Loess(end - start, window, at), before, share[:, None]))

    def of(self, values: "Values", weights: "Values") -> "Values":
        """The trend of the values, column by column."""
        import numpy as np

        found = []
        for part, local, before, share in self._parts:
            lines = local.lines(values[part], weights[part])
            found.append(lines[before] + share * np.diff(lines, axis=0)[before])
        return np.concatenate(found)


@lru_cache(maxsize=8)
def _trend(count: int, window: int, breaks: tuple[int, ...]) -> _Trend:
    """Series of one length are smoothed alike."""
    return _Trend(count, window, breaks)


def _odd(number: int) -> int:
    return number + 1 - number % 2
