"""Readings: what a report is made of: each KPI in the period, in the one before and step by step, and by labels."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

from shared.exports import Kind
from shared.insights.kpi import Aggregate, Dimension, Kpi, kpi, kpis
from shared.insights.measurement import Measurement
from shared.insights.measuring import measure
from shared.insights.period import Period
from shared.insights.reports.contribution import Contribution, Share, of_rate, of_sum
from shared.insights.reports.edition import Edition
from shared.insights.reports.sentence import Fact, How, change_kind, change_of, difference_kind, kind_of
from shared.insights.reports.steps import in_utc, step_of, steps

_AT_ONCE = 4

Split = Mapping[str, Mapping[str, Measurement]]
"""By KPI, then by label."""


@dataclass(frozen=True)
class Readings:
    """What was measured for an edition. Reads what is asked for when it is first asked for. Every reading raises Unavailable."""

    edition: Edition
    names: tuple[str, ...] = field(default_factory=lambda: tuple(kpis()))

    @cached_property
    def now(self) -> Mapping[str, Measurement]:
        """Every KPI over the period."""
        return {measured.kpi: measured for measured in measure(self.names, self.edition.period)}

    @cached_property
    def before(self) -> Mapping[str, Measurement]:
        """Every KPI over the period before."""
        return {measured.kpi: measured for measured in measure(self.names, self.edition.before)}

    @cached_property
    def steps(self) -> list[Period]:
        """The steps of `series`."""
        return steps(self.edition)

    def series(self, names: Collection[str]) -> Mapping[str, list[float | None]]:
        """The values of KPIs, one for each step."""
        return _series(names, self.edition, self.steps)

    def labelled(self, names: Collection[str], by: Dimension) -> tuple[Split, Split]:
        """KPIs by label in the period before and in the period. Labels of fewer than five people are not there."""
        return _split(names, self.edition.before, by), _split(names, self.edition.period, by)

    def contributions(self, name: str, splits: tuple[Split, Split]) -> list[Contribution]:
        """What the labels add to the change of a KPI; none for one that is no sum and no rate."""
        one = kpi(name)
        before, after = (split.get(name, {}) for split in splits)
        if one.aggregate is Aggregate.SUM:
            return of_sum(*({label: read.value or 0 for label, read in split.items()} for split in (before, after)))
        if one.aggregate is Aggregate.RATIO:
            return of_rate(*({label: _share(one, read) for label, read in split.items()} for split in (before, after)))
        return []

    def fact(self, name: str, how: How) -> Fact:
        """A fact about the whole of a KPI."""
        one, now, before = kpi(name), self.now[name], self.before[name]
        prior = how is How.PRIOR
        period = self.edition.before if prior else self.edition.period
        if how is How.SAMPLES:
            return Fact(name, how, period, now.samples, Kind.COUNT)
        values = {
            How.VALUE: now.value,
            How.PRIOR: before.value,
            How.TARGET: one.target,
            How.CHANGE: change_of(one, before.value, now.value),
        }
        return Fact(name, how, period, values[how], change_kind(one) if how is How.CHANGE else kind_of(one))

    def labelled_fact(self, how: How, by: Dimension, measured: Measurement) -> Fact:
        """What a label's figure was: VALUE, PRIOR or SAMPLES."""
        period = self.edition.before if how is How.PRIOR else self.edition.period
        one = kpi(measured.kpi)
        value, kind = (measured.samples, Kind.COUNT) if how is How.SAMPLES else (measured.value, kind_of(one))
        return Fact(one.name, how, period, value, kind, by.value, measured.labels)

    def part_fact(self, name: str, how: How, by: Dimension, value: float, label: str | None = None) -> Fact:
        """A part of the difference between the periods, or of the work (SHARE, PRIOR_SHARE); of one label or of all."""
        share = how in (How.SHARE, How.PRIOR_SHARE)
        period = self.edition.before if how is How.PRIOR_SHARE else self.edition.period
        labels = ((by.value, label),) if label is not None else ()
        return Fact(name, how, period, value, Kind.RATIO if share else difference_kind(kpi(name)), by.value, labels)


def _series(names: Collection[str], edition: Edition, parts: list[Period]) -> Mapping[str, list[float | None]]:
    every = step_of(edition)
    values: dict[str, list[float | None]] = {name: [] for name in names}
    if in_utc(parts, every):
        for measured in measure(names, edition.period, every=every):
            values[measured.kpi].append(measured.value)
        return values
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="measure") as pool:
        for read in pool.map(lambda part: measure(names, part), parts):
            for measured in read:
                values[measured.kpi].append(measured.value)
    return values


def _split(names: Collection[str], period: Period, by: Dimension) -> Split:
    able = [name for name in names if by in kpi(name).dimensions]
    split: dict[str, dict[str, Measurement]] = {name: {} for name in able}
    for measured in measure(able, period, by=(by,)) if able else ():
        split[measured.kpi][measured.labels[0][1]] = measured
    return split


def _share(one: Kpi, read: Measurement) -> Share:
    return Share(one.scale * (read.numerator or 0.0), read.denominator or 0.0)
