"""Theta, optimised: exponential smoothing of what is left of a line, and a share of that line.

The forecast of Assimakopoulos and Nikolopoulos (2000) with theta chosen (Fiorucci and others, 2016): SES of the theta line, and
the straight line with the weight w = 1 - 1/theta. With L the SES of the straight line A + B t, begun on it, that is

    forecast(t + h) = level(t) + w (A + B (t + h) - L(t)) = level(t) + w B (h + (1 - a) / a (1 - (1 - a)^t)),

so errors of one step are linear in w and in the first level: for each smoothing a both follow from least squares, and only a is
searched for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.forecasting.series import filled, seasonal_indices, slope_of

if TYPE_CHECKING:
    from shared.forecasting.series import Values

_SMOOTHINGS = 64
_LEAST_SMOOTHING = 0.01


@dataclass(frozen=True)
class Theta:
    """SES with smoothing and first level, with drift a step, over a series freed of its season."""

    smoothing: float
    first: float
    drift: float
    indices: "Values"
    relative: bool

    def paths(self, values: "Values", first: int, horizon: int) -> "Values":
        """See `Model`."""
        import numpy as np

        period, steps = len(self.indices), len(values)
        season = np.resize(self.indices, steps)
        freed = values / season if self.relative else values - season
        behind = _lags(self.smoothing, steps + 1)
        grown = self.drift * (behind[:-1] + 1 - behind[1:])
        level, smoothing = self.first, self.smoothing
        told = [level]
        for value, more in zip(freed.tolist(), grown.tolist(), strict=True):
            level += smoothing * (value - level) if value == value else more
            told.append(level)
        levels = np.array(told)
        origins = np.arange(first, steps + 1)
        ahead = np.arange(1, horizon + 1)
        plain = levels[first:, None] + self.drift * (ahead[None, :] + behind[first:, None] - 1)
        places = (origins[:, None] + ahead[None, :] - 1) % period
        found: Values = plain * self.indices[places] if self.relative else plain + self.indices[places]
        return found


def fit_theta(values: "Values", period: int) -> Theta:
    """The Theta of these values; the season multiplies, or adds, whichever leaves less."""
    return fit_all([(values, period)])[0]


def fit_all(series: "Sequence[tuple[Values, int]]") -> list[Theta]:
    """The same for values with a period each; those of one length are smoothed together."""
    alike = defaultdict[int, list[tuple[int, _Freed]]](list)
    for place, (values, period) in enumerate(series):
        alike[len(values)] += [(place, freed) for freed in _freed(values, period)]
    best: dict[int, tuple[float, Theta]] = {}
    for group in alike.values():
        found = _fit([freed for _, freed in group])
        for (place, _), fit in zip(group, found, strict=True):
            best[place] = min(best.get(place, fit), fit, key=lambda each: each[0])
    return [best[place][1] for place in range(len(series))]


@dataclass(frozen=True)
class _Freed:
    """Values freed of a season; of one that is `relative`, errors are to be multiplied by it to be on the scale that they were
    on."""

    values: "Values"
    indices: "Values"
    relative: bool

    @property
    def season(self) -> "Values":
        """At each step."""
        import numpy as np

        return np.resize(self.indices, len(self.values))


def _freed(values: "Values", period: int) -> list[_Freed]:
    """Of the seasons that these values may have: one that adds, and one that multiplies."""
    import numpy as np

    known = filled(values, period)
    if period == 1:
        return [_Freed(known, np.zeros(1), relative=False)]
    indices = seasonal_indices(known, period, multiplicative=False)
    found = [_Freed(known - np.resize(indices, len(known)), indices, relative=False)]
    if float(known.min()) > 0:
        indices = seasonal_indices(known, period, multiplicative=True)
        if float(indices.min()) > 0:
            found.append(_Freed(known / np.resize(indices, len(known)), indices, relative=True))
    return found


def _fit(series: list[_Freed]) -> list[tuple[float, Theta]]:
    """The best of all smoothings of each, which are of one length, and the sum of its squared errors."""
    import numpy as np

    values = np.stack([each.values for each in series], axis=1)
    tried = _Tried.of(len(values))
    errors = np.empty((*values.shape, _SMOOTHINGS))
    levels, moves = np.zeros(errors.shape[1:]), np.empty(errors.shape[1:])
    gains = np.tile(tried.smoothings, (len(series), 1))
    for value, error in zip(values[:, :, None], errors, strict=True):
        np.subtract(value, levels, out=error)
        np.add(levels, np.multiply(gains, error, out=moves), out=levels)
    return [tried.best(each, errors[:, at]) for at, each in enumerate(series)]


@dataclass(frozen=True)
class _Tried:
    """The smoothings that are tried of so many values; a column for each of what the first level, and the line with a slope of 1,
    have left in the error of each step; and the sums of their squares and products."""

    smoothings: "Values"
    fading: "Values"
    drifting: "Values"
    sums: tuple["Values", "Values", "Values"]

    @classmethod
    def of(cls, count: int) -> "_Tried":
        """Small smoothings are told apart best."""
        import numpy as np

        smoothings = _LEAST_SMOOTHING + (1 - _LEAST_SMOOTHING) * np.linspace(0, 1, _SMOOTHINGS) ** 2
        fading = (1 - smoothings) ** np.arange(count)[:, None]
        drifting = (1 - fading * (1 - smoothings)) / smoothings
        products = ((drifting, drifting), (drifting, fading), (fading, fading))
        dd, df, ff = (np.einsum("ts,ts->s", one, other) for one, other in products)
        return cls(smoothings, fading, drifting, (dd, df, ff))

    def best(self, freed: _Freed, errors: "Values") -> tuple[float, Theta]:
        """The one, of which each leaves a column of errors, that leaves the least of their squares."""
        import numpy as np

        slope = slope_of(freed.values)
        weights, firsts = self._solve(slope, errors)
        left = self.drifting * (-slope * weights)
        left += errors
        left -= self.fading * firsts
        if freed.relative:
            left *= freed.season[:, None]
        squares = np.einsum("ts,ts->s", left, left)
        at = int(np.argmin(squares))
        smoothing, first, weight = (float(each[at]) for each in (self.smoothings, firsts, weights))
        return float(squares[at]), Theta(smoothing, first, weight * slope, freed.indices, freed.relative)

    def _solve(self, slope: float, target: "Values") -> tuple["Values", "Values"]:
        """The weight of the line, 0 to 1, and the first level that leave the least of the errors, column by column."""
        import numpy as np

        dd, df, ff = self.sums
        dt, ft = (np.einsum("ts,ts->s", each, target) for each in (self.drifting, self.fading))
        dd, df, dt = slope**2 * dd, slope * df, slope * dt
        determinant = dd * ff - df * df
        sound = determinant > 1e-12 * dd * ff
        weights = np.where(sound, (dt * ff - ft * df) / np.where(sound, determinant, 1.0), 0.0)
        weights = np.clip(weights, 0.0, 1.0)
        return weights, (ft - weights * df) / ff


def _lags(smoothing: float, count: int) -> "Values":
    """How many steps of drift the level is behind the next value, after 0, 1, … steps."""
    import numpy as np

    steps = np.arange(1, count + 1, dtype=np.float64)
    return (1 - (1 - smoothing) ** steps) / smoothing
