"""/v1/insights/trends: where KPIs go, what is to be expected next, what was odd, and when a threshold is passed."""

from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, Literal

from flask import Response
from pydantic import Field

from functions.http.answers import WireModel
from functions.http.caching import Made, wants_anew
from functions.http.kept_answers import Key, Stamp
from functions.resources.insights.queries import STALE, FilterQuery, Names, users, whose
from functions.resources.insights.resource import answers, api
from shared import insights
from shared.core.errors import InvalidInput
from shared.forecasting import Method, Unknown
from shared.insights import Dimension, Period, Step, Unit
from shared.insights.dashboard import Point, Subject, View, kpis_of, newest_event

MOST_SERIES = 50
"""Forecasting takes some hundredths of a second for each."""
_BACK = {
    Step.MINUTE: timedelta(hours=3),
    Step.HOUR: timedelta(days=14),
    Step.DAY: timedelta(days=90),
    Step.WEEK: timedelta(days=364),
    Step.MONTH: timedelta(days=366),
}
"""How far back a trend is looked for unless it is said."""


class TrendsQuery(FilterQuery):
    """Which trends: of the KPIs of the summary over the last 90 days, day by day, unless it is said otherwise."""

    kpi: Names = Field(default=[], description="Names of KPIs (see /v1/insights/kpis)")
    every: Step = Field(default=Step.DAY, description="The steps of the series; only whole ones count")
    ahead: int | None = Field(
        default=None, ge=1, le=366, description="Steps to look ahead; what suits the step unless given"
    )
    threshold: float | None = Field(
        default=None, description="When this is passed is told of the one KPI named; its target, unless given"
    )

    usual: ClassVar[timedelta | None] = None

    def span(self) -> Period:
        """The period, the last steps up to now unless it is given. Raises InvalidInput."""
        start, end = self.period()
        return Period(end - _BACK[self.every] if self.start is None and self.last is None else start, end)

    def thresholds(self) -> dict[str, float]:
        """By KPI. Raises InvalidInput for a threshold of nothing, or of several."""
        if self.threshold is None:
            return {}
        if len(self.kpi) != 1:
            raise InvalidInput("A threshold is one KPI's: name that KPI, and no other.", pointer="/threshold")
        return {self.kpi[0]: self.threshold}


class Slope(WireModel):
    """Where a series goes: by so much a step, 95 % sure between `low` and `high`."""

    direction: Literal["rising", "steady", "falling", "unknown"]
    slope: float
    low: float
    high: float
    improving: bool | None = Field(description="Whether that is better; null where it is steady or unknown")


class ExpectedStep(WireModel):
    """What is to be expected of a step."""

    at: datetime
    value: float
    low: float
    high: float


class KpiForecast(WireModel):
    """The steps to come; a share `level` of them lies between low and high. Method and season did best on the past."""

    steps: list[ExpectedStep]
    level: float
    method: Method
    season: int = Field(description="Steps of a season; 1 if there is none")
    mase: float | None = Field(description="Error on the past: below 1 is better than `as a season ago`")


class Oddity(WireModel):
    """A step that was out of the ordinary."""

    at: datetime
    value: float
    expected: float
    deviations: float = Field(description="How many standard deviations apart")


class Turn(WireModel):
    """From this step on, the level is another."""

    at: datetime
    before: float
    after: float


class KpiOutlook(WireModel):
    """When the threshold is passed if it goes on like this, in four of five cases between the earliest and the latest."""

    sentence: str
    threshold: float
    at: datetime
    earliest: datetime
    latest: datetime | None = Field(description="Null: perhaps never")


class KpiTrend(WireModel):
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
    def of(cls, found: insights.KpiTrend) -> "KpiTrend":
        """The wire form."""
        foreseen, outlook = found.foreseen, found.outlook
        parts = {"forecast": foreseen, "outlook": outlook}
        return cls(
            kpi=found.kpi.name,
            title=found.kpi.title,
            unit=found.kpi.unit,
            target=found.kpi.target,
            labels=dict(found.labels),
            series=[
                Point(at=each.at, value=each.value, samples=each.samples) for each in found.measurements if each.at
            ],
            trend=Slope.model_validate(
                {**asdict(found.trend), "direction": found.trend.direction.value, "improving": found.improving}
            ),
            forecast=None if isinstance(foreseen, Unknown) else KpiForecast.model_validate(asdict(foreseen)),
            anomalies=[Oddity(**asdict(each)) for each in found.anomalies],
            changes=[Turn(**asdict(each)) for each in found.changes],
            outlook=_outlook(outlook),
            unknown={name: part.reason for name, part in parts.items() if isinstance(part, Unknown)},
        )


class Trends(WireModel):
    """The trends of a period, whose they are, and how new that is."""

    scope: str
    start: datetime
    end: datetime
    every: Step
    by: list[Dimension]
    items: list[KpiTrend]
    freshness: Stamp | None = None


@api.get("/v1/insights/trends", responses={200: Trends})
def read_trends(query: TrendsQuery) -> Response:
    """Trends, forecasts with their intervals, anomalies, change points and the outlook of KPIs"""
    make = partial(make_trends, query, users())
    return answers.answer(Key(whose(), "trends", query.asked()), make, anew=wants_anew())


def make_trends(query: TrendsQuery, hashes: list[str] | None) -> Made:
    """The trends of everybody's events (None), or of those of these hashes. Raises InvalidInput, Unavailable."""
    period = query.span()
    names = query.kpi or kpis_of(Subject.SUMMARY, own=hashes is not None)
    found = insights.trends(
        names,
        period,
        every=query.every,
        by=query.by,
        where=query.where,
        users=hashes,
        ahead=query.ahead,
        thresholds=query.thresholds(),
        most_series=MOST_SERIES,
    )
    view = View(period, users=hashes)
    told = Trends(
        scope=view.scope,
        start=period.start,
        end=period.end,
        every=query.every,
        by=query.by,
        items=[KpiTrend.of(each) for each in found],
    )
    return Made(told, newest_event(view), query.good_for(), STALE)


def _outlook(found: "insights.Outlook | Unknown | None") -> KpiOutlook | None:
    if found is None or isinstance(found, Unknown):
        return None
    return KpiOutlook(
        sentence=found.sentence,
        threshold=found.threshold,
        at=found.at,
        earliest=found.earliest,
        latest=found.latest,
    )
