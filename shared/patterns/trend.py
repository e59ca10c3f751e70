"""Trend: whether a pattern is run more and more, or less and less, and by how much a week."""

from collections.abc import Sequence
from enum import StrEnum
from statistics import mean

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.forecasting import mann_kendall, theil_sen
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
        change = theil_sen(weeks) / mean(weeks)
        if abs(change) < figures.change or abs(mann_kendall(weeks).z) < figures.z:
            return cls(direction=TrendDirection.STEADY, change=round(change, 4))
        return cls(direction=TrendDirection.RISING if change > 0 else TrendDirection.FALLING, change=round(change, 4))
