"""The summary: what ran in a period, how it went, and how that compares with the period before. Always computed live."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from shared.core.clock import now
from shared.insights.composing import Scope
from shared.insights.figures import Figures, Freshness
from shared.insights.kpi import Dimension, kpi
from shared.insights.measurement import Cell, Cells, Labels, percentile
from shared.insights.measuring import Attending, begin_distrust, begin_turnout, read_cells
from shared.insights.period import Period, Step
from shared.insights.reading import newest_event
from shared.insights.turnout import Crowd

SUCCESS_TARGET = 0.995
_TOP = 20
_APART = (Dimension.OPERATION, Dimension.PLATFORM, Dimension.ERROR)
_WORTH = ("quality_score", "satisfaction", "cost", "revenue")
_SLICED = ("operations", "success_rate", "running_time", "running_time_p95", "failures")
_CURVE = ("operations", "success_rate", "running_time")
_RELATIVE = ("operations", "average_ms", "unique_users", "p95_ms", "cost_usd", "revenue_usd")
_HOURLY = timedelta(days=8)
"""Up to so long a period the curve has a point an hour."""


class Slice(Figures):
    """Figures of the operations that have something in common. Times are in milliseconds; None where nothing was measured.

    An operation without an outcome counts in `operations` and not in `success_rate` (0 to 1). p50 and p95 are 1 % off at most."""

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


@dataclass(frozen=True)
class _Half:
    """What was read of one of the two periods: cells by KPI and labels, and who was there."""

    period: Period
    cells: Mapping[tuple[str, Labels], Cell]
    crowd: Crowd
    own: bool

    def cell(self, name: str, labels: Labels = ()) -> Cell:
        """What there is under these labels."""
        return self.cells.get((name, labels), Cell())

    def value(self, name: str, labels: Labels = ()) -> float | None:
        """None where nothing was told."""
        measured = self.cell(name, labels).measurement(kpi(name), labels, None)
        return measured.value if measured.samples else None

    def figures(self, labels: Labels = ()) -> dict[str, Any]:
        """The members of a slice."""
        buckets = self.cell("running_time_p95", labels).buckets
        people = self.crowd.people.get(labels, 0)
        return {
            "label": labels[0][1] if labels else "",
            "operations": self.cell("operations", labels).samples,
            "success_rate": self.value("success_rate", labels),
            "average_ms": _ms(self.value("running_time", labels)),
            "p50_ms": _ms(percentile(buckets, 0.5)),
            "p95_ms": _ms(percentile(buckets, 0.95)),
            "unique_users": min(people, 1) if self.own else people,
        }

    def most(self, name: str, by: Dimension) -> list[Labels]:
        """The labels of a dimension that may be told, those with the most rows of a KPI first."""
        found = [labels for of, labels in self.cells if of == name and labels and labels[0][0] == by]
        told = [labels for labels in found if self.own or labels in self.crowd.shown]
        return sorted(told, key=lambda labels: (-self.cell(name, labels).samples, labels))[:_TOP]

    def slices(self, by: Dimension) -> list[Slice]:
        """The values of a dimension with the most operations."""
        return [Slice(**self.figures(labels)) for labels in self.most("operations", by)]

    def totals(self) -> Totals:
        """The whole."""
        outcomes = self.cell("success_rate")
        return Totals(
            **self.figures(),
            start=self.period.start,
            end=self.period.end,
            failures=round(outcomes.denominator - outcomes.numerator),
            renders=self.cell("operations", ((Dimension.OPERATION.value, "render"),)).samples,
            quality_score=self.value("quality_score"),
            satisfaction=self.value("satisfaction"),
            cost_usd=self.value("cost"),
            revenue_usd=self.value("revenue"),
        )


def get_summary(user_hashes: Collection[str] | None, start: datetime, end: datetime) -> Summary:
    """Summarise [start, end): everybody's events, or those of one user, who has a hash for each salt.

    Of everybody's, operations, platforms and errors are shown that at least `K_ANONYMITY` people had. Who worked before and after
    a rotation of the salt counts as two in everybody's `unique_users`.

    An event shows as soon as it is ingested. Raises InvalidInput for an empty period or one over a year, Unavailable."""
    period, computed_at = Period(start, end), now()
    users = tuple(user_hashes or ("nobody",)) if user_hashes is not None else None
    every = Step.HOUR if period.length <= _HOURLY else Step.DAY
    steps = Scope(period.before.start, end, every=every, users=users, middle=start)
    slices = replace(steps, every=None, apart=_APART)
    distrust = begin_distrust(steps.start, end) if users is None else None
    with ThreadPoolExecutor(2) as threads:
        turnout = begin_turnout(replace(slices, middle=None, start=start))
        earlier = Attending.begin([kpi("unique_users")], [replace(steps, every=None, middle=None, end=start)])
        sliced = threads.submit(read_cells, [kpi(name) for name in _SLICED], slices, distrust)
        curve = read_cells([kpi(name) for name in (*_CURVE, *_WORTH)], steps, distrust)
        # Asked after what it is the newest of: an event that comes in meanwhile is told of all the same.
        newest = threads.submit(newest_event, period, users)
    [people] = earlier.cells()
    crowds = turnout.result(), Crowd({(): sum(cell.samples for cell in people.values())})
    current, previous = (
        _Half(each, _cells(sliced.result(), curve, after=each is period), crowd, own=users is not None)
        for each, crowd in zip((period, period.before), crowds, strict=True)
    )
    totals, before = current.totals(), previous.totals()
    return Summary(
        scope="everybody" if users is None else "own",
        current=totals,
        previous=before,
        change=_change(totals, before),
        curve=list(_points(curve)),
        top_operations=current.slices(Dimension.OPERATION),
        platforms=current.slices(Dimension.PLATFORM),
        errors=[
            ErrorClass(code=labels[0][1], count=current.cell("failures", labels).samples)
            for labels in current.most("failures", Dimension.ERROR)
        ],
        freshness=Freshness(computed_at=computed_at, newest_event_at=newest.result()),
    )


def _change(current: Totals, previous: Totals) -> Change:
    relative = {name: _relative(getattr(current, name), getattr(previous, name)) for name in _RELATIVE}
    return Change(
        **relative,
        success_rate=_difference(current.success_rate, previous.success_rate),
        quality_score=_difference(current.quality_score, previous.quality_score),
        satisfaction=_difference(current.satisfaction, previous.satisfaction),
    )


def _cells(sliced: Cells, curve: Cells, *, after: bool) -> Mapping[tuple[str, Labels], Cell]:
    """Those of the period after the middle, or before it: by slices, and what was worth what as a whole."""
    worth = {key: cell for key, cell in curve.items() if key[0] in _WORTH}
    found: dict[tuple[str, Labels], Cell] = defaultdict(Cell)
    for part in (sliced, worth):
        for (name, labels, step), cell in part.items():
            if (step is not None) is after:
                found[name, labels] = found[name, labels].plus(cell)
    return found


def _points(curve: Cells) -> Iterator[SummaryPoint]:
    """Those of the steps that had any."""
    for at in sorted(step for name, _, step in curve if name == "operations" and step is not None):
        success, running = (curve.get((name, (), at), Cell()) for name in ("success_rate", "running_time"))
        yield SummaryPoint(
            at=at,
            operations=curve["operations", (), at].samples,
            success_rate=success.numerator / success.denominator if success.denominator else None,
            average_ms=_ms(running.numerator / running.denominator) if running.denominator else None,
        )


def _ms(seconds: float | None) -> float | None:
    return seconds * 1000 if seconds is not None else None


def _difference(current: float | None, previous: float | None) -> float | None:
    return current - previous if current is not None and previous is not None else None


def _relative(current: float | None, previous: float | None) -> float | None:
    return current / previous - 1 if current is not None and previous else None
