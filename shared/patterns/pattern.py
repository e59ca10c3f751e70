"""Patterns: sequences of operations that many users run, and which of them say something that no longer one says."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

ARROW = "->"


class SequencePattern(BaseModel):
    """Operations run one right after the other, with nothing in between."""

    model_config = ConfigDict(frozen=True)

    operations: tuple[str, ...] = Field(min_length=2, max_length=5)
    frequency: int = Field(description="Sessions that hold it")
    occurrences: int = Field(description="How often it was run")
    user_count: int
    success_rate: float = Field(description="Share of occurrences in which every operation succeeded, 0 to 1")
    avg_duration: float = Field(description="Mean milliseconds of the whole sequence")

    @property
    def pattern(self) -> str:
        """The operations joined by arrows: `trim->resize->to_mp3`."""
        return ARROW.join(self.operations)

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> "SequencePattern":
        """The pattern of a row of `sequences.sql`."""
        return cls(operations=tuple(row["pattern"].split(ARROW)), **{k: v for k, v in row.items() if k != "pattern"})


def closed(patterns: Sequence[SequencePattern]) -> list[SequencePattern]:
    """The patterns that no longer one among `patterns` contains with the same frequency: those say all that there is to say."""
    contained = {(part, pattern.frequency) for pattern in patterns for part in _parts(pattern.operations)}
    return [pattern for pattern in patterns if (pattern.operations, pattern.frequency) not in contained]


def _parts(operations: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every shorter sequence inside."""
    length = len(operations)
    return (operations[i:j] for i in range(length) for j in range(i + 2, length + 1) if j - i < length)
