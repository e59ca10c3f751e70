"""Risks: operations that fail more often where they stand in a workflow than elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from shared.patterns.recommending.intervals import Interval, share

ANY = ""
_LEAST_SHARE = 0.1
"""Share of failures under which nobody needs to be warned."""
_SIZES = ((10_000_000, "under 10 MB"), (100_000_000, "10 to 100 MB"), (1_000_000_000, "100 MB to 1 GB"))
_LARGEST = "over 1 GB"


@dataclass(frozen=True)
class Outcome:
    """How often `operation` was run and failed, after `before` and on files of `size`; both can be ANY."""

    operation: str
    before: str
    size: str
    runs: int
    failures: int

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Self:
        """The outcome of a row of `risks.sql`."""
        return cls(**row)

    @property
    def key(self) -> tuple[str, str, str]:
        """Operation, what stands before it, size."""
        return self.operation, self.before, self.size


@dataclass(frozen=True)
class Risk:
    """The operation at `place` of a workflow (from 0) fails more often there than it does elsewhere."""

    place: int
    outcome: Outcome
    failed: Interval
    elsewhere: Interval

    @property
    def sentence(self) -> str:
        """What is said of it."""
        where = f" right after {self.outcome.before}" if self.outcome.before else ""
        size = f" on files {self.outcome.size}" if self.outcome.size else ""
        return (
            f"{self.outcome.operation} failed in {self.failed.value:.0%} of {self.outcome.runs} runs{where}{size} "
            f"(95 % sure: {self.failed.low:.0%} to {self.failed.high:.0%}), elsewhere in {self.elsewhere.value:.0%}."
        )


def size_class(size: int | None) -> str:
    """The class of a file of `size` bytes, as `risks.sql` names it."""
    return ANY if size is None else next((name for most, name in _SIZES if size < most), _LARGEST)


def risks(
    outcomes: Mapping[tuple[str, str, str], Outcome], workflow: Sequence[str], size: int | None = None
) -> list[Risk]:
    """Where this workflow is likelier to fail, for sure, than its operations are elsewhere; the likeliest first.

    What stands before counts, or the size of the file, or both together if that is worse, for sure, than each alone. Without
    `size`, all sizes are looked at: what is said then holds for files of that size."""
    sizes = [size_class(size)] if size is not None else [*(name for _, name in _SIZES), _LARGEST]
    found = (_risk(outcomes, workflow, place, sizes) for place in range(len(workflow)))
    return sorted((risk for risk in found if risk), key=lambda risk: (-risk.failed.value, risk.place))


def _risk(
    outcomes: Mapping[tuple[str, str, str], Outcome], workflow: Sequence[str], place: int, sizes: Sequence[str]
) -> Risk | None:
    operation = workflow[place]
    before = workflow[place - 1] if place else ANY

    def worst(keys: Iterable[tuple[str, str, str]]) -> Risk | None:
        whole = outcomes.get((operation, ANY, ANY))
        sure = [risk for key in keys if (each := outcomes.get(key)) and (risk := _sure(place, each, whole))]
        return max(sure, key=lambda risk: risk.failed.low, default=None)

    alone = worst([(operation, ANY, size) for size in sizes] + [(operation, before, ANY)] * (before != ANY))
    together = worst((operation, before, size) for size in sizes) if before != ANY else None
    return together if together and not (alone and together.failed.low <= alone.failed.high) else alone


def _sure(place: int, outcome: Outcome, whole: Outcome | None) -> Risk | None:
    """The risk, if the share of failures is above that of all other runs of the operation even at its lower limit."""
    if whole is None or whole.runs <= outcome.runs:
        return None
    failed = share(outcome.failures, outcome.runs)
    elsewhere = share(max(whole.failures - outcome.failures, 0), whole.runs - outcome.runs)
    if failed.low < _LEAST_SHARE or failed.low <= elsewhere.high:
        return None
    return Risk(place, outcome, failed, elsewhere)
