"""Series: values at equal steps, some of them missing, and what is said when they do not suffice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

FEWEST = 8
"""Values that there must be for anything to be said."""
_MOST_MISSING = 0.5


@dataclass(frozen=True)
class Unknown:
    """Nothing can be said, and why: a sentence for the reader."""

    reason: str


def begun(values: Sequence[float | None]) -> "Values | Unknown":
    """The values as an array that begins with a known one, NaN where one is missing or not finite; or why they are too few."""
    import numpy as np

    found: Values = np.array([np.nan if value is None else value for value in values], np.float64)
    found[~np.isfinite(found)] = np.nan
    known = np.flatnonzero(~np.isnan(found))
    if len(known) < FEWEST:
        return Unknown(f"There are {len(known)} values; at least {FEWEST} are needed.")
    return found[known[0] :]


def series_of(values: Sequence[float | None]) -> "Values | Unknown":
    """The same of values that are mostly there; or why they do not suffice."""
    found = begun(values)
    if not isinstance(found, Unknown) and is_sparse(found):
        return Unknown(f"{missing(found):.0%} of the values are missing; at most {_MOST_MISSING:.0%} may be.")
    return found


def is_sparse(values: "Values") -> bool:
    """Whether so many are missing that what lies between the known ones would mostly be made up."""
    return missing(values) > _MOST_MISSING


def missing(values: "Values") -> float:
    """The share of the values that are missing."""
    import numpy as np

    return float(np.isnan(values).mean())


def filled(values: "Values", period: int) -> "Values":
    """The series without gaps: a missing value is what the line between its neighbours says, and how far the known values at the
    same place of the period lie from such lines (the median)."""
    import numpy as np

    gaps = np.isnan(values)
    if not gaps.any():
        return values
    steps = np.arange(len(values))
    lines = np.interp(steps, steps[~gaps], values[~gaps])
    if period == 1 or len(values) < 2 * period:
        return lines
    around = moving_mean(lines, period)
    off = values - around
    missing = np.flatnonzero(gaps)
    for phase in np.unique(missing % period).tolist():
        known = off[phase::period][~gaps[phase::period]]
        here = missing[missing % period == phase]
        lines[here] = around[here] + (median(known) if len(known) else 0.0)
    return lines


def moving_mean(values: "Values", width: int) -> "Values":
    """The centred mean over `width` values (an even width takes half of one at each end), column by column where there are some;
    the line of the ends goes on beyond."""
    import numpy as np

    if width == 1:
        return values
    if len(values) < width + 1:
        return np.broadcast_to(values.mean(axis=0), values.shape)
    total = np.concatenate((np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)))
    middle = (total[width:] - total[:-width]) / width
    if width % 2 == 0:
        middle = (middle[1:] + middle[:-1]) / 2
    side = width // 2
    reach = min(len(middle) - 1, width)
    slopes = [(middle[reach] - middle[0]) / max(reach, 1), (middle[-1] - middle[-1 - reach]) / max(reach, 1)]
    before = middle[0] - np.multiply.outer(np.arange(side, 0, -1), slopes[0])
    found: Values = np.concatenate((before, middle, middle[-1] + np.multiply.outer(np.arange(1, side + 1), slopes[1])))
    return found


def slope_of(values: "Values") -> float:
    """The slope, a step, of the straight line through them."""
    import numpy as np

    count = len(values)
    away = np.arange(count) - (count - 1) / 2
    return 12 * float(away @ values) / (count**3 - count)


def running_median(values: "Values", width: int) -> "Values":
    """The centred median over `width` values, or one more if that is even; the values of the ends count again beyond."""
    import numpy as np

    width += 1 - width % 2
    padded = np.pad(values, width // 2, mode="edge")
    found: Values = np.partition(np.lib.stride_tricks.sliding_window_view(padded, width), width // 2, axis=1)
    return found[:, width // 2]


def median(values: "Values") -> float:
    """The median of values none of which is missing, without what numpy's does for those that are."""
    import numpy as np

    half = len(values) // 2
    places = [half - 1 + len(values) % 2, half]
    low, high = np.partition(values, places)[places].tolist()
    return float((low + high) / 2)


def _medians(table: "Values") -> "Values":
    """Of each column."""
    import numpy as np

    ordered = np.sort(table, axis=0)
    found: Values = (ordered[(len(table) - 1) // 2] + ordered[len(table) // 2]) / 2
    return found


def seasonal_indices(values: "Values", period: int, *, multiplicative: bool) -> "Values":
    """What each place of the period adds to the level, or multiplies it by: the median over the cycles, of mean 0 (or 1).

    `values` has no gaps and at least two periods."""
    import numpy as np

    level = moving_mean(values, period)
    off = values / level if multiplicative else values - level
    cycles, over = divmod(len(off), period)
    whole = off[: cycles * period].reshape(cycles, period)
    begun = np.vstack([whole[:, :over], off[cycles * period :]])
    indices = np.concatenate([_medians(begun), _medians(whole[:, over:])])
    found: Values = indices / indices.mean() if multiplicative else indices - indices.mean()
    return found


def is_seasonal(values: "Values", period: int) -> bool:
    """Whether values a period apart go together more than chance lets them (90 %), once the slow moves are taken away.

    `values` has no gaps; with fewer than two periods nothing is seasonal."""
    import numpy as np

    if period < 2 or len(values) < 2 * period + 1:
        return False
    left = values - moving_mean(values, period)
    left = left - left.mean()
    power = float(left @ left)
    if power <= 1e-12 * float(values @ values):
        return False
    lags = np.array([float(left[lag:] @ left[:-lag]) / power for lag in range(1, period + 1)])
    bound = 1.645 * np.sqrt((1 + 2 * float(lags[:-1] @ lags[:-1])) / len(values))
    return bool(lags[-1] > bound)
