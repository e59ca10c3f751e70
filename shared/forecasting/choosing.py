"""Choosing: every method is fitted to the first part of the series and forecasts from each origin of the rest. The one that
errs least is taken, fitted again to all of it; its errors there make the intervals. A long first part settles the smoothings of
ETS: its states go on from there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import TYPE_CHECKING

from shared.forecasting import ets, theta
from shared.forecasting.model import Mean, Method, Model
from shared.forecasting.naive import Naive
from shared.forecasting.series import filled, is_seasonal
from shared.forecasting.smoothing import Smoothing
from shared.forecasting.theta import Theta

if TYPE_CHECKING:
    from shared.forecasting.series import Values

_HELD = 1 / 3
"""Of the series, at most, is kept apart."""
_FEWEST_ORIGINS = 60


_SETTLED = 300
"""Values of a first part that settle how fast ETS forgets."""


@dataclass(frozen=True)
class Fitted:
    """Theta and ETS, fitted to the same values with the same period: what all methods are made of."""

    period: int
    theta: Theta
    ets: Smoothing

    def model(self, method: Method) -> Model:
        """The method."""
        match method:
            case Method.NAIVE:
                return Naive(self.period)
            case Method.THETA:
                return self.theta
            case Method.ETS:
                return self.ets
            case Method.MEAN:
                return Mean((self.theta, self.ets))


@dataclass(frozen=True)
class Trial:
    """How a method did that was fitted to the first part: its mean absolute error over all origins and steps, and each error
    (found less forecast) with the forecast, origins x steps, NaN where nothing was found."""

    method: Method
    fitted: Fitted
    error: float
    errors: "Values"
    told: "Values"

    @property
    def relative(self) -> bool:
        """Whether errors grow with the level."""
        return self.fitted.model(self.method).relative


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
    firsts = [(each.first, period) for each in series for period in each.shown]
    fitted = map(Fitted, (period for _, period in firsts), theta.fit_all(firsts), ets.fit_all(firsts))
    return [
        min((trial for _ in each.shown for trial in _tried(each, next(fitted))), key=lambda trial: trial.error)
        for each in series
    ]


def fit(trials: Sequence[Trial], series: Sequence[Begun]) -> list[Model]:
    """The methods that did best, fitted to all values of their series."""
    by_theta = [trial.method in (Method.THETA, Method.MEAN) for trial in trials]
    by_ets = [
        trial.method in (Method.ETS, Method.MEAN) and len(each.first) < _SETTLED
        for trial, each in zip(trials, series, strict=True)
    ]
    whole = [(each.values, trial.fitted.period) for trial, each in zip(trials, series, strict=True)]
    thetas = iter(theta.fit_all(list(compress(whole, by_theta))))
    smoothings = iter(ets.fit_all(list(compress(whole, by_ets))))
    return [
        replace(
            trial.fitted,
            theta=next(thetas) if wants_theta else trial.fitted.theta,
            ets=next(smoothings) if wants_ets else trial.fitted.ets,
        ).model(trial.method)
        for trial, wants_theta, wants_ets in zip(trials, by_theta, by_ets, strict=True)
    ]


def held_out(count: int, horizon: int, periods: Sequence[int]) -> int:
    """How many values are kept apart."""
    wanted = max(3 * horizon, 3 * max(periods, default=1), _FEWEST_ORIGINS)
    return max(2, min(wanted, int(_HELD * count)))


def _tried(series: Begun, fitted: Fitted) -> list[Trial]:
    """The trials of all methods."""
    import numpy as np

    first, horizon = len(series.first), series.horizon
    padded = np.concatenate((series.values, np.full(horizon, np.nan)))
    found = np.lib.stride_tricks.sliding_window_view(padded, horizon)[first : len(series.values)]
    paths = {
        method: fitted.model(method).paths(series.values, first, horizon)[:-1]
        for method in (Method.NAIVE, Method.THETA, Method.ETS)
    }
    of_all: dict[Method, Values] = {**paths, Method.MEAN: (paths[Method.THETA] + paths[Method.ETS]) / 2}
    return [_trial(method, fitted, found, told) for method, told in of_all.items()]


def _trial(method: Method, fitted: Fitted, found: "Values", told: "Values") -> Trial:
    import numpy as np

    errors = found - told
    there = ~np.isnan(errors)
    counts = there.sum(axis=0)
    sums = np.abs(errors).sum(axis=0, where=there)
    error = float(np.mean(sums[counts > 0] / counts[counts > 0])) if counts.any() else float("inf")
    return Trial(method, fitted, error, errors, told)
