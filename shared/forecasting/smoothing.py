"""Smoothing: the recursion of exponential smoothing, for many settings of many series at once.

The states are those of Hyndman and others (2008): level l, trend b, a season s for each place of the period. With an expected
value m, an error e = y - m and g = l + phi b, the season adding or multiplying:

    m = g + s           l = g + alpha e        b = phi b + beta e         s = s + gamma e
    m = g s             l = g + alpha e / s    b = phi b + beta e / s     s = s + gamma e / g

Whether errors are counted as they are or relative to m changes what fits best, not the recursion. A missing value changes only
the level and the trend, as expected."""

from collections.abc import Sequence
from dataclasses import dataclass
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
    """What each setting (columns) expects of each value (rows) from those before it. Each column of the values, all of one length
    and with starts that are relative all or none, has as many settings as another, side by side."""
    import numpy as np

    count, period = len(settings.alpha), len(starts[0].season)
    each = count // len(starts)
    found = np.repeat(values, each, axis=1)
    level = np.repeat([start.level for start in starts], each)
    trend = np.repeat([start.trend for start in starts], each) * settings.has_trend
    season = np.repeat(np.stack([start.season for start in starts], axis=1), each, axis=1)
    expected = np.empty((len(values), count))
    alpha, beta, gamma, phi = settings.alpha, settings.beta, settings.gamma, settings.phi
    relative = starts[0].relative
    missing: Flags = np.isnan(found)
    holes: Flags = np.any(missing, axis=1)
    with np.errstate(all="ignore"):
        for step, told in enumerate(expected):
            here = season[step % period]
            trend = phi * trend
            grown = level + trend
            (np.multiply if relative else np.add)(grown, here, out=told)
            error = found[step] - told
            scaled = error / here if relative else error
            level, trend_before = grown + alpha * scaled, trend
            trend = trend + beta * scaled
            after = here + gamma * (error / grown if relative else error)
            if holes[step]:
                there = missing[step]
                level, trend = np.where(there, grown, level), np.where(there, trend_before, trend)
                after = np.where(there, here, after)
            season[step % period] = after
    return expected


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

        levels, trends, seasons = self._states(values, first)
        ahead = np.arange(1, horizon + 1)
        slopes = np.cumsum(self.phi**ahead)
        plain = levels[:, None] + trends[:, None] * slopes[None, :]
        origins = np.arange(first, len(values) + 1)[:, None]
        places = (origins + ahead[None, :] - 1) % len(self.start.season)
        season = np.take_along_axis(seasons, places, axis=1)
        return plain * season if self.relative else plain + season

    def _states(self, values: "Values", first: int) -> tuple["Values", "Values", "Values"]:
        """Level, trend and seasons at each origin from `first` to the end."""
        import numpy as np

        level, trend, season = self.start.level, self.start.trend, self.start.season.tolist()
        period, origins = len(season), len(values) + 1 - first
        levels, trends, seasons = np.empty(origins), np.empty(origins), np.empty((origins, period))
        for step, value in enumerate([*values.tolist(), None]):
            if step >= first:
                levels[step - first], trends[step - first], seasons[step - first] = level, trend, season
            if value is None:
                break
            place = step % period
            here, grown, trend = season[place], level + self.phi * trend, self.phi * trend
            level = grown
            if value == value:
                error = value - (grown * here if self.relative else grown + here)
                scaled = error / (here or _TINY) if self.relative else error
                level += self.alpha * scaled
                trend += self.beta * scaled
                season[place] = here + self.gamma * (error / (grown or _TINY) if self.relative else error)
        return levels, trends, seasons
