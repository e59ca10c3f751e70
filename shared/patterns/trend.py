"""Trend: whether a pattern is run more and more, or less and less, and by how much a week."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import combinations
from math import sqrt
from statistics import mean, median

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.patterns.learning import learning


class TrendDirection(StrEnum):
    """Where it goes. Unknown: too few weeks to tell."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"
    UNKNOWN = "unknown"


class Trend(BaseModel):
    """From week to week: `change` is the robust slope (Theil-Sen: the median of the slopes between any two weeks) as a share of
    the mean week; a direction is told only of what the Mann-Kendall test does not take for chance."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    direction: TrendDirection
    change: float = Field(description="A week, as a share of the mean week: 0.1 is 10 % more every week")

    @classmethod
    def of(cls, weeks: Sequence[int]) -> "Trend":
        """The trend of counts by week, the oldest first."""
        figures = learning().trend
        if len(weeks) < figures.weeks or not any(weeks):
            return cls(direction=TrendDirection.UNKNOWN, change=0.0)
        slopes = [(after - before) / (j - i) for (i, before), (j, after) in combinations(enumerate(weeks), 2)]
        change = median(slopes) / mean(weeks)
        if abs(change) < figures.change or abs(_mann_kendall(weeks)) < figures.z:
            return cls(direction=TrendDirection.STEADY, change=round(change, 4))
        return cls(direction=TrendDirection.RISING if change > 0 else TrendDirection.FALLING, change=round(change, 4))


def _mann_kendall(values: Sequence[int]) -> float:
    """The standard score of the Mann-Kendall test, corrected for ties and continuity. 0 when all are the same."""
    count = len(values)
    score = sum((after > before) - (after < before) for before, after in combinations(values, 2))
    ties = [values.count(value) for value in set(values)]
    variance = (_spread(count) - sum(_spread(tied) for tied in ties)) / 18
    if variance <= 0 or score == 0:
        return 0.0
    return (score - 1 if score > 0 else score + 1) / sqrt(variance)


def _spread(count: int) -> int:
    return count * (count - 1) * (2 * count + 5)
