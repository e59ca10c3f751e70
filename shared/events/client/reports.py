"""Reports: what the API says of everybody's work, as plain values."""

from dataclasses import dataclass
from typing import Any


class ReportProblem(Exception):
    """The API gave no report; the message says why."""


@dataclass(frozen=True)
class OperationCount:
    """How often an operation was run."""

    operation: str
    count: int


@dataclass(frozen=True)
class ErrorCount:
    """How often an error occurred, by its stable code."""

    error: str
    frequency: int


@dataclass(frozen=True)
class OperationSequencePattern:
    """Operations that are run one after another again and again. Durations in milliseconds, the rate from 0 to 1."""

    pattern: str
    operations: tuple[str, ...]
    frequency: int
    avg_duration: float | None
    success_rate: float | None
    user_count: int
    template_candidate: bool

    @classmethod
    def of(cls, told: dict[str, Any]) -> "OperationSequencePattern":
        """The pattern in an answer of the API."""
        return cls(
            pattern=told["pattern"],
            operations=tuple(told["operations"]),
            frequency=told["frequency"],
            avg_duration=told["avgDuration"],
            success_rate=told["successRate"],
            user_count=told["userCount"],
            template_candidate=told["templateCandidate"],
        )


@dataclass(frozen=True)
class UsageStatistics:
    """What was run in a period. Figures that tell of fewer than five users are left out."""

    total_operations: int
    unique_users: int
    avg_processing_time: float | None
    top_operations: tuple[OperationCount, ...]
    top_workflows: tuple[OperationSequencePattern, ...]
    error_analysis: tuple[ErrorCount, ...]

    @classmethod
    def of(cls, told: dict[str, Any]) -> "UsageStatistics":
        """The report in an answer of the API."""
        return cls(
            total_operations=told["totalOperations"],
            unique_users=told["uniqueUsers"],
            avg_processing_time=told["avgProcessingTime"],
            top_operations=tuple(OperationCount(each["operation"], each["count"]) for each in told["topOperations"]),
            top_workflows=tuple(map(OperationSequencePattern.of, told["topWorkflows"])),
            error_analysis=tuple(ErrorCount(each["error"], each["frequency"]) for each in told["errorAnalysis"]),
        )
