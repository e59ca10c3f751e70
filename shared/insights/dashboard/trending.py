"""Trending: where KPIs go, what is to be expected next, what was odd, and when a threshold is passed, as dashboards show it."""

from dataclasses import asdict
from datetime import datetime
from typing import Literal

from pydantic import Field, TypeAdapter

from shared.core.collecting import without_collecting
from shared.forecasting import Method, Unknown
from shared.insights.dashboard.asked import AskedTrends
from shared.insights.dashboard.figure import Point
from shared.insights.dashboard.subject import Subject, kpis_of
from shared.insights.dashboard.view import View
from shared.insights.figures import Figures
from shared.insights.kpi import Dimension, Unit
from shared.insights.outlook import Outlook
from shared.insights.period import Step
from shared.insights.trends import KpiTrend as FoundTrend
from shared.insights.trends import trends

MOST_SERIES = 50
"""Forecasting takes about a hundredth of a second for each."""


_POINTS = TypeAdapter(list[Point])


class Slope(Figures):
    """Where a series goes: by so much a step, 95 % sure between `low` and `high`."""

    direction: Literal["rising", "steady", "falling", "unknown"]
    slope: float
    low: float
    high: float
    improving: bool | None = Field(description="Whether that is better; null where it is steady or unknown")


class ExpectedStep(Figures):
    """What is to be expected of a step."""

    at: datetime
    value: float
    low: float
    high: float


class KpiForecast(Figures):
    """The steps to come; a share `level` of them lies between low and high. Method and season did best on the past."""

    steps: list[ExpectedStep]
    level: float
    method: Method
    season: int = Field(description="Steps of a season; 1 if there is none")
    mase: float | None = Field(description="Error on the past: below 1 is better than `as a season ago`")


class Oddity(Figures):
    """A step that was out of the ordinary."""

    at: datetime
    value: float
    expected: float
    deviations: float = Field(description="How many standard deviations apart")


class Turn(Figures):
    """From this step on, the level is another."""

    at: datetime
    before: float
    after: float


class KpiOutlook(Figures):
    """When the threshold is passed if it goes on like this, in four of five cases between the earliest and the latest."""

    sentence: str
    threshold: float
    at: datetime
    earliest: datetime
    latest: datetime | None = Field(description="Null: perhaps never")


class KpiTrend(Figures):
    """A series: a KPI under some labels. Where something cannot be said, it is null and `unknown` has the reason."""

    kpi: str
    title: str
    unit: Unit
    target: float | None
    labels: dict[str, str]
    series: list[Point]
    trend: Slope
    forecast: KpiForecast | None
    anomalies: list[Oddity]
    changes: list[Turn]
    outlook: KpiOutlook | None
    unknown: dict[str, str] = Field(description="By `forecast` or `outlook`: why it cannot be said")

    @classmethod
    def of(cls, found: FoundTrend) -> "KpiTrend":
        """The wire form."""
        foreseen, outlook = found.foreseen, found.outlook
        parts = {"forecast": foreseen, "outlook": outlook}
        return cls(
            kpi=found.kpi.name,
            title=found.kpi.title,
            unit=found.kpi.unit,
            target=found.kpi.target,
            labels=dict(found.labels),
            series=_POINTS.validate_python(found.measurements, from_attributes=True),
            trend=Slope.model_validate(
                {**asdict(found.trend), "direction": found.trend.direction.value, "improving": found.improving}
            ),
            forecast=None
            if isinstance(foreseen, Unknown)
            else KpiForecast.model_validate(foreseen, from_attributes=True),
            anomalies=[Oddity.model_validate(each, from_attributes=True) for each in found.anomalies],
            changes=[Turn.model_validate(each, from_attributes=True) for each in found.changes],
            outlook=_outlook(outlook),
            unknown={name: part.reason for name, part in parts.items() if isinstance(part, Unknown)},
        )


class Trends(Figures):
    """The trends of a period, and whose they are."""

    scope: str
    start: datetime
    end: datetime
    every: Step
    by: list[Dimension]
    items: list[KpiTrend]


@without_collecting()
def get_trends(asked: AskedTrends, users: list[str] | None) -> Trends:
    """The trends of everybody's events (None), or of those of these hashes. Raises InvalidInput, Unavailable."""
    period = asked.span()
    found = trends(
        asked.kpis or kpis_of(Subject.TRENDS, own=users is not None),
        period,
        every=asked.every,
        by=asked.by,
        where=asked.where,
        users=users,
        ahead=asked.ahead,
        thresholds=asked.thresholds(),
        most_series=MOST_SERIES,
    )
    return Trends(
        scope=View(period, users=users).scope,
        start=period.start,
        end=period.end,
        every=asked.every,
        by=list(asked.by),
        items=[KpiTrend.of(each) for each in found],
    )


def _outlook(found: Outlook | Unknown | None) -> KpiOutlook | None:
    if found is None or isinstance(found, Unknown):
        return None
    return KpiOutlook(
        sentence=found.sentence,
        threshold=found.threshold,
        at=found.at,
        earliest=found.earliest,
        latest=found.latest,
    )
