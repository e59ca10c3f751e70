"""Crossing: when a series passes a threshold if it goes on as since its last change, and between which times that may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.forecasting.series import FEWEST, Unknown

if TYPE_CHECKING:
    from shared.forecasting.series import Values

_AGAIN = 999
"""Series that are made of the noise of this one."""
_SEED = 7


@dataclass(frozen=True)
class Crossing:
    """Steps after the last value, not whole ones; `latest` is None where it may well never come."""

    steps: float
    earliest: float
    latest: float | None


def crossing(
    levels: Sequence[float | None], threshold: float, *, upward: bool, since: int = 0, level: float = 0.8
) -> Crossing | Unknown:
    """When the line through the levels from index `since` on passes the threshold.

    The line is fitted again to series made of it and of whole blocks of what it leaves (a moving-block bootstrap); a share
    `level` of their crossings lies in the interval. Unknown where it is past already, or the line leads away."""
    import numpy as np

    found = np.array([(step, value) for step, value in enumerate(levels) if value is not None and step >= since])
    if len(found) < FEWEST:
        return Unknown(f"There are {len(found)} values since the last change; at least {FEWEST} are needed.")
    steps, values = found[:, 0] - (len(levels) - 1), found[:, 1]
    sign = 1.0 if upward else -1.0
    slope, now = np.polyfit(steps, values, 1).tolist()
    if sign * now >= sign * threshold:
        return Unknown("It is past the threshold already.")
    if sign * slope <= 0:
        return Unknown("It does not move towards the threshold.")
    times = _again(steps, values, slope, now, threshold, sign)
    tail = (1 - level) / 2
    earliest, latest = np.quantile(times, [tail, 1 - tail], method="closest_observation").tolist()
    return Crossing((threshold - now) / slope, max(earliest, 0.0), latest if np.isfinite(latest) else None)


def _again(steps: "Values", values: "Values", slope: float, now: float, threshold: float, sign: float) -> "Values":
    """When lines through series made anew cross; infinity for those that never do."""
    import numpy as np

    left = values - now - slope * steps
    count = len(left)
    length = _block(left)
    dice = np.random.default_rng(_SEED)
    begins = dice.integers(0, count, (_AGAIN, -(-count // length)))
    places = (begins[:, :, None] + np.arange(length)).reshape(_AGAIN, -1)[:, :count] % count
    noise = left[places]
    centred = steps - steps.mean()
    slopes = slope + noise @ centred / float(centred @ centred)
    levels = now + noise.mean(axis=1) - (slopes - slope) * steps.mean()
    with np.errstate(divide="ignore"):
        times = np.where(sign * slopes > 0, (threshold - levels) / slopes, np.inf)
    return np.where(sign * levels >= sign * threshold, 0.0, times)


def _block(left: "Values") -> int:
    """How long blocks must be for errors that go together to stay so (Buehlmann and Kuensch, for an AR(1))."""
    power = float(left @ left)
    together = min(max(float(left[1:] @ left[:-1]) / power if power > 0 else 0.0, 0.0), 0.97)
    ideal = (2 * together / (1 - together**2)) ** (2 / 3) * len(left) ** (1 / 3)
    return int(min(max(ideal, 1.0), max(1, len(left) // 4)))
