"""AnalyticsEngine: what the figures mean for the business, for quality and for people, day by day and as a whole."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.core.clock import now
from shared.core.errors import InvalidInput
from shared.events import run_query
from shared.insights.days import (
    BEHAVIOUR,
    BUSINESS,
    DAY,
    MOST_DAYS,
    QUALITY,
    DayInsights,
    Figure,
    Subject,
    day_of,
    keep_day,
    stale_days,
)
from shared.insights.kpi import SQL_FOLDER, Dimension, Direction, kpi, kpis
from shared.insights.measuring import measure
from shared.insights.period import Period, Step
from shared.insights.trends import KpiTrend, trends

_LEAST_SHARE = 0.05
"""Of a KPI's samples, what a label must have to be found worse than the rest."""


@dataclass(frozen=True)
class Weakness:
    """Where a KPI that misses its target is the worst: under a label that much of it comes from."""

    kpi: str
    dimension: Dimension
    label: str
    value: float
    whole: float


@dataclass(frozen=True)
class Segment:
    """People of a day who do about as much: 50 operations and more are `heavy`, 10 and more `regular`, else `light`."""

    segment: str
    people: int
    operations: int
    success_rate: float | None


@dataclass(frozen=True)
class AnalyticsSummary:
    """Every KPI over a period, compared with the period before, and those that miss their targets."""

    period: Period
    figures: Mapping[str, Figure]

    @property
    def missed(self) -> tuple[str, ...]:
        """The KPIs that are on the wrong side of their targets."""
        return tuple(name for name, figure in self.figures.items() if figure.on_target is False)


class AnalyticsEngine:
    """Computes insights from events, and keeps those of each day."""

    def generate_business_metrics(self, day: datetime) -> DayInsights:
        """Revenue, cost, conversion, adoption and retention on a day, into `business_metrics`. Raises InvalidInput for a day
        that has not begun, Unavailable."""
        return self._generate(BUSINESS, Step.DAY.floor(day))

    def generate_quality_insights(self, day: datetime) -> DayInsights:
        """Quality, satisfaction and success on a day, by provider and more, into `quality_insights`. Raises likewise."""
        return self._generate(QUALITY, Step.DAY.floor(day))

    def generate_user_behavior_insights(self, day: datetime) -> DayInsights:
        """Who works how much, how long and with what on a day, into `user_behavior_insights`. Raises likewise."""
        return self._generate(BEHAVIOUR, Step.DAY.floor(day))

    def analyze_trends(self, names: Collection[str], period: Period, every: Step = Step.DAY) -> list[KpiTrend]:
        """Where the KPIs go over a period, what is to be expected, and what was out of the ordinary. Raises as `trends`."""
        return trends(names, period, every=every)

    def get_analytics_summary(self, period: Period) -> AnalyticsSummary:
        """Every KPI. Raises Unavailable."""
        before = {found.kpi: found for found in measure(kpis(), period.before)}
        return AnalyticsSummary(
            period, {found.kpi: Figure.of(found, before[found.kpi]) for found in measure(kpis(), period)}
        )

    def bring_up_to_date(self, since: datetime, until: datetime, *, most: int = MOST_DAYS, known: bool = False) -> int:
        """Compute the days of [since, until) whose documents are stale or, unless only `known` ones are asked for, missing;
        of each collection at most so many. How many documents were computed.

        Raises Unavailable; what is done is done."""
        done = 0
        for subject in (BUSINESS, QUALITY, BEHAVIOUR):
            stale = stale_days(subject, since, until, known=known)[:most]
            for day, events in stale:
                self._keep(day_of(subject, day), events)
            done += len(stale)
        return done

    def _generate(self, subject: Subject, day: datetime) -> DayInsights:
        if day > now():
            raise InvalidInput(
                f"{day.date()} has not begun, in UTC: nothing can be said of it yet. Name a day up to today."
            )
        told = day_of(subject, day)
        [counted] = measure(["events"], Period(day, day + DAY))
        self._keep(told, round(counted.value or 0))
        return told

    def _keep(self, told: DayInsights, events: int) -> None:
        more: dict[str, Any] = {}
        if told.subject is BEHAVIOUR:
            period = Period(told.day, told.day + DAY)
            more["segments"] = [vars(segment) for segment in segments_of(period)]
            more["hours"] = [found.value for found in measure(["operations"], period, every=Step.HOUR)]
        if told.subject is QUALITY:
            more["weaknesses"] = [{**vars(each), "dimension": each.dimension.value} for each in weaknesses_in(told)]
        keep_day(told, events, **more)


def segments_of(period: Period) -> list[Segment]:
    """The segments of at least five people, the busiest first. Raises Unavailable."""
    rows = run_query(SQL_FOLDER / "segments.sql", {"start": period.start, "end": period.end})
    return [Segment(**row) for row in rows]


def weaknesses_in(told: DayInsights) -> Iterator[Weakness]:
    """For each KPI that misses its target, the label of each dimension that is the worst of those that matter, if it is worse
    than the whole."""
    for name, figure in told.figures.items():
        if figure.on_target is not False or figure.now.value is None:
            continue
        up = kpi(name).direction is Direction.UP
        for dimension, labels in told.breakdowns.items():
            known = [
                (found[name].value, label)
                for label, found in labels.items()
                if name in found and found[name].samples >= _LEAST_SHARE * figure.now.samples
            ]
            values = [(value, label) for value, label in known if value is not None]
            if len(values) > 1:
                value, label = min(values) if up else max(values)
                if value < figure.now.value if up else value > figure.now.value:
                    yield Weakness(name, dimension, label, value, figure.now.value)
