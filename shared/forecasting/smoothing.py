"""Smoothing: the recursion of exponential smoothing, for many settings of many series at once.

The states are those of Hyndman and others (2008): level l, trend b, a season s for each place of the period. With an expected
value m, an error e = y - m and g = l + phi b, the season adding or multiplying:

    m = g + s           l = g + alpha e        b = phi b + beta e         s = s + gamma e
    m = g s             l = g + alpha e / s    b = phi b + beta e / s     s = s + gamma e / g

Whether errors are counted as they are or relative to m changes what fits best, not the recursion. A missing value changes only
the level and the trend, as expected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
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
    settings as another, side by side. A period of 1 is no season.

    What a season says of a whole period is known as it begins: within a period only level and trend go from step to step, over
    values that are freed of their season, and their errors change it when the period is over."""
    import numpy as np

    shape = len(starts), len(settings.alpha) // len(starts)
    missing: Flags = np.isnan(values)
    holes: list[bool] = np.any(missing, axis=1).tolist()
    level, trend = np.empty(shape), np.empty(shape)
    level[:] = np.array([start.level for start in starts])[:, None]
    trend[:] = np.array([start.trend for start in starts])[:, None] * settings.has_trend.reshape(shape)
    alpha, beta, phi = (each.reshape(shape) for each in (settings.alpha, settings.beta, settings.phi))
    freed, grown = np.empty((2, len(values), *shape))
    moves = np.empty(shape)
    seasons = list(_seasons(values, starts, settings.gamma.reshape(shape), freed, grown))
    edges = sorted({len(values), *(begin for season in seasons for begin in range(0, len(values), season.period))})
    with np.errstate(all="ignore"):
        for begin, end in pairwise(edges):
            for season in seasons:
                if begin % season.period == 0:
                    season.begin(begin)
            for step, error, told in zip(range(begin, end), freed[begin:end], grown[begin:end], strict=True):
                np.multiply(trend, phi, out=trend)
                np.add(level, trend, out=told)
                np.subtract(error, told, out=error)
                if holes[step]:
                    error[missing[step]] = 0.0
                np.add(told, np.multiply(alpha, error, out=moves), out=level)
                np.add(trend, np.multiply(beta, error, out=moves), out=trend)
            for season in seasons:
                if end % season.period == 0 or end == len(values):
                    season.end(end)
    return np.asarray(freed.reshape(len(values), -1), np.float64)


@dataclass(frozen=True)
class _Season:
    """Series whose seasons are alike: their values, the season at each place of the period, how fast it moves; the values freed
    of it, which give way to the errors and these to what was expected; and what the levels had grown to. The first axis is time,
    the others are series and settings."""

    period: int
    relative: bool
    places: "Values"
    values: "Values"
    gamma: "Values"
    freed: "Values"
    grown: "Values"

    def begin(self, at: int) -> None:
        """Free the values of the period that begins."""
        import numpy as np

        part = slice(at, at + self.period)
        freed = self.freed[part]
        (np.divide if self.relative else np.subtract)(self.values[part], self.places[: len(freed)], out=freed)

    def end(self, at: int) -> None:
        """What was expected of the values of the period that ends, and what its errors make of the season that goes on."""
        import numpy as np

        part = slice((at - 1) // self.period * self.period, at)
        error, grown = self.freed[part], self.grown[part]
        places = self.places[: len(error)]
        if at < len(self.freed):
            moves = error * self.gamma
            if self.relative:
                moves /= grown
                moves *= places
        (np.multiply if self.relative else np.add)(grown, places, out=error)
        if at < len(self.freed):
            places += moves


def _seasons(
    values: "Values", starts: Sequence[Start], gamma: "Values", freed: "Values", grown: "Values"
) -> "Iterator[_Season]":
    """Those of the series in a row whose seasons are alike. What has none is a period of its own."""
    import numpy as np

    end = 0
    for (period, relative), alike in groupby(starts, key=lambda start: (len(start.season), start.relative)):
        table = np.stack([start.season for start in alike], axis=1)
        begin, end = end, end + table.shape[1]
        part = slice(begin, end)
        yield _Season(
            period=period if period > 1 else len(values),
            relative=relative,
            places=np.repeat(table[:, :, None], gamma.shape[1], axis=2),
            values=values[:, part, None],
            gamma=gamma[part],
            freed=freed[:, part],
            grown=grown[:, part],
        )


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
