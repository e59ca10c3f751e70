"""Notable changes: large enough to be told, and more than chance would make.

Of two rates it is asked whether they differ by three standard errors (two proportions, pooled), of two counts whether they
differ by three standard deviations of counts that come at random. How the rows of other means and sums spread is not read, so
they are taken to spread widely: on a scale as ratings do, without one as much as their mean is, as waiting times do. Of
percentiles it is only asked that they change by much."""

import math

from shared.insights.kpi import Aggregate, Kpi, Unit
from shared.insights.measurement import Measurement

LEAST_SAMPLES = 30
"""With fewer in either period, nothing is said about a change; of how many there are of something, with fewer in both."""
SIGMAS = 3.0
_SPREADS = {Unit.SCORE: 1.5, Unit.RATING: 1.2, Unit.NPS: 80.0, Unit.PERCENT: 30.0}
"""Standard deviations of single rows, on the wide side."""
_GROW = (Aggregate.SUM, Aggregate.PEOPLE)
"""Of these there is more in a longer period: a month is not quiet because it is February."""
_LEAST_CHANGE = 0.05
"""Relative. Of rates it is how far they move between where they were and the nearer of 0 and 1."""


def enough(measured: Measurement) -> bool:
    """Whether there are rows enough to speak of a figure."""
    return measured.value is not None and measured.samples >= LEAST_SAMPLES


def is_notable(kpi: Kpi, before: Measurement, after: Measurement, stretch: float = 1.0) -> bool:
    """Whether the change from `before` to `after` is worth a sentence. `stretch` is how many times as long `after` was measured:
    what becomes more with time has moved only if it has as it is and by the day, the same way."""
    if stretch == 1 or kpi.aggregate not in _GROW:
        return _is_notable(kpi, before, after)
    stretched = _stretched(before, stretch)
    ways = {(each.value or 0.0) < (after.value or 0.0) for each in (before, stretched)}
    return len(ways) == 1 and all(_is_notable(kpi, each, after) for each in (before, stretched))


def _stretched(measured: Measurement, times: float) -> Measurement:
    """As if it had been measured so many times as long."""
    value = measured.value * times if measured.value is not None else None
    return measured._replace(value=value, samples=round(measured.samples * times))


def _is_notable(kpi: Kpi, before: Measurement, after: Measurement) -> bool:
    known = any if _counts(kpi) else all
    if not known(map(enough, (before, after))) or before.value is None or after.value is None:
        return False
    return _is_large(kpi, before.value, after.value) and not _is_chance(kpi, before, after)


def _counts(kpi: Kpi) -> bool:
    """Whether it tells how many there are of something: that there are few is what it measured, not a lack of data."""
    return kpi.unit is Unit.COUNT and kpi.aggregate in (Aggregate.SUM, Aggregate.PEOPLE, Aggregate.ACTIVES)


def _is_large(kpi: Kpi, before: float, after: float) -> bool:
    room = abs(before)
    if kpi.unit is Unit.RATIO:
        room = min(before, 1 - before) or max(before, 1 - before)
    return abs(after - before) >= _LEAST_CHANGE * abs(room) and after != before


def _is_chance(kpi: Kpi, before: Measurement, after: Measurement) -> bool:
    if kpi.unit is Unit.RATIO and before.denominator and after.denominator:
        return _rates_differ(before, after) < SIGMAS
    if kpi.aggregate is Aggregate.RATIO:
        return _mean_error(kpi, before, after) * SIGMAS > abs((after.value or 0.0) - (before.value or 0.0))
    if kpi.unit is Unit.USD:
        return _sum_error(before, after) * SIGMAS > abs((after.value or 0.0) - (before.value or 0.0))
    if _counts(kpi):
        old, new = before.value or 0.0, after.value or 0.0
        return abs(new - old) < SIGMAS * math.sqrt(old + new)
    return False


def _mean_error(kpi: Kpi, before: Measurement, after: Measurement) -> float:
    """The standard error of the difference of two means."""
    spread = _SPREADS.get(kpi.unit, max(abs(before.value or 0.0), abs(after.value or 0.0)))
    return spread * math.sqrt(1 / before.samples + 1 / after.samples)


def _sum_error(before: Measurement, after: Measurement) -> float:
    """The standard error of the difference of two sums of as many rows as come at random, each as widely spread as its mean."""
    return math.sqrt(sum(2 * (each.value or 0.0) ** 2 / each.samples for each in (before, after)))


def _rates_differ(before: Measurement, after: Measurement) -> float:
    """By how many standard errors."""
    n0, n1 = before.denominator or 1.0, after.denominator or 1.0
    p0, p1 = (before.numerator or 0) / n0, (after.numerator or 0) / n1
    pooled = (p0 * n0 + p1 * n1) / (n0 + n1)
    error = math.sqrt(max(pooled * (1 - pooled), 0.0) * (1 / n0 + 1 / n1))
    return abs(p1 - p0) / error if error else math.inf
