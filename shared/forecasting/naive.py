"""Seasonal naive: it will be as it was a period ago. The one to beat, and what errors are measured by (MASE)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.forecasting.series import filled

if TYPE_CHECKING:
    from shared.forecasting.series import Values


@dataclass(frozen=True)
class Naive:
    """The last `period` values again and again; with a period of 1, the last value."""

    period: int
    relative: bool = False

    def paths(self, values: "Values", first: int, horizon: int) -> "Values":
        """See `Model`."""
        import numpy as np

        known = filled(values, self.period)
        origins = np.arange(first, len(values) + 1)[:, None]
        ahead = np.arange(horizon)[None, :]
        found: Values = known[origins - self.period + ahead % self.period]
        return found


def fit_naive(_values: "Values", period: int) -> Naive:
    """There is nothing to fit."""
    return Naive(period)
