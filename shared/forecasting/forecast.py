"""Forecast: what a series will do, how sure that is, and which method says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.forecasting.choosing import Begun, Trial, fit, try_methods
from shared.forecasting.intervals import margins
from shared.forecasting.model import Method, Model
from shared.forecasting.series import Unknown, begun, is_sparse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.forecasting.series import Values

    Steps = NDArray[np.int64]

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
    """The next steps; of a sparse series, each if there is a value in it at all. `mase`: the mean absolute error of the method
    over all origins that it was tried from, as a multiple of what "as a period ago" errs by one period ahead; None where that is
    never wrong. `period` is 1 where no season is seen."""

    points: tuple[Point, ...]
    level: float
    method: Method
    period: int
    mase: float | None


@dataclass(frozen=True)
class Asked:
    """A series at equal steps, None where a value is missing, what its values can be at all, at the least and at the most, and
    whether only whole numbers are."""

    values: Sequence[float | None]
    least: float | None = None
    most: float | None = None
    whole: bool = False


def forecast(
    values: Sequence[float | None],
    horizon: int,
    *,
    periods: Sequence[int] = (),
    level: float = 0.9,
    least: float | None = None,
    most: float | None = None,
) -> Forecast | Unknown:
    """The next `horizon` steps of a series at equal steps, None where a value is missing; or why that cannot be said. Where most
    are missing, no season is looked for, and time is counted in the values that there are.

    `periods`: lengths of seasons that it may have, in steps, such as 24 and 168 of hours. `level`: the share of values to come
    that the intervals shall hold, 0 to 1. `least` and `most` are what values can be at all."""
    return forecasts([Asked(values, least, most)], horizon, periods=periods, level=level)[0]


def forecasts(
    series: Sequence[Asked], horizon: int, *, periods: Sequence[int] = (), level: float = 0.9
) -> list[Forecast | Unknown]:
    """The same for many series, in much less time than one after another."""
    told: list[Forecast | Unknown | _Looking] = [_looking(each, horizon, periods) for each in series]
    looking = [each for each in told if isinstance(each, _Looking)]
    trials = try_methods([each.begun for each in looking])
    models = fit(trials, [each.begun for each in looking])
    found = iter([_told(*each, level) for each in zip(looking, trials, models, strict=True)])
    return [next(found) if isinstance(each, _Looking) else each for each in told]


@dataclass(frozen=True)
class _Looking:
    """A series to be forecast, with its periods, and how far ahead each step is, in its own."""

    asked: Asked
    begun: Begun
    ahead: "Steps"
    periods: Sequence[int]


def _looking(asked: Asked, horizon: int, periods: Sequence[int]) -> "_Looking | Unknown":
    found = begun(asked.values)
    if isinstance(found, Unknown):
        return found
    if is_sparse(found[-MOST_VALUES:]):
        ahead, found, periods = _by_known(found, horizon)
    else:
        ahead, found = _from_known(found, horizon)
    return _Looking(asked, Begun.of(found[-MOST_VALUES:], int(ahead[-1]) + 1, periods), ahead, periods)


def _told(looking: _Looking, best: Trial, model: Model, level: float) -> Forecast:
    import numpy as np

    found = looking.begun.values
    told = model.paths(found, len(found), looking.begun.horizon)[0]
    below, above = margins(best, told, level)
    least, most = looking.asked.least, looking.asked.most
    low, middle, high = (np.clip(each, least, most)[looking.ahead] for each in (told - below, told, told + above))
    if looking.asked.whole:
        low, high = np.minimum(np.rint(low), middle), np.maximum(np.rint(high), middle)
    points = tuple(Point(*each) for each in zip(middle.tolist(), low.tolist(), high.tolist(), strict=True))
    scale = naive_error(found, max(looking.periods, default=1))
    return Forecast(points, level, best.method, best.fitted.period, best.error / scale if scale else None)


def _from_known(values: "Values", horizon: int) -> "tuple[Steps, Values]":
    """How many steps after the last known value each step ahead is; the values up to that one. Of those after it nothing can be
    learned, how wrong a forecast is least of all."""
    import numpy as np

    end = int(np.flatnonzero(~np.isnan(values))[-1]) + 1
    return np.arange(horizon) + len(values) - end, values[:end]


def _by_known(values: "Values", horizon: int) -> "tuple[Steps, Values, tuple[int, ...]]":
    """Of each step ahead, how many known values lie before it if they come as often as they did; the known values; no periods."""
    import numpy as np

    known = values[~np.isnan(values)]
    share = len(known) / len(values)
    return (np.arange(horizon) * share).astype(np.int64), known, ()


def naive_error(values: "Values", period: int) -> float | None:
    """The mean absolute difference of values a period apart; None if it is 0, or there is no such pair."""
    import numpy as np

    lag = period if len(values) > period else 1
    gaps = np.abs(values[lag:] - values[:-lag])
    gaps = gaps[~np.isnan(gaps)]
    return float(gaps.mean()) if len(gaps) and float(gaps.mean()) > 0 else None
