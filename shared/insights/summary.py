"""The summary: what ran in a period, how it went, and how that compares with the period before. Always computed live."""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import Field

from shared.core.clock import now
from shared.core.errors import InvalidInput
from shared.events import run_query
from shared.insights.figures import Figures, Freshness

SUCCESS_TARGET = 0.995
MAX_PERIOD = timedelta(days=366)
_SQL = Path(__file__).with_name("summary.sql")
_TOP = 20


class Slice(Figures):
    """Figures of the operations that have something in common. Times are in milliseconds; None where nothing was measured.

    An operation without an outcome counts in `operations` and not in `success_rate` (0 to 1). p50 and p95 are approximate."""

    label: str = Field(description="What they have in common; empty for the whole")
    operations: int = 0
    success_rate: float | None = None
    average_ms: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    unique_users: int = 0


class Totals(Slice):
    """Figures of all operations of a period."""

    start: datetime
    end: datetime
    failures: int = 0
    renders: int = 0


class Change(Figures):
    """The present period against the one before. None where either has no figure."""

    operations: float | None = Field(description="Relative: 0.1 is 10 % more")
    success_rate: float | None = Field(description="Difference, as a share")
    average_ms: float | None = Field(description="Relative")
    unique_users: float | None = Field(description="Relative")


class ErrorClass(Figures):
    """How often a failure occurred, by its stable code."""

    code: str
    count: int


class Summary(Figures):
    """What ran in [start, end), whose it was (`everybody` or `own`), and the period of equal length before."""

    scope: str = Field(description="`everybody`, or `own` for who may only see their own")
    success_target: float = SUCCESS_TARGET
    current: Totals
    previous: Totals
    change: Change
    top_operations: list[Slice]
    platforms: list[Slice]
    errors: list[ErrorClass]
    freshness: Freshness


def get_summary(user_hashes: Collection[str] | None, start: datetime, end: datetime) -> Summary:
    """Summarise [start, end): everybody's events, or those of one user, who has a hash for each salt.

    Of everybody's, operations, platforms and errors are shown that at least `K_ANONYMITY` people had. Who worked before and after
    a rotation of the salt counts as two in everybody's `unique_users`.

    An event shows as soon as it is ingested. Raises InvalidInput for an empty period or one over a year, Unavailable."""
    if not timedelta(0) < end - start <= MAX_PERIOD:
        raise InvalidInput("The period must end after it starts and be no longer than 366 days.")
    before = start - (end - start)
    whose = user_hashes is None, list(user_hashes or ("nobody",))
    rows = run_query(
        _SQL,
        {"everybody": whose[0], "users": whose[1], "start": before, "middle": start, "end": end, "limit": _TOP},
    )
    current, previous = _totals(rows, True, start, end), _totals(rows, False, before, start)
    newest = [row["received_at"] for row in rows if row["present"] and row["section"] == "total"]
    return Summary(
        scope="everybody" if user_hashes is None else "own",
        current=current,
        previous=previous,
        change=_change(current, previous),
        top_operations=_slices(rows, "operation"),
        platforms=_slices(rows, "platform"),
        errors=[ErrorClass(code=row["label"], count=row["operations"]) for row in _section(rows, "error")],
        freshness=Freshness(computed_at=now(), newest_event_at=newest[0] if newest else None),
    )


def _section(rows: list[dict[str, Any]], section: str, *, present: bool = True) -> list[dict[str, Any]]:
    return [row for row in rows if row["present"] == present and row["section"] == section]


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": row["label"],
        "operations": row["operations"],
        "success_rate": row["successes"] / row["outcomes"] if row["outcomes"] else None,
        "average_ms": row["average"],
        "p50_ms": row["p50"],
        "p95_ms": row["p95"],
        "unique_users": row["users"],
    }


def _slices(rows: list[dict[str, Any]], section: str) -> list[Slice]:
    return [Slice(**_figures(row)) for row in _section(rows, section)]


def _totals(rows: list[dict[str, Any]], present: bool, start: datetime, end: datetime) -> Totals:
    total = next(iter(_section(rows, "total", present=present)), None)
    if total is None:
        return Totals(label="", start=start, end=end)
    failures = total["outcomes"] - total["successes"]
    return Totals(**_figures(total), start=start, end=end, failures=failures, renders=total["renders"])


def _change(current: Totals, previous: Totals) -> Change:
    rates = current.success_rate, previous.success_rate
    return Change(
        operations=_relative(current.operations, previous.operations),
        success_rate=rates[0] - rates[1] if rates[0] is not None and rates[1] is not None else None,
        average_ms=_relative(current.average_ms, previous.average_ms),
        unique_users=_relative(current.unique_users, previous.unique_users),
    )


def _relative(current: float | None, previous: float | None) -> float | None:
    return current / previous - 1 if current is not None and previous else None
