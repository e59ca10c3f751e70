"""Series: KPIs step by step, where the steps are those of a zone's calendar.

`measure` knows the steps of UTC. Where a zone's days are others, sums and rates are put together from its hours; people and
percentiles, which cannot be put together, are measured step by step."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor

from shared.insights.kpi import Aggregate, Kpi, kpi
from shared.insights.measurement import Measurement
from shared.insights.measuring import measure
from shared.insights.period import Period, Step
from shared.insights.reports.edition import Edition
from shared.insights.reports.steps import in_utc, step_of, steps

Series = Mapping[str, list[float | None]]
"""By KPI, one value for each step."""

_AT_ONCE = 4
_FOLDABLE = (Aggregate.SUM, Aggregate.RATIO)


def read_series(names: Collection[str], edition: Edition) -> Series:
    """The values of KPIs in the steps of an edition. Raises Unavailable."""
    parts = steps(edition)
    if not names:
        return {}
    if in_utc(parts, step_of(edition)):
        return _by_kpi(names, measure(names, edition.period, every=step_of(edition)))
    hourly = all(part.whole_hours for part in parts)
    folded = [name for name in names if hourly and kpi(name).aggregate in _FOLDABLE]
    left = [name for name in names if name not in folded]
    return {**_folded(folded, edition.period, parts), **_one_by_one(left, parts)}


def _folded(names: Collection[str], period: Period, parts: list[Period]) -> Series:
    if not names:
        return {}
    hours: dict[str, list[Measurement]] = {name: [] for name in names}
    for measured in measure(names, period, every=Step.HOUR):
        hours[measured.kpi].append(measured)
    return {name: [_fold(kpi(name), hours[name], part) for part in parts] for name in names}


def _fold(one: Kpi, hours: list[Measurement], part: Period) -> float | None:
    inside = [read for read in hours if read.at is not None and part.start <= read.at < part.end]
    if one.aggregate is Aggregate.SUM:
        return sum(read.value or 0.0 for read in inside)
    work = sum(read.denominator or 0.0 for read in inside)
    return sum(read.numerator or 0.0 for read in inside) / work if work else None


def _one_by_one(names: Collection[str], parts: list[Period]) -> Series:
    if not names:
        return {}
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="measure") as pool:
        return _by_kpi(names, [read for reads in pool.map(lambda part: measure(names, part), parts) for read in reads])


def _by_kpi(names: Collection[str], measured: list[Measurement]) -> Series:
    values: dict[str, list[float | None]] = {name: [] for name in names}
    for read in measured:
        values[read.kpi].append(read.value)
    return values
