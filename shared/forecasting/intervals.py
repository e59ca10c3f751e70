"""Intervals: how far what came was from what was forecast, on values that the fit had not seen (split conformal).

Errors of all steps are pooled, each against the usual size of its step, so that even a step that was seen a few times has a sound
interval. Errors of a relative model are shares of the forecast."""

from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.forecasting.choosing import Trial
    from shared.forecasting.series import Values

_FEWEST = 5
"""Errors of a step from which its size is told (further on it grows with the root of the steps), and errors beyond the ends from
which these are believed."""
_NORMAL = 1.2533
"""Standard deviations in a mean absolute deviation of normal errors."""
_TINY = 1e-12


def margins(trial: "Trial", forecast: "Values", level: float) -> "tuple[Values, Values]":
    """What lies below and above the forecast so that a share `level` of what comes is in between, a step each."""
    import numpy as np

    scale = np.abs(trial.told) if trial.relative else np.ones_like(trial.told)
    errors = trial.errors / np.maximum(scale, _TINY)
    sizes = _sizes(errors)
    shares = errors / np.maximum(sizes, _TINY)
    pool = np.sort(shares[~np.isnan(shares)])
    origins = int((~np.isnan(errors[:, 0])).sum())
    if not len(pool) or origins == 0:
        return np.zeros_like(forecast), np.zeros_like(forecast)
    low, high = _quantiles(pool, origins, level)
    now = np.abs(forecast) if trial.relative else np.ones_like(forecast)
    return np.maximum(-low, 0.0) * sizes * now, np.maximum(high, 0.0) * sizes * now


def _sizes(errors: "Values") -> "Values":
    """The mean absolute error of each step, never less than that of a step before."""
    import numpy as np

    counts = (~np.isnan(errors)).sum(axis=0)
    seen = counts >= min(_FEWEST, int(counts.max()))
    sums = np.nansum(np.abs(errors), axis=0)
    means = np.where(seen, sums / np.maximum(counts, 1), 0.0)
    sizes = np.maximum.accumulate(means)
    last = int(np.flatnonzero(seen)[-1]) if seen.any() else 0
    ahead = np.arange(len(sizes))
    grown: Values = np.where(ahead > last, sizes[last] * np.sqrt((ahead + 1) / (last + 1)), sizes)
    return grown


def _quantiles(pool: "Values", origins: int, level: float) -> tuple[float, float]:
    """The ends of the pooled errors, in mean absolute ones. Errors of neighbouring origins go together: as many count as there
    are origins, with the correction for a finite sample. While few of them lie beyond the ends, these are at least those of
    Student's t, with a degree of freedom for every other origin."""
    import numpy as np

    tail = (1 - level) / 2
    share = max(0.0, tail - (1 - tail) / origins)
    low, high = float(np.quantile(pool, share)), float(np.quantile(pool, 1 - share))
    if tail * origins >= _FEWEST:
        return low, high
    least = _NORMAL * _student(1 - tail, max(2.0, origins / 2))
    return min(low, -least), max(high, least)


def _student(share: float, freedom: float) -> float:
    """The quantile of Student's t (the expansion of Cornish and Fisher)."""
    z = NormalDist().inv_cdf(share)
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )
