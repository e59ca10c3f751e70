"""Theta, optimised: exponential smoothing of what is left of a line, and a share of that line.

The forecast of Assimakopoulos and Nikolopoulos (2000) with theta chosen (Fiorucci and others, 2016): SES of the theta line, and
the straight line with the weight w = 1 - 1/theta. With L the SES of the straight line A + B t, begun on it, that is

    forecast(t + h) = level(t) + w (A + B (t + h) - L(t)) = level(t) + w B (h + (1 - a) / a (1 - (1 - a)^t)),

so errors of one step are linear in w and in the first level: for each smoothing a both follow from least squares, and only a is
searched for."""

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
        season = np.resize(self.indices, steps + horizon)
        freed = values / season[:steps] if self.relative else values - season[:steps]
        levels = np.empty(steps + 1)
        levels[0] = level = self.first
        for place, value in enumerate(freed.tolist()):
            expected = level + self.drift * _lag(self.smoothing, place)
            if value == value:
                level += self.smoothing * (value - level)
            else:
                level = expected + self.drift - self.drift * _lag(self.smoothing, place + 1)
            levels[place + 1] = level
        origins = np.arange(first, steps + 1)
        lags = np.array([_lag(self.smoothing, int(origin)) for origin in origins]) - 1
        ahead = np.arange(1, horizon + 1)
        plain = levels[origins][:, None] + self.drift * (ahead[None, :] + lags[:, None])
        places = (origins[:, None] + ahead[None, :] - 1) % period
        found: Values = plain * self.indices[places] if self.relative else plain + self.indices[places]
        return found


def fit_theta(values: "Values", period: int) -> Theta:
    """The Theta of these values; the season multiplies, or adds, whichever leaves less."""
    import numpy as np

    known = filled(values, period)
    if period == 1:
        return _fit(known, np.zeros(1), relative=False)[1]
    fits = [_fit(known, seasonal_indices(known, period, multiplicative=False), relative=False)]
    if float(known.min()) > 0:
        indices = seasonal_indices(known, period, multiplicative=True)
        if float(indices.min()) > 0:
            fits.append(_fit(known, indices, relative=True))
    return min(fits, key=lambda fit: fit[0])[1]


def _fit(values: "Values", indices: "Values", *, relative: bool) -> tuple[float, Theta]:
    """The best of all smoothings, and the sum of its squared errors on the scale of the values."""
    import numpy as np

    season = np.resize(indices, len(values))
    freed = values / season if relative else values - season
    scale = season if relative else np.ones(len(values))
    slope = float(np.polyfit(np.arange(len(freed)), freed, 1)[0])
    smoothings = _LEAST_SMOOTHING + (1 - _LEAST_SMOOTHING) * np.linspace(0, 1, _SMOOTHINGS) ** 2
    levels = np.zeros(_SMOOTHINGS)
    errors = np.empty((len(freed), _SMOOTHINGS))
    for place, value in enumerate(freed.tolist()):
        errors[place] = value - levels
        levels = levels + smoothings * errors[place]
    steps = np.arange(len(freed))[:, None]
    fading = (1 - smoothings) ** steps
    drifting = (1 - fading * (1 - smoothings)) / smoothings
    best: tuple[float, Theta] | None = None
    for at, smoothing in enumerate(smoothings.tolist()):
        weight, first = _solve(drifting[:, at] * slope, fading[:, at], errors[:, at])
        left = (errors[:, at] - weight * drifting[:, at] * slope - first * fading[:, at]) * scale
        squares = float(left @ left)
        if best is None or squares < best[0]:
            best = squares, Theta(smoothing, first, weight * slope, indices, relative)
    assert best is not None
    return best


def _solve(drifting: "Values", fading: "Values", target: "Values") -> tuple[float, float]:
    """The weight of the line, 0 to 1, and the first level that leave the least of the errors."""
    dd, df, ff = float(drifting @ drifting), float(drifting @ fading), float(fading @ fading)
    dt, ft = float(drifting @ target), float(fading @ target)
    determinant = dd * ff - df * df
    weight = (dt * ff - ft * df) / determinant if determinant > 1e-12 * dd * ff else 0.0
    weight = min(max(weight, 0.0), 1.0)
    return weight, (ft - weight * df) / ff


def _lag(smoothing: float, steps: int) -> float:
    """How many steps of drift the level is behind the next value after so many."""
    return float((1 - (1 - smoothing) ** (steps + 1)) / smoothing)
