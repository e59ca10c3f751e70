"""Usage: which operations are run how often, what fails, and which are run one after another."""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import Field

from shared.core.clock import now
from shared.core.errors import InvalidInput
from shared.events import K_ANONYMITY, run_query
from shared.insights.figures import Figures
from shared.insights.period import MAX_PERIOD

TOP = 20
_USAGE = Path(__file__).with_name("usage.sql")
_SEQUENCES = Path(__file__).with_name("frequent_sequences.sql")
_MINED = timedelta(days=32)
"""How long ago sequences may have been mined to be told."""


class OperationCount(Figures):
    """How often an operation was run."""

    operation: str
    count: int


class ErrorCount(Figures):
    """How often an error occurred, by its stable code."""

    error: str
    frequency: int


class FrequentSequence(Figures):
    """Operations that people run one right after another."""

    pattern: str = Field(description="The operations joined by arrows: trim->resize->to_mp3")
    operations: list[str]
    frequency: int = Field(description="Sessions that hold it")
    user_count: int
    success_rate: float | None = Field(description="Share of the runs in which every operation succeeded, 0 to 1")
    avg_duration: float | None = Field(description="Mean milliseconds of the whole sequence")
    template_candidate: bool = Field(description="Whether it meets the thresholds of a template")


class Usage(Figures):
    """What was run in [start, end), by whom it was (`everybody` or `own`)."""

    scope: str
    total_operations: int
    unique_users: int
    avg_processing_time: float | None = Field(description="Milliseconds")
    top_operations: list[OperationCount]
    top_workflows: list[FrequentSequence] = Field(description="Everybody's, as they were mined last")
    error_analysis: list[ErrorCount]
    withheld: int = Field(description="Figures left out because they tell of fewer than five people")


def get_usage(users: Collection[str] | None, start: datetime, end: datetime) -> Usage:
    """The usage in [start, end): everybody's (None), or that of the hashes of one user.

    Raises InvalidInput for an empty period or one over a year, Unavailable."""
    if not timedelta(0) < end - start <= MAX_PERIOD:
        raise InvalidInput("The period must end after it starts and be no longer than 366 days.")
    rows = run_query(
        _USAGE,
        {"start": start, "end": end, "everybody": users is None, "users": list(users or ()), "limit": TOP},
    )
    total = next(iter(_section(rows, "total")), {"runs": 0, "users": 0, "average": None})
    return Usage(
        scope="everybody" if users is None else "own",
        total_operations=total["runs"],
        unique_users=total["users"],
        avg_processing_time=total["average"],
        top_operations=[
            OperationCount(operation=row["label"], count=row["runs"]) for row in _section(rows, "operation")
        ],
        top_workflows=frequent_sequences(),
        error_analysis=[ErrorCount(error=row["label"], frequency=row["runs"]) for row in _section(rows, "error")],
        withheld=sum(row["runs"] for row in _section(rows, "withheld")),
    )


def frequent_sequences(
    *, min_frequency: int = 1, min_success_rate: float = 0.0, limit: int = TOP
) -> list[FrequentSequence]:
    """The sequences mined last that at least five people run, the most frequent first. Raises Unavailable."""
    rows = run_query(
        _SEQUENCES,
        {
            "since": now() - _MINED,
            "users": K_ANONYMITY,
            "frequency": min_frequency,
            "success_rate": float(min_success_rate),
            "limit": limit,
        },
    )
    return [FrequentSequence(**row) for row in rows]


def _section(rows: list[dict[str, Any]], section: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["section"] == section]
