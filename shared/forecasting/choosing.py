"""Choosing: every method is fitted to the first part of the series and forecasts from each origin of the rest. The one that
errs least is taken, fitted again to all of it; its errors there make the intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.forecasting.ets import fit_ets
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


def try_methods(values: "Values", horizon: int, periods: Sequence[int]) -> list[Trial]:
    """All methods with every period that the first part of the series shows (and with none), the best first."""
    first = len(values) - held_out(len(values), horizon, periods)
    begun = values[:first]
    known = filled(begun, 1)
    shown = [1, *(period for period in periods if is_seasonal(known, period))]
    trials = [trial for period in shown for trial in _tried(values, begun, horizon, period)]
    return sorted(trials, key=lambda trial: trial.error)


def held_out(count: int, horizon: int, periods: Sequence[int]) -> int:
    """How many values are kept apart."""
    wanted = max(3 * horizon, 3 * max(periods, default=1), _FEWEST_ORIGINS)
    return max(2, min(wanted, int(_HELD * count)))


def fit(method: Method, values: "Values", period: int) -> Model:
    """The method fitted to the values."""
    return _FITS[method](values, period)


def _tried(values: "Values", begun: "Values", horizon: int, period: int) -> list[Trial]:
    """The trials of all methods with this period."""
    naive, theta, ets = fit_naive(begun, period), fit_theta(begun, period), fit_ets(begun, period)
    models: dict[Method, Model] = {
        Method.NAIVE: naive,
        Method.THETA: theta,
        Method.ETS: ets,
        Method.MEAN: Mean((theta, ets)),
    }
    return [_trial(method, period, model, values, len(begun), horizon) for method, model in models.items()]


def _trial(method: Method, period: int, model: Model, values: "Values", first: int, horizon: int) -> Trial:
    import numpy as np

    told = model.paths(values, first, horizon)[:-1]
    padded = np.r_[values, np.full(horizon, np.nan)]
    found = np.lib.stride_tricks.sliding_window_view(padded, horizon)[first : len(values)]
    errors = found - told
    steps = ~np.isnan(errors).all(axis=0)
    error = float(np.mean(np.nanmean(np.abs(errors[:, steps]), axis=0))) if steps.any() else float("inf")
    return Trial(method, period, error, errors, told, model.relative)


def _fit_mean(values: "Values", period: int) -> Model:
    return Mean((fit_theta(values, period), fit_ets(values, period)))


_FITS: dict[Method, Callable[["Values", int], Model]] = {
    Method.NAIVE: fit_naive,
    Method.THETA: fit_theta,
    Method.ETS: fit_ets,
    Method.MEAN: _fit_mean,
}
