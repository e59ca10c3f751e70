"""ETS: exponential smoothing with the form that an information criterion chooses.

Forms: no trend, a trend, a damped one; no season, one that adds, one that multiplies; errors that add, or that grow with the
level. The settings of all forms are searched for together: each round tries points around the best of each form in one run of the
recursion, in a box that shrinks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from shared.forecasting.series import filled, seasonal_indices
from shared.forecasting.smoothing import Settings, Smoothing, Start, expectations

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.forecasting.series import Values

    Centres = NDArray[np.float64]

_POINTS = 24
"""Tried for each form in each round."""
_RADII = (0.5, 0.3, 0.18, 0.1, 0.05, 0.025)
"""Half the side of the box in each round, of the unit cube."""
_BASES = (2, 3, 5, 7)
_DAMPING = (0.80, 0.98)
_LEAST, _MOST = 1e-4, 0.9999
_FIRST_CYCLES = 4
_FIRST_POINTS = 10


@dataclass(frozen=True)
class _Form:
    """Trend: none, straight or damped; whether errors are relative; whether there is a season."""

    trend: bool
    damped: bool
    relative_errors: bool
    season: bool

    def parameters(self, period: int) -> int:
        """How many are fitted, first states and the size of errors with them."""
        return 3 + 2 * self.trend + self.damped + (period if self.season else 0)


def fit_ets(values: "Values", period: int) -> Smoothing:
    """The best form with its best settings. A season multiplies only values that are all above 0."""
    return fit_all([(values, period)])[0]


def fit_all(series: "Sequence[tuple[Values, int]]") -> list[Smoothing]:
    """The same for values with a period each. Those of one length and period are fitted together: what takes time are the steps,
    not the settings that are tried in each."""
    best: dict[int, tuple[float, Smoothing]] = {}
    for relative in (False, True):
        alike = defaultdict[tuple[int, int, int], list[tuple[int, _Fitting]]](list)
        for place, (values, period) in enumerate(series):
            fitting = _Fitting.of(values, period, relative=relative)
            if fitting is not None:
                alike[len(values), period, len(fitting.forms)].append((place, fitting))
        for group in alike.values():
            found = _fit([fitting for _, fitting in group])
            for (place, _), fit in zip(group, found, strict=True):
                best[place] = min(best.get(place, fit), fit, key=lambda each: each[0])
    return [best[place][1] for place in range(len(series))]


@dataclass(frozen=True)
class _Fitting:
    """A series, how it starts, and the forms that may fit it."""

    values: "Values"
    start: Start
    forms: "list[_Form]"

    @classmethod
    def of(cls, values: "Values", period: int, *, relative: bool) -> "_Fitting | None":
        """With a season that adds, or multiplies; None where it cannot."""
        known = filled(values, period)
        positive = float(known.min()) > 0
        if relative and (period == 1 or not positive):
            return None
        forms = [
            _Form(trend, damped, errors, period > 1)
            for (trend, damped), errors in product(((False, False), (True, False), (True, True)), (False, True))
            if (positive or not errors) and (errors or not relative)
        ]
        return cls(values, _start(known, period, relative=relative), forms)


def _fit(fittings: list[_Fitting]) -> list[tuple[float, Smoothing]]:
    """The best of all forms of each, which are as many, and its criterion (AICc)."""
    import numpy as np

    forms = [form for fitting in fittings for form in fitting.forms]
    values, starts = np.stack([fitting.values for fitting in fittings], axis=1), [each.start for each in fittings]
    box = _low_discrepancy(_POINTS)
    centres = np.full((len(forms), len(_BASES)), 0.5)
    best = np.full(len(forms), np.inf)
    for radius in _RADII:
        points = np.clip(centres[:, None, :] + (2 * box[None, :, :] - 1) * radius, 0, 1)
        points[:, 0] = centres
        expected = expectations(values, starts, _settings(forms, points))
        parts = np.split(expected, len(fittings), axis=1)
        losses = [_losses(each.values, part, each.forms) for each, part in zip(fittings, parts, strict=True)]
        for place, row in enumerate(np.concatenate(losses)):
            at = int(np.argmin(row))
            if row[at] < best[place]:
                best[place], centres[place] = row[at], points[place, at]
    width = len(fittings[0].forms)
    return [
        _best(fitting, best[first : first + width].tolist(), centres[first : first + width])
        for first, fitting in zip(range(0, len(forms), width), fittings, strict=True)
    ]


def _best(fitting: _Fitting, losses: list[float], centres: "Centres") -> tuple[float, Smoothing]:
    import numpy as np

    period, count = len(fitting.start.season), int((~np.isnan(fitting.values)).sum())
    criteria = [
        loss + _penalty(form.parameters(period), count) for loss, form in zip(losses, fitting.forms, strict=True)
    ]
    chosen = int(np.argmin(criteria))
    settings = _settings([fitting.forms[chosen]], centres[chosen][None, None, :])
    return criteria[chosen], _smoothing(fitting.start, settings)


def _start(known: "Values", period: int, *, relative: bool) -> Start:
    """First states: the season of the first cycles, and the line of the first values freed of it."""
    import numpy as np

    season = np.ones(1) if relative else np.zeros(1)
    if period > 1:
        season = seasonal_indices(known[: max(_FIRST_CYCLES * period, 2 * period)], period, multiplicative=relative)
        if relative:
            season = np.maximum(season, 1e-3)
    length = min(len(known), max(_FIRST_POINTS, period))
    covering = np.resize(season, length)
    freed = known[:length] / covering if relative else known[:length] - covering
    slope, level = np.polyfit(np.arange(1, length + 1), freed, 1)
    return Start(float(level), float(slope), season, relative)


def _settings(forms: list[_Form], points: "Values") -> Settings:
    """The settings that points of the unit cube (forms x points x 4) stand for: small smoothings are told apart best."""
    import numpy as np

    each = points.shape[1]
    trend = np.repeat([float(form.trend) for form in forms], each)
    damped = np.repeat([form.damped for form in forms], each)
    season = np.repeat([float(form.season) for form in forms], each)
    alpha, share, gamma, phi = (points[:, :, axis].ravel() for axis in range(4))
    alpha = np.clip(alpha**2, _LEAST, _MOST)
    low, high = _DAMPING
    return Settings(
        alpha=alpha,
        beta=trend * alpha * np.clip(share**2, _LEAST, _MOST),
        gamma=season * (1 - alpha) * np.clip(gamma**2, _LEAST, _MOST),
        phi=np.where(damped, low + (high - low) * phi, 1.0),
        has_trend=trend,
    )


def _losses(values: "Values", expected: "Values", forms: list[_Form]) -> "Values":
    """Twice the negative log-likelihood (up to what is the same for all), forms x points."""
    import numpy as np

    known = ~np.isnan(values)
    count = int(known.sum())
    with np.errstate(all="ignore"):
        found = values[known][:, None]
        told = expected[known]
        errors = found - told
        plain = count * np.log(np.maximum((errors**2).sum(axis=0), 1e-300))
        grown = count * np.log(np.maximum(((errors / told) ** 2).sum(axis=0), 1e-300))
        grown = grown + 2 * np.log(np.abs(told)).sum(axis=0)
        grown = np.where((told > 0).all(axis=0), grown, np.inf)
    relative = np.repeat([form.relative_errors for form in forms], expected.shape[1] // len(forms))
    losses = np.where(relative, grown, plain).reshape(len(forms), -1)
    return np.nan_to_num(losses, nan=np.inf, posinf=np.inf, neginf=-1e300)


def _penalty(parameters: int, count: int) -> float:
    """What a form pays for its parameters by AICc; where values are too few for that, by AIC."""
    room = count - parameters - 1
    return 2 * parameters + (2 * parameters * (parameters + 1) / room if room > 0 else 0.0)


def _smoothing(start: Start, settings: Settings) -> Smoothing:
    trended = float(settings.has_trend[0])
    begun = Start(start.level, start.trend * trended, start.season, start.relative)
    return Smoothing(
        begun, float(settings.alpha[0]), float(settings.beta[0]), float(settings.gamma[0]), float(settings.phi[0])
    )


def _low_discrepancy(count: int) -> "Values":
    """Points of a Halton sequence, that fill the unit cube evenly."""
    import numpy as np

    return np.array([[_radical(number, base) for base in _BASES] for number in range(1, count + 1)])


def _radical(number: int, base: int) -> float:
    """The digits of a number mirrored at the point."""
    found, share = 0.0, 1.0
    while number:
        share /= base
        found += share * (number % base)
        number //= base
    return found
