"""Smoothing: the recursion of exponential smoothing, for many settings of many series at once.

The states are those of Hyndman and others (2008): level l, trend b, a season s for each place of the period. With an expected
value m, an error e = y - m and g = l + phi b, the season adding or multiplying:

    m = g + s           l = g + alpha e        b = phi b + beta e         s = s + gamma e
    m = g s             l = g + alpha e / s    b = phi b + beta e / s     s = s + gamma e / g

Whether errors are counted as they are or relative to m changes what fits best, not the recursion. A missing value changes only
the level and the trend, as expected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.forecasting.series import Values

    Flags = NDArray[np.bool_]

_TINY = 1e-9


@dataclass(frozen=True)
class Start:
    """The states before the first value: level, trend, and the season of each place of the period."""

    level: float
    trend: float
    season: "Values"
    relative: bool
    """Whether the season multiplies."""


@dataclass(frozen=True)
class Settings:
    """One number for each of several settings (or just one): the smoothings of level, trend and season, and the damping."""

    alpha: "Values"
    beta: "Values"
    gamma: "Values"
    phi: "Values"
    has_trend: "Values"
    """1 or 0."""


def expectations(values: "Values", starts: Sequence[Start], settings: Settings) -> "Values":
    """What each setting (columns) expects of each value (rows) from those before it. Each column of the values has as many
    settings as another, side by side. A period of 1 is no season."""
    import numpy as np

    shape = len(starts), len(settings.alpha) // len(starts)
    known: Values = values[:, :, None]
    missing: Flags = np.isnan(values)
    holes: Flags = np.any(missing, axis=1)
    states: Values = np.empty((2, *shape))
    level, trend = states
    level[:] = np.array([start.level for start in starts])[:, None]
    trend[:] = np.array([start.trend for start in starts])[:, None] * settings.has_trend.reshape(shape)
    gains = np.stack([settings.alpha, settings.beta]).reshape(states.shape)
    gamma, phi = settings.gamma.reshape(shape), settings.phi.reshape(shape)
    expected, moves, error, off = (
        np.empty((len(values), *shape)),
        np.empty((2, *shape)),
        np.empty(shape),
        np.empty(shape),
    )
    seasons = [
        (places, relative, level[part], gamma[part], error[part], off[part], expected[:, part])
        for part, places, relative in _seasons(starts, shape[1])
    ]
    with np.errstate(all="ignore"):
        for step, told in enumerate(expected):
            np.multiply(trend, phi, out=trend)
            np.add(level, trend, out=level)
            told[:] = level
            for places, relative, grown, _, _, _, expecting in seasons:
                (np.multiply if relative else np.add)(grown, places[step % len(places)], out=expecting[step])
            np.subtract(known[step], told, out=error)
            if holes[step]:
                error[missing[step]] = 0.0
            for places, relative, grown, share, wrong, moved, _ in seasons:
                here = places[step % len(places)]
                np.multiply(share, np.divide(wrong, grown, out=moved) if relative else wrong, out=moved)
                if relative:
                    np.divide(wrong, here, out=wrong)
                np.add(here, moved, out=here)
            np.add(states, np.multiply(gains, error, out=moves), out=states)
    return np.asarray(expected.reshape(len(values), -1), np.float64)


def _seasons(starts: Sequence[Start], settings: int) -> "Iterator[tuple[slice, list[Values], bool]]":
    """Of the series in a row whose seasons are alike: which they are, the season at each place of the period, series x settings,
    and whether it multiplies."""
    import numpy as np

    end = 0
    for (period, relative), alike in groupby(starts, key=lambda start: (len(start.season), start.relative)):
        table = np.stack([start.season for start in alike], axis=1)
        begin, end = end, end + table.shape[1]
        if period > 1:
            yield slice(begin, end), list(np.repeat(table[:, :, None], settings, axis=2)), relative


@dataclass(frozen=True)
class Smoothing:
    """One setting and where it starts."""

    start: Start
    alpha: float
    beta: float
    gamma: float
    phi: float

    @property
    def relative(self) -> bool:
        """Whether errors grow with the level."""
        return self.start.relative

    def paths(self, values: "Values", first: int, horizon: int) -> "Values":
        """See `Model`."""
        import numpy as np

        levels, trends, seasons = self._states(values)
        ahead = np.arange(horizon)
        slopes = np.cumsum(self.phi ** (ahead + 1))
        plain = levels[first:, None] + trends[first:, None] * slopes[None, :]
        origins = np.arange(first, len(values) + 1)[:, None]
        season = seasons[origins + ahead[None, :] % len(self.start.season)]
        return np.asarray(plain * season if self.relative else plain + season, np.float64)

    def _states(self, values: "Values") -> tuple["Values", "Values", "Values"]:
        """Level and trend at each origin, and the seasons from each origin on: those of as many steps as the period has."""
        import numpy as np

        level, trend, season = self.start.level, self.start.trend, self.start.season.tolist()
        levels, trends = [level], [trend]
        alpha, beta, gamma, phi, relative = self.alpha, self.beta, self.gamma, self.phi, self.relative
        # The seasons grow by one at each step: the one that is added is met again a period later.
        for value, here in zip(values.tolist(), season, strict=False):
            trend *= phi
            level = grown = level + trend
            off = 0.0
            if value == value:
                error = value - (grown * here if relative else grown + here)
                scaled = error / (here or _TINY) if relative else error
                level += alpha * scaled
                trend += beta * scaled
                off = gamma * (error / (grown or _TINY) if relative else error)
            levels.append(level)
            trends.append(trend)
            season.append(here + off)
        return np.array(levels), np.array(trends), np.array(season)
