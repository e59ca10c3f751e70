"""ETS: exponential smoothing with the form that an information criterion chooses.

Forms: no trend, a trend, a damped one; no season, one that adds, one that multiplies; errors that add, or that grow with the
level. The settings of all forms are searched for together: each round tries points around the best of each form in one run of the
recursion, in a box that shrinks. Either kind of errors judges all points: it is the same recursion that made them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, groupby
from typing import TYPE_CHECKING

from shared.forecasting.series import filled, seasonal_indices, slope_of
from shared.forecasting.smoothing import Settings, Smoothing, Start, expectations

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.forecasting.series import Values

    Flags = NDArray[np.bool_]

_POINTS = 24
"""Tried for each trend in each round."""
_RADII = (0.5, 0.24, 0.1, 0.04)
"""Half the side of the box in each round, of the unit cube."""
_BASES = (2, 3, 5, 7)
_DAMPING = (0.80, 0.98)
_LEAST, _MOST = 1e-4, 0.9999
_ALL_TRIED = 1
"""Rounds with all forms; from then on those that are _BEHIND the best by more than that, of the criterion, are left alone."""
_BEHIND = 4.0
_FIRST_CYCLES = 4
_FIRST_POINTS = 10
_TRENDS = ((False, False), (True, False), (True, True))
"""Whether there is one, and whether it is damped."""


def fit_ets(values: "Values", period: int) -> Smoothing:
    """The best form with its best settings. A season multiplies only values that are all above 0."""
    return fit_all([(values, period)])[0]


def fit_all(series: "Sequence[tuple[Values, int]]") -> list[Smoothing]:
    """The same for values with a period each. Those of one length are fitted together: what takes time are the steps, not the
    settings that are tried in each."""
    alike = defaultdict[int, list[_Fitting]](list)
    for place, (values, period) in enumerate(series):
        alike[len(values)] += _fittings(place, values, period)
    best: dict[int, Smoothing] = {}
    for group in alike.values():
        best |= _fit(sorted(group, key=lambda each: (len(each.start.season), each.start.relative)))
    return [best[place] for place in range(len(series))]


@dataclass(frozen=True)
class _Fitting:
    """The series at a `place` among many, how it starts, and which errors it may have: such as add, such as grow with the level,
    or both."""

    place: int
    values: "Values"
    start: Start
    errors: tuple[bool, bool]

    def parameters(self, trend: bool, damped: bool) -> int:
        """How many are fitted with such a trend, first states and the size of errors with them."""
        period = len(self.start.season)
        return 3 + 2 * trend + damped + (period if period > 1 else 0)


def _fittings(place: int, values: "Values", period: int) -> Iterator[_Fitting]:
    """With a season that adds, and one that multiplies where it can: then errors grow with the level."""
    known = filled(values, period)
    positive = float(known.min()) > 0
    yield _Fitting(place, values, _start(known, period, relative=False), (True, positive))
    if positive and period > 1:
        yield _Fitting(place, values, _start(known, period, relative=True), (False, True))


@dataclass(frozen=True)
class _Form:
    """A fitting with one of the trends, and what it pays for its parameters."""

    fitting: _Fitting
    trend: bool
    damped: bool
    penalty: float

    @classmethod
    def all_of(cls, fitting: _Fitting) -> Iterator["_Form"]:
        """With each of the trends."""
        import numpy as np

        count = int((~np.isnan(fitting.values)).sum())
        for trend in _TRENDS:
            yield cls(fitting, *trend, _penalty(fitting.parameters(*trend), count))

    def smoothing(self, point: "Values") -> Smoothing:
        """With the settings that a point of the unit cube stands for."""
        start, found = self.fitting.start, _settings([self], point[None, None])
        alpha, beta, gamma, phi = (float(each[0]) for each in (found.alpha, found.beta, found.gamma, found.phi))
        begun = Start(start.level, start.trend * self.trend, start.season, start.relative)
        return Smoothing(begun, alpha, beta, gamma if len(start.season) > 1 else 0.0, phi)


def _fit(fittings: list[_Fitting]) -> dict[int, Smoothing]:
    """The best of all forms at each place, by the criterion (AICc). Points are forms x number x 4: of the number, the first half
    lies around the best for errors that add, the second around the best for those that grow."""
    import numpy as np

    forms = [form for fitting in fittings for form in _Form.all_of(fitting)]
    best = np.full((len(forms), 2), np.inf)
    centres = np.full((*best.shape, len(_BASES)), 0.5)
    box = 2 * _low_discrepancy(_POINTS).reshape(2, -1, len(_BASES)) - 1
    box[:, 0] = 0
    for tried, radius in enumerate(_RADII):
        if tried == _ALL_TRIED:
            hopeful = _hopeful(forms, best)
            forms, best, centres = [*compress(forms, hopeful)], best[hopeful], centres[hopeful]
        points = np.clip(centres[:, :, None] + radius * box, 0, 1).reshape(len(forms), _POINTS, len(_BASES))
        losses = _losses(forms, points)
        at = np.argmin(losses, axis=-1)
        found = np.take_along_axis(losses, at[..., None], axis=-1)[..., 0]
        chosen = np.take_along_axis(points, at[..., None], axis=1)
        centres = np.where((found < best)[..., None], chosen, centres)
        best = np.minimum(found, best)
    best += np.array([[form.penalty] for form in forms])
    errors = np.argmin(best, axis=1)
    least = dict[int, int]()
    for number in np.argsort(best.min(axis=1), kind="stable")[::-1].tolist():
        least[forms[number].fitting.place] = number
    return {place: forms[number].smoothing(centres[number, errors[number]]) for place, number in least.items()}


def _hopeful(forms: Sequence[_Form], losses: "Values") -> "Flags":
    """Which forms may still turn out to be the best at their place."""
    import numpy as np

    criteria = losses.min(axis=1) + np.array([form.penalty for form in forms])
    places = np.array([form.fitting.place for form in forms])
    least = np.full(int(places.max()) + 1, np.inf)
    np.minimum.at(least, places, criteria)
    return np.asarray(criteria <= least[places] + _BEHIND)


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
    slope = slope_of(freed)
    return Start(float(freed.mean()) - slope * (length + 1) / 2, slope, season, relative)


def _settings(forms: Sequence[_Form], points: "Values") -> Settings:
    """What points of the unit cube, forms x number x 4, stand for. Small smoothings are told apart best."""
    import numpy as np

    trend, damped = (
        np.array(each, float)[:, None] for each in zip(*((form.trend, form.damped) for form in forms), strict=True)
    )
    alpha, share, gamma, phi = np.moveaxis(points, -1, 0)
    alpha, share, gamma = (np.clip(each**2, _LEAST, _MOST) for each in (alpha, share, gamma))
    low, high = _DAMPING
    return Settings(
        alpha=alpha.ravel(),
        beta=(trend * alpha * share).ravel(),
        gamma=((1 - alpha) * gamma).ravel(),
        phi=np.where(damped, low + (high - low) * phi, 1.0).ravel(),
        has_trend=np.broadcast_to(trend, alpha.shape).ravel(),
    )


def _losses(forms: Sequence[_Form], points: "Values") -> "Values":
    """Twice the negative log-likelihood (up to what is the same for all) of errors that add, and of such as grow with the level,
    of points, forms x number x 4: forms x 2 x number."""
    import numpy as np

    values, starts = np.stack([form.fitting.values for form in forms], axis=1), [form.fitting.start for form in forms]
    expected = expectations(values, starts, _settings(forms, points)).reshape(len(values), *points.shape[:2])
    found = np.empty((len(forms), 2, points.shape[1]))
    end = 0
    with np.errstate(all="ignore"):
        for _, alike in groupby(forms, key=lambda form: id(form.fitting)):
            fitting, *others = (form.fitting for form in alike)
            begin, end = end, end + 1 + len(others)
            found[begin:end] = _losses_of(fitting, expected[:, begin:end]).swapaxes(0, 1)
    return np.asarray(np.nan_to_num(found, copy=False, nan=np.inf, posinf=np.inf, neginf=-1e300), np.float64)


def _losses_of(fitting: _Fitting, expected: "Values") -> "Values":
    """The same of the forms of one fitting: 2 x forms x number, of what is expected in each step, steps x forms x number. Kinds
    of errors that it may not have are as the other kind."""
    import numpy as np

    known = ~np.isnan(fitting.values)
    values, told = fitting.values[known, None, None], expected if known.all() else expected[known]
    plain, grown = fitting.errors
    losses: Values = np.empty((2, *expected.shape[1:]))
    errors = np.subtract(values, told)
    if plain:
        losses[:] = _of_squares(errors)
    if grown:
        errors /= told
        # There is no logarithm of what is below 0: such a point is none.
        losses[int(plain) :] = _of_squares(errors) + 2 * np.log(told).sum(axis=0)
    return losses


def _of_squares(errors: "Values") -> "Values":
    import numpy as np

    return np.asarray(len(errors) * np.log(np.maximum(np.einsum("tfp,tfp->fp", errors, errors), 1e-300)), np.float64)


def _penalty(parameters: int, count: int) -> float:
    """What a form pays for its parameters by AICc; where values are too few for that, by AIC."""
    room = count - parameters - 1
    return 2 * parameters + (2 * parameters * (parameters + 1) / room if room > 0 else 0.0)


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
