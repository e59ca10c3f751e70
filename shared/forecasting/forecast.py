"""Forecast: what a series will do, how sure that is, and which method says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.forecasting.choosing import fit, try_methods
from shared.forecasting.intervals import margins
from shared.forecasting.model import Method
from shared.forecasting.series import Unknown, series_of

if TYPE_CHECKING:
    from shared.forecasting.series import Values

MOST_VALUES = 1_000
"""Of a longer series the newest count."""


@dataclass(frozen=True)
class Point:
    """A step ahead: the value to expect, and between which values it is with the forecast's level."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Forecast:
    """The next steps. `mase`: the mean absolute error of the method over all origins that it was tried from, as a multiple of
    what "as a period ago" errs by one period ahead; None where that is never wrong. `period` is 1 where no season is seen."""

    points: tuple[Point, ...]
    level: float
    method: Method
    period: int
    mase: float | None


def forecast(
    values: Sequence[float | None],
    horizon: int,
    *,
    periods: Sequence[int] = (),
    level: float = 0.9,
    least: float | None = None,
    most: float | None = None,
) -> Forecast | Unknown:
    """The next `horizon` steps of a series at equal steps, None where a value is missing; or why that cannot be said.

    `periods`: lengths of seasons that it may have, in steps, such as 24 and 168 of hours. `level`: the share of values to come
    that the intervals shall hold, 0 to 1. `least` and `most` are what values can be at all."""
    import numpy as np

    found = series_of(values)
    if isinstance(found, Unknown):
        return found
    found = found[-MOST_VALUES:]
    best = try_methods(found, horizon, periods)[0]
    told = fit(best.method, found, best.period).paths(found, len(found), horizon)[0]
    below, above = margins(best, told, level)
    low, middle, high = (np.clip(each, least, most) for each in (told - below, told, told + above))
    points = tuple(Point(*each) for each in zip(middle.tolist(), low.tolist(), high.tolist(), strict=True))
    scale = naive_error(found, max(periods, default=1))
    return Forecast(points, level, best.method, best.period, best.error / scale if scale else None)


def naive_error(values: "Values", period: int) -> float | None:
    """The mean absolute difference of values a period apart; None if it is 0, or there is no such pair."""
    import numpy as np

    lag = period if len(values) > period else 1
    gaps = np.abs(values[lag:] - values[:-lag])
    gaps = gaps[~np.isnan(gaps)]
    return float(gaps.mean()) if len(gaps) and float(gaps.mean()) > 0 else None
