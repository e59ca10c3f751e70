"""Models: what forecasts, whatever its method."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from shared.forecasting.series import Values


class Method(StrEnum):
    """How a forecast is made. Mean: of Theta and ETS."""

    NAIVE = "naive"
    THETA = "theta"
    ETS = "ets"
    MEAN = "mean"


class Model(Protocol):
    """A method with its settings, fitted to values that it may go beyond."""

    @property
    def relative(self) -> bool:
        """Whether errors grow with the level."""

    def paths(self, values: "Values", first: int, horizon: int) -> "Values":
        """What it says at each origin from `first` to the end: row o is of the `horizon` values after `values[: first + o]`, with
        the settings as they are and the states of that time. `values` begins as those do that it was fitted to."""


@dataclass(frozen=True)
class Mean:
    """The mean of what models say: when they are wrong in different ways, it is less so than each."""

    models: tuple[Model, ...]

    @property
    def relative(self) -> bool:
        """See `Model`."""
        return all(model.relative for model in self.models)

    def paths(self, values: "Values", first: int, horizon: int) -> "Values":
        """See `Model`."""
        import numpy as np

        return np.asarray(np.mean([model.paths(values, first, horizon) for model in self.models], axis=0), np.float64)
