"""Measurements: what a KPI was, for whom and when."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from shared.insights.kpi import Aggregate, Dimension, Kpi

Row = Mapping[str, Any]
"""Of a query, by column name."""
Labels = tuple[tuple[str, str], ...]
"""Names and values of dimensions, in the order of the names. Empty: the whole."""
GROWTH = 1.02
"""How much wider each bucket of a histogram is than the one below. `composing.BUCKET` has it too."""
ERROR = (GROWTH - 1) / (GROWTH + 1)
"""How far a percentile can be off at most, relatively: half a bucket."""


class Measurement(NamedTuple):
    """The value of a KPI in its unit, None where nothing was measured, and what it was made of.

    `at` is the start of the step, None for the whole period. `numerator` and `denominator` are those of the KPI's rows, None
    where the value is none of them divided by the other. `samples` is how many rows, or people, speak."""

    kpi: str
    labels: Labels
    at: datetime | None
    value: float | None
    numerator: float | None
    denominator: float | None
    samples: int


_COUNTS = frozenset((Aggregate.SUM, Aggregate.PEOPLE, Aggregate.ACTIVES))


@dataclass(slots=True)
class Cell:
    """What is added up for a KPI under some labels in a step. `buckets` are how many numerators fall into each.

    What is `told` of a step whose buckets are counted elsewhere speaks for the step, and is not added up with others."""

    numerator: float = 0.0
    denominator: float = 0.0
    samples: int = 0
    buckets: dict[int, int] = field(default_factory=dict)
    told: Mapping[int, int] | None = None

    def add(self, numerator: float, denominator: float, samples: int) -> None:
        """Add sums of rows."""
        self.numerator += numerator
        self.denominator += denominator
        self.samples += samples

    def count(self, buckets: Mapping[int, int]) -> None:
        """Add rows by the bucket that their numerators fall into."""
        if not self.buckets:
            self.buckets = dict(buckets)
            return
        for bucket, samples in buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + samples

    def plus(self, other: "Cell") -> "Cell":
        """Both together."""
        both = Cell(
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            self.samples + other.samples,
            dict(self.buckets),
        )
        both.count(other.buckets)
        return both

    def measurement(self, kpi: Kpi, labels: Labels, at: datetime | None) -> Measurement:
        """The figure that it adds up to."""
        aggregate = kpi.aggregate
        if (part := aggregate.percentile) is not None:
            buckets = self.told or self.buckets
            return Measurement(kpi.name, labels, at, percentile(buckets, part), None, None, sum(buckets.values()))
        if aggregate in _COUNTS:
            return Measurement(kpi.name, labels, at, self.numerator, self.numerator, None, self.samples)
        value = self.numerator / self.denominator if self.denominator else None
        return Measurement(kpi.name, labels, at, value, self.numerator, self.denominator, round(self.denominator))


Cells = dict[tuple[str, Labels, datetime | None], Cell]
"""By KPI, labels, and the start of the step."""


def bucket_of(percentile: float) -> int:
    """The bucket that a percentile, as `percentile` tells it, is of."""
    return round(math.log(percentile * (GROWTH + 1) / 2, GROWTH))


def labels_in(row: Row, by: Collection[Dimension]) -> Labels:
    """The labels of a row that is told by these dimensions; those of its column `label` if it has one, as it is kept."""
    if "label" in row:
        return told_in(row["label"])
    return tuple((dimension.value, row[dimension.value]) for dimension in by)


def told_in(*labels: str) -> Labels:
    """What labels say as they are kept: `platform=mcp`; an empty one says nothing."""
    named = (label.partition("=") for label in labels if label)
    return tuple((name, value) for name, _, value in named)


def merge(parts: Iterable[Cells]) -> Cells:
    """All that is in the parts, added up where it is of the same KPI, labels and step."""
    whole: Cells = {}
    for part in parts:
        for key, cell in part.items():
            whole[key] = whole[key].plus(cell) if key in whole else cell
    return whole


def percentile(buckets: Mapping[int, int], part: float) -> float | None:
    """The value with `part` (0 to 1) of all below it or at it, at most ERROR off; None of nothing."""
    rank = math.ceil(part * sum(buckets.values()))
    for bucket in sorted(buckets):
        rank -= buckets[bucket]
        if rank <= 0:
            return 2 * GROWTH**bucket / (GROWTH + 1)
    return None
