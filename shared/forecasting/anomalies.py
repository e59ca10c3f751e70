"""Anomalies: values that neither the trend nor the season nor the usual noise explains.

What is left of the decomposition is measured by its median absolute deviation, which a few outliers do not change."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.forecasting.changes import MAD, Change, find_changes
from shared.forecasting.decomposition import SEASON_CYCLES, Decomposition, decompose, decompose_all, usual_size
from shared.forecasting.sampling import Sampling, nearer, surprise
from shared.forecasting.series import Unknown, median, series_of

if TYPE_CHECKING:
    from shared.forecasting.series import Values

THRESHOLD = 4.5
"""Standard deviations of the usual noise from which a value is an anomaly: of normal noise, one in 150,000."""
_KERNEL = 2.4
"""Of one value a cycle, what a local mean of tricube weights takes for the season, and what losing outliers adds to that."""
_LEAST_FREEDOM = 0.3
_TINY = 1e-9


@dataclass(frozen=True)
class Anomaly:
    """The value at index `at`, what was to be expected there, and how many standard deviations of the noise lie between."""

    at: int
    value: float
    expected: float
    deviations: float


@dataclass(frozen=True)
class Findings:
    """What is out of the ordinary in a series, by time; and the series freed of its seasons, None where a value is missing."""

    anomalies: tuple[Anomaly, ...]
    changes: tuple[Change, ...]
    levels: tuple[float | None, ...]
    periods: tuple[int, ...]


@dataclass(frozen=True)
class Watched:
    """A series. `weights`: how many samples are in each value, so that a mean of a few may lie farther off. `sampling`: what
    chance alone can do to a value explains it, too."""

    values: Sequence[float | None]
    weights: Sequence[float] | None = None
    sampling: Sampling | None = None


def examine(
    values: Sequence[float | None],
    *,
    periods: Sequence[int] = (),
    weights: Sequence[float] | None = None,
    sampling: Sampling | None = None,
    threshold: float = THRESHOLD,
) -> Findings | Unknown:
    """The anomalies and changes of a series, or why they cannot be told; see `Watched`."""
    return examine_all([Watched(values, weights, sampling)], periods=periods, threshold=threshold)[0]


def examine_all(
    series: Sequence[Watched], *, periods: Sequence[int] = (), threshold: float = THRESHOLD
) -> list[Findings | Unknown]:
    """The same of many series, in less time than one after another."""
    found = [series_of(each.values) for each in series]
    alike = defaultdict[int, list[int]](list)
    for at, values in enumerate(found):
        if not isinstance(values, Unknown):
            alike[len(values)].append(at)
    parts: dict[int, Decomposition] = {}
    for group in alike.values():
        known = [values for at in group if not isinstance(values := found[at], Unknown)]
        parts |= zip(group, decompose_all(known, periods), strict=True)
    return [
        values if isinstance(values, Unknown) else _findings(each, values, parts[at], periods, threshold)
        for at, (each, values) in enumerate(zip(series, found, strict=True))
    ]


def _findings(
    series: Watched, found: "Values", parts: Decomposition, periods: Sequence[int], threshold: float
) -> Findings:
    import numpy as np

    skipped = len(series.values) - len(found)
    changes = find_changes(parts)
    if changes:
        parts = decompose(found, periods, [change.at for change in changes])
    samples = series.weights[skipped:] if series.weights is not None else None
    deviations = _deviations(parts, _precision(samples, found))
    if series.sampling is not None:
        deviations = nearer(deviations, surprise(found, found - parts.remainder, samples, series.sampling))
    anomalies = [
        Anomaly(skipped + at, float(found[at]), float(found[at] - parts.remainder[at]), float(deviations[at]))
        for at in np.flatnonzero(np.abs(deviations) >= threshold).tolist()
    ]
    levels = np.where(np.isnan(found), np.nan, found - parts.season).tolist()
    return Findings(
        anomalies=tuple(anomalies),
        changes=tuple(_moved(change, skipped) for change in changes),
        levels=(*(None for _ in range(skipped)), *(None if level != level else level for level in levels)),
        periods=parts.periods,
    )


def _moved(change: Change, by: int) -> Change:
    return Change(change.at + by, change.before, change.after, change.slope_before, change.slope_after)


def _precision(weights: Sequence[float] | None, values: "Values") -> "Values":
    """The root of each value's samples against the usual number; never more than 1, for no value is without noise of its own."""
    import numpy as np

    if weights is None:
        return np.ones(len(values))
    samples = np.array(weights, np.float64)
    usual = median(samples[~np.isnan(values)])
    return np.sqrt(np.clip(samples / usual, 0.0, 1.0)) if usual > 0 else np.ones(len(values))


def _deviations(parts: Decomposition, precision: "Values") -> "Values":
    """How far each value is off, in standard deviations; 0 where it is missing."""
    import numpy as np

    off = parts.remainder * precision
    known = off[~np.isnan(off)]
    middle = median(known)
    spread = MAD * usual_size(np.abs(known - middle)) / np.sqrt(_freedom(parts))
    found: Values = np.nan_to_num((off - middle) / max(spread, _TINY * float(np.abs(parts.trend).max()), 1e-300))
    return found


def _freedom(parts: Decomposition) -> float:
    """The share of the noise that a season and the trend have not taken for their own."""
    cycles = [min(SEASON_CYCLES, len(parts.trend) / period) for period in parts.periods]
    return max(_LEAST_FREEDOM, 1 - sum(_KERNEL / count for count in cycles))
