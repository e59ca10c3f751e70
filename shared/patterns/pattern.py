"""Patterns: sequences of operations that many users run, and which of them say something that no longer one says."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.patterns.classification import Classification
from shared.patterns.learning import learning
from shared.patterns.saving import Saving
from shared.patterns.trend import Trend

ARROW = "->"
WEEKS = 12
"""Whole weeks before the end of the period that are counted one by one."""


class SequencePattern(BaseModel):
    """Operations run one right after the other, with nothing in between, and how that goes."""

    model_config = ConfigDict(frozen=True)

    operations: tuple[str, ...] = Field(min_length=2, max_length=5)
    frequency: int = Field(description="Sessions that hold it")
    occurrences: int = Field(description="How often it was run")
    user_count: int = Field(description="People who ran it, at least")
    success_rate: float = Field(description="Share of occurrences in which every operation succeeded, 0 to 1")
    avg_duration: float = Field(description="Mean milliseconds of the whole sequence")
    median_duration: float = Field(default=0.0, description="Median over the sessions of their mean milliseconds")
    platforms: tuple[str, ...] = ()
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    weeks: tuple[int, ...] = Field(default=(), description="Sessions in each of the last whole weeks, the oldest first")
    recent_occurrences: int = Field(default=0, description="Of the last 28 days")
    recent_successes: int = 0
    stated: dict[str, int] = Field(default_factory=dict, description="Sessions whose sender names a workflow type")
    with_gaps: int | None = Field(default=None, description="Sessions that hold it with other operations in between")
    is_new: bool = False
    workflow: Classification | None = None

    @property
    def pattern(self) -> str:
        """The operations joined by arrows: `trim->resize->to_mp3`."""
        return ARROW.join(self.operations)

    @property
    def trend(self) -> Trend:
        """Whether it is run more and more."""
        return Trend.of(self.weeks)

    @property
    def saving(self) -> Saving:
        """What a template of it spares an agent at every run."""
        return Saving.of(len(self.operations))

    @property
    def is_candidate(self) -> bool:
        """Whether it has what a template must have."""
        least = learning().candidate
        return (
            self.frequency >= least.frequency
            and self.user_count >= least.users
            and self.success_rate >= least.success_rate
        )

    @classmethod
    def of_row(cls, row: dict[str, Any], *, end: datetime, began: datetime) -> "SequencePattern":
        """The pattern of a row of `sequences.sql`. The history that was looked at begins at `began` and goes to `end`."""
        fields = {key: value for key, value in row.items() if key not in ("pattern", "weeks", "stated")}
        first_seen: datetime = row["first_seen"]
        novelty = learning().novelty
        return cls(
            operations=tuple(row["pattern"].split(ARROW)),
            weeks=_weeks(row["weeks"] or (), min(WEEKS, (end - began) // timedelta(weeks=1))),
            stated={each["workflow_type"]: each["sessions"] for each in row["stated"] or ()},
            is_new=first_seen > end - novelty and began <= end - 2 * novelty,
            **fields,
        )


def closed(patterns: Sequence[SequencePattern]) -> list[SequencePattern]:
    """The patterns that no longer one among `patterns` contains with the same frequency: those say all that there is to say."""
    contained = {(part, pattern.frequency) for pattern in patterns for part in parts(pattern.operations)}
    return [pattern for pattern in patterns if (pattern.operations, pattern.frequency) not in contained]


def parts(operations: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every shorter sequence inside, of two and more."""
    length = len(operations)
    return (operations[i:j] for i in range(length) for j in range(i + 2, length + 1) if j - i < length)


def _weeks(found: Sequence[dict[str, int]], whole: int) -> tuple[int, ...]:
    """The counts of the last `whole` weeks, the oldest first, from those counted backwards from the end."""
    counted = {each["week"]: each["sessions"] for each in found}
    return tuple(counted.get(week, 0) for week in reversed(range(whole)))
