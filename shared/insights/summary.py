"""The summary: what ran in a period, how it went, and how that compares with the period before. Always computed live."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
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
_WORTH = ("quality_score", "satisfaction", "cost_usd", "revenue_usd")
_RELATIVE = ("operations", "average_ms", "unique_users", "p95_ms", "cost_usd", "revenue_usd")
_HOUR, _DAY = 3600, 86_400
_HOURLY = timedelta(days=8)
"""Up to so long a period the curve has a point an hour."""


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
    """Figures of all operations of a period, and what they were worth. None where nothing was told."""

    start: datetime
    end: datetime
    failures: int = 0
    renders: int = 0
    quality_score: float | None = Field(default=None, description="Mean measured quality, 0 to 10")
    satisfaction: float | None = Field(default=None, description="Mean rating, 0 to 5")
    cost_usd: float | None = None
    revenue_usd: float | None = None


class SummaryPoint(Figures):
    """Figures of the operations of a step of the period."""

    at: datetime = Field(description="The start of the step")
    operations: int
    success_rate: float | None
    average_ms: float | None


class Change(Figures):
    """The present period against the one before. None where either has no figure."""

    operations: float | None = Field(description="Relative: 0.1 is 10 % more")
    success_rate: float | None = Field(description="Difference, as a share")
    average_ms: float | None = Field(description="Relative")
    unique_users: float | None = Field(description="Relative")
    p95_ms: float | None = Field(description="Relative")
    quality_score: float | None = Field(description="Difference")
    satisfaction: float | None = Field(description="Difference")
    cost_usd: float | None = Field(description="Relative")
    revenue_usd: float | None = Field(description="Relative")


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
    curve: list[SummaryPoint] = Field(
        description="Hour by hour, of more than 8 days day by day; steps without any are left out"
    )
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
    step = _HOUR if end - start <= _HOURLY else _DAY
    times = {"start": before, "middle": start, "end": end}
    rows = run_query(_SQL, {"everybody": whose[0], "users": whose[1], **times, "step": step, "limit": _TOP})
    current, previous = _totals(rows, True, start, end), _totals(rows, False, before, start)
    newest = [row["received_at"] for row in rows if row["present"] and row["section"] == "worth"]
    return Summary(
        scope="everybody" if user_hashes is None else "own",
        current=current,
        previous=previous,
        change=_change(current, previous),
        curve=_curve(rows, step),
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


def _curve(rows: list[dict[str, Any]], step: int) -> list[SummaryPoint]:
    points = []
    for row in sorted(_section(rows, "step"), key=lambda row: int(row["label"])):
        at, figures = datetime.fromtimestamp(int(row["label"]) * step, UTC), _figures(row)
        shown = {name: figures[name] for name in ("operations", "success_rate", "average_ms")}
        points.append(SummaryPoint(at=at, **shown))
    return points


def _totals(rows: list[dict[str, Any]], present: bool, start: datetime, end: datetime) -> Totals:
    worth = next(iter(_section(rows, "worth", present=present)), {})
    values = {name: worth.get(name) for name in _WORTH}
    total = next(iter(_section(rows, "total", present=present)), None)
    if total is None:
        return Totals(label="", start=start, end=end, **values)
    failures = total["outcomes"] - total["successes"]
    return Totals(**_figures(total), start=start, end=end, failures=failures, renders=total["renders"], **values)


def _change(current: Totals, previous: Totals) -> Change:
    relative = {name: _relative(getattr(current, name), getattr(previous, name)) for name in _RELATIVE}
    return Change(
        **relative,
        success_rate=_difference(current.success_rate, previous.success_rate),
        quality_score=_difference(current.quality_score, previous.quality_score),
        satisfaction=_difference(current.satisfaction, previous.satisfaction),
    )


def _difference(current: float | None, previous: float | None) -> float | None:
    return current - previous if current is not None and previous is not None else None


def _relative(current: float | None, previous: float | None) -> float | None:
    return current / previous - 1 if current is not None and previous else None
