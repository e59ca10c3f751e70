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

from shared.forecasting.series import filled, seasonal_indices

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
        levels = np.empty(steps + 1)
        levels[0] = level = self.first
        for place, (value, more) in enumerate(zip(freed.tolist(), grown.tolist(), strict=True)):
            level += self.smoothing * (value - level) if value == value else more
            levels[place + 1] = level
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
    """Values freed of a season, and what an error is multiplied by to be on the scale that they were on."""

    values: "Values"
    scale: "Values"
    indices: "Values"
    relative: bool


def _freed(values: "Values", period: int) -> list[_Freed]:
    """Of the seasons that these values may have: one that adds, and one that multiplies."""
    import numpy as np

    known = filled(values, period)
    ones = np.ones(len(known))
    if period == 1:
        return [_Freed(known, ones, np.zeros(1), relative=False)]
    indices = seasonal_indices(known, period, multiplicative=False)
    found = [_Freed(known - np.resize(indices, len(known)), ones, indices, relative=False)]
    if float(known.min()) > 0:
        indices = seasonal_indices(known, period, multiplicative=True)
        if float(indices.min()) > 0:
            season = np.resize(indices, len(known))
            found.append(_Freed(known / season, season, indices, relative=True))
    return found


def _fit(series: list[_Freed]) -> list[tuple[float, Theta]]:
    """The best of all smoothings of each, which are of one length, and the sum of its squared errors."""
    import numpy as np

    smoothings = _LEAST_SMOOTHING + (1 - _LEAST_SMOOTHING) * np.linspace(0, 1, _SMOOTHINGS) ** 2
    values = np.stack([each.values for each in series], axis=1)
    errors = np.empty((*values.shape, _SMOOTHINGS))
    levels, moves = np.zeros(errors.shape[1:]), np.empty(errors.shape[1:])
    for value, error in zip(values[:, :, None], errors, strict=True):
        np.subtract(value, levels, out=error)
        levels += np.multiply(smoothings, error, out=moves)
    fading = (1 - smoothings) ** np.arange(len(values))[:, None]
    drifting = (1 - fading * (1 - smoothings)) / smoothings
    return [_best(each, smoothings, errors[:, at], fading, drifting) for at, each in enumerate(series)]


def _best(
    freed: _Freed, smoothings: "Values", errors: "Values", fading: "Values", drifting: "Values"
) -> tuple[float, Theta]:
    """Of the smoothings, each of which leaves a column of errors."""
    import numpy as np

    slope = _slope(freed.values)
    weights, firsts = _solve(slope * drifting, fading, errors)
    left = (errors - weights * slope * drifting - firsts * fading) * freed.scale[:, None]
    squares = np.einsum("ts,ts->s", left, left)
    at = int(np.argmin(squares))
    theta = Theta(float(smoothings[at]), float(firsts[at]), float(weights[at]) * slope, freed.indices, freed.relative)
    return float(squares[at]), theta


def _slope(values: "Values") -> float:
    """That of the straight line through them, a step."""
    import numpy as np

    count = len(values)
    away = np.arange(count) - (count - 1) / 2
    return 12 * float(away @ values) / (count**3 - count)


def _solve(drifting: "Values", fading: "Values", target: "Values") -> tuple["Values", "Values"]:
    """The weight of the line, 0 to 1, and the first level that leave the least of the errors, column by column."""
    import numpy as np

    (dd, df, dt), (ff, ft) = (
        [np.einsum("ts,ts->s", one, other) for other in others]
        for one, others in ((drifting, (drifting, fading, target)), (fading, (fading, target)))
    )
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
