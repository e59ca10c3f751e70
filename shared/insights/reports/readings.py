"""Readings: what a report is made of: each KPI in the period, in the one before and step by step, and by labels."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from shared.exports import Kind
from shared.insights.kpi import Aggregate, Dimension, kpi, kpis
from shared.insights.measurement import Measurement
from shared.insights.measuring import measure
from shared.insights.period import Period
from shared.insights.reports.contribution import Contribution, Share, of_rate, of_sum
from shared.insights.reports.coverage import begun
from shared.insights.reports.edition import Edition
from shared.insights.reports.fired import Fired, fired_in
from shared.insights.reports.notable import is_notable
from shared.insights.reports.sentence import Fact, How, change_kind, change_of, difference_kind, kind_of
from shared.insights.reports.series import Series, read_series
from shared.insights.reports.steps import steps

_COVERED = 0.9
_LEAST_TO_COME_BACK = timedelta(days=6)
_NEVER_SPLIT = (Aggregate.ACTIVES, Aggregate.RETURNING)
"""They look beyond the period, which takes long, and nothing in a report tells their labels apart."""

Split = Mapping[str, Mapping[str, Measurement]]
"""By KPI, then by label."""


@dataclass(frozen=True)
class Readings:
    """What was measured for an edition. Reads what is asked for when it is first asked for. Every reading raises Unavailable."""

    edition: Edition
    _kept: dict[tuple[Dimension | None, tuple[str, ...], Period], Any] = field(default_factory=dict, compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The KPIs that can be told of such a period: not who comes back, of days."""
        short = self.edition.period.length < _LEAST_TO_COME_BACK
        return tuple(name for name, one in kpis().items() if not (short and one.aggregate is Aggregate.RETURNING))

    @cached_property
    def now(self) -> Mapping[str, Measurement]:
        """Every KPI over the period."""
        return {measured.kpi: measured for measured in measure(self.names, self.edition.period)}

    @cached_property
    def before(self) -> Mapping[str, Measurement]:
        """Every KPI over the period before."""
        return {measured.kpi: measured for measured in measure(self.names, self.edition.before)}

    @cached_property
    def begun(self) -> datetime | None:
        """When the events begin, if that is after the period before began: then nothing is compared with it."""
        return begun(self.edition)

    def change(self, name: str, before: float | None, after: float | None) -> float | None:
        """What a value of a KPI changed by, as `change_of` has it; None too where nothing can be compared."""
        return change_of(kpi(name), before, after) if self.begun is None else None

    def moved(self, name: str) -> bool:
        """Whether a KPI changed notably from the period before."""
        return is_notable(kpi(name), self.before[name], self.now[name], self.edition.stretch) and self.begun is None

    @cached_property
    def fired(self) -> list[Fired]:
        """The alerts that began to fire in the period, the first first."""
        return fired_in(self.edition.period)

    @cached_property
    def steps(self) -> list[Period]:
        """The steps of `series`."""
        return steps(self.edition)

    def series(self, names: Collection[str]) -> Series:
        """The values of KPIs, one for each step."""
        return self._series(names, self.edition)

    def series_before(self, names: Collection[str]) -> Series:
        """The same of the period before, which may have more or fewer steps."""
        return self._series(names, replace(self.edition, period=self.edition.before))

    def _series(self, names: Collection[str], edition: Edition) -> Series:
        missing = [name for name in names if (None, (name,), edition.period) not in self._kept]
        for name, values in read_series(missing, edition).items():
            self._kept[None, (name,), edition.period] = values
        return {name: self._kept[None, (name,), edition.period] for name in names}

    def labelled(self, by: Dimension) -> tuple[Split, Split]:
        """Every KPI that can be told by a dimension, by label: in the period before, and in the period.

        Labels of fewer than five people are not there."""
        return self._labelled(by, self.edition.before), self._labelled(by, self.edition.period)

    def _labelled(self, by: Dimension, period: Period) -> Split:
        key = (by, (), period)
        if key not in self._kept:
            self._kept[key] = _split(self.names, period, by)
        kept: Split = self._kept[key]
        return kept

    def contributions(self, name: str, splits: tuple[Split, Split]) -> list[Contribution]:
        """What the labels add to the change of a KPI; none for one that is no sum and no rate."""
        one = kpi(name)
        before, after = (split.get(name, {}) for split in splits)
        if one.aggregate is Aggregate.SUM:
            return of_sum(*({label: read.value or 0 for label, read in split.items()} for split in (before, after)))
        if one.aggregate is Aggregate.RATIO:
            return of_rate(*({label: _share(read) for label, read in split.items()} for split in (before, after)))
        return []

    def covers(self, name: str, splits: tuple[Split, Split]) -> bool:
        """Whether the labels of a KPI have nearly all of its work in both periods, so that they can say what made it change."""
        for split, whole in zip(splits, (self.before[name], self.now[name]), strict=True):
            whole_work, works = _work(whole), sum(_work(read) for read in split.get(name, {}).values())
            if not whole_work or works / whole_work < _COVERED:
                return False
        return True

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
            How.CHANGE: self.change(name, before.value, now.value),
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


def _split(names: Collection[str], period: Period, by: Dimension) -> Split:
    able = [name for name in names if by in kpi(name).dimensions and kpi(name).aggregate not in _NEVER_SPLIT]
    split: dict[str, dict[str, Measurement]] = {name: {} for name in able}
    for measured in measure(able, period, by=(by,)) if able else ():
        split[measured.kpi][measured.labels[0][1]] = measured
    return split


def _work(read: Measurement) -> float:
    return (read.denominator if read.denominator is not None else read.value) or 0.0


def _share(read: Measurement) -> Share:
    return Share((read.numerator or 0.0), read.denominator or 0.0)
