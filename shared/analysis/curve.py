"""Curve: something measured all along a recording, in even steps."""

from math import ceil

from pydantic import Field

from shared.core.documents import StoredPart

_ROUNDING = 1e-9
"""Steps: 0.3 s is 3 steps of 0.1 s, whatever floating point makes of it."""


class Curve(StoredPart):
    """`values[n]` is what was measured from `n * step` to `(n + 1) * step` seconds; null where there was nothing to measure.

    A recording that has no such thing at all, as one without sound has no loudness, has a curve without values."""

    step: float = Field(gt=0, description="Seconds")
    values: tuple[float | None, ...] = ()

    def at(self, moment: float) -> float | None:
        """What was measured at `moment` (seconds); None outside of the recording, or where there was nothing."""
        place = int(moment / self.step + _ROUNDING)
        return self.values[place] if moment >= 0 and place < len(self.values) else None

    def mean(self, start: float, end: float) -> float | None:
        """The mean of what was measured between the two moments; None where there was nothing in between."""
        first = max(0, int(start / self.step + _ROUNDING))
        last = max(first + 1, ceil(end / self.step - _ROUNDING))
        found = [value for value in self.values[first:last] if value is not None]
        return sum(found) / len(found) if found else None
