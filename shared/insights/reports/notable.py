"""Notable changes: large enough to be told, and more than chance would make.

Of two rates it is asked whether they differ by three standard errors (two proportions, pooled), of two counts whether they
differ by three standard deviations of counts that come at random. How means and percentiles spread is not known: of them, there
must be rows enough, and the change must be a large one."""

import math

from shared.insights.kpi import Aggregate, Kpi, Unit
from shared.insights.measurement import Measurement

LEAST_SAMPLES = 30
"""With fewer in either period, nothing is said about a change."""
SIGMAS = 3.0
_LEAST_CHANGE = 0.05
"""Relative. Of rates it is how far they move between where they were and the nearer of 0 and 1."""


def enough(measured: Measurement) -> bool:
    """Whether there are rows enough to speak of a figure."""
    return measured.value is not None and measured.samples >= LEAST_SAMPLES


def is_notable(kpi: Kpi, before: Measurement, after: Measurement) -> bool:
    """Whether the change from `before` to `after` is worth a sentence."""
    if not (enough(before) and enough(after)) or before.value is None or after.value is None:
        return False
    return _is_large(kpi, before.value, after.value) and not _is_chance(kpi, before, after)


def _is_large(kpi: Kpi, before: float, after: float) -> bool:
    room = abs(before)
    if kpi.unit is Unit.RATIO:
        room = min(before, 1 - before) or max(before, 1 - before)
    return abs(after - before) >= _LEAST_CHANGE * abs(room) and after != before


def _is_chance(kpi: Kpi, before: Measurement, after: Measurement) -> bool:
    if kpi.unit is Unit.RATIO and before.denominator and after.denominator:
        return _rates_differ(before, after) < SIGMAS
    if kpi.unit is Unit.COUNT and kpi.aggregate in (Aggregate.SUM, Aggregate.PEOPLE, Aggregate.ACTIVES):
        old, new = before.value or 0.0, after.value or 0.0
        return abs(new - old) < SIGMAS * math.sqrt(old + new)
    return False


def _rates_differ(before: Measurement, after: Measurement) -> float:
    """By how many standard errors."""
    n0, n1 = before.denominator or 1.0, after.denominator or 1.0
    p0, p1 = (before.numerator or 0) / n0, (after.numerator or 0) / n1
    pooled = (p0 * n0 + p1 * n1) / (n0 + n1)
    error = math.sqrt(max(pooled * (1 - pooled), 0.0) * (1 / n0 + 1 / n1))
    return abs(p1 - p0) / error if error else math.inf
