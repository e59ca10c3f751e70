"""Choosing: every method is fitted to the first part of the series and forecasts from each origin of the rest. The one that
errs least is taken, fitted again to all of it; its errors there make the intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.forecasting.ets import fit_all
from shared.forecasting.model import Mean, Method, Model
from shared.forecasting.naive import fit_naive
from shared.forecasting.series import filled, is_seasonal
from shared.forecasting.theta import fit_theta

if TYPE_CHECKING:
    from shared.forecasting.series import Values

_HELD = 1 / 3
"""Of the series, at most, is kept apart."""
_FEWEST_ORIGINS = 60


@dataclass(frozen=True)
class Trial:
    """How a method with a period did: its mean absolute error over all origins and steps, and each error (found less forecast)
    with the forecast, origins x steps, NaN where nothing was found."""

    method: Method
    period: int
    error: float
    errors: "Values"
    told: "Values"
    relative: bool


@dataclass(frozen=True)
class Begun:
    """A series, how far it is looked ahead, the first part of it, and the periods that this shows."""

    values: "Values"
    horizon: int
    first: "Values"
    shown: tuple[int, ...]

    @classmethod
    def of(cls, values: "Values", horizon: int, periods: Sequence[int]) -> "Begun":
        """With what is kept apart at its end."""
        first = values[: len(values) - held_out(len(values), horizon, periods)]
        known = filled(first, 1)
        return cls(values, horizon, first, (1, *(period for period in periods if is_seasonal(known, period))))


def try_methods(series: Sequence[Begun]) -> list[Trial]:
    """Of each series the best of all methods with every period that its first part shows, and with none."""
    ets = iter(fit_all([(each.first, period) for each in series for period in each.shown]))
    return [
        min(
            (trial for period in each.shown for trial in _tried(each, period, next(ets))),
            key=lambda trial: trial.error,
        )
        for each in series
    ]


def fit(series: Sequence[tuple[Method, "Values", int]]) -> list[Model]:
    """The methods fitted to the values, with these periods."""
    smoothed = (Method.ETS, Method.MEAN)
    ets = iter(fit_all([(values, period) for method, values, period in series if method in smoothed]))
    return [
        _fit(method, values, period, next(ets) if method in smoothed else None) for method, values, period in series
    ]


def held_out(count: int, horizon: int, periods: Sequence[int]) -> int:
    """How many values are kept apart."""
    wanted = max(3 * horizon, 3 * max(periods, default=1), _FEWEST_ORIGINS)
    return max(2, min(wanted, int(_HELD * count)))


def _fit(method: Method, values: "Values", period: int, ets: Model | None) -> Model:
    if method is Method.NAIVE:
        return fit_naive(values, period)
    if ets is None:
        return fit_theta(values, period)
    return ets if method is Method.ETS else Mean((fit_theta(values, period), ets))


def _tried(series: Begun, period: int, ets: Model) -> list[Trial]:
    """The trials of all methods with this period."""
    naive, theta = fit_naive(series.first, period), fit_theta(series.first, period)
    models: dict[Method, Model] = {
        Method.NAIVE: naive,
        Method.THETA: theta,
        Method.ETS: ets,
        Method.MEAN: Mean((theta, ets)),
    }
    first, horizon = len(series.first), series.horizon
    return [_trial(method, period, model, series.values, first, horizon) for method, model in models.items()]


def _trial(method: Method, period: int, model: Model, values: "Values", first: int, horizon: int) -> Trial:
    import numpy as np

    told = model.paths(values, first, horizon)[:-1]
    padded = np.r_[values, np.full(horizon, np.nan)]
    found = np.lib.stride_tricks.sliding_window_view(padded, horizon)[first : len(values)]
    errors = found - told
    steps = ~np.isnan(errors).all(axis=0)
    error = float(np.mean(np.nanmean(np.abs(errors[:, steps]), axis=0))) if steps.any() else float("inf")
    return Trial(method, period, error, errors, told, model.relative)
