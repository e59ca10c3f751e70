"""/v1/insights/trends: where KPIs go, what is to be expected next, what was odd, and when a threshold is passed."""

from functools import partial

from flask import Response
from pydantic import Field

from functions.http.caching import wants_anew
from functions.http.stamped import Stamp
from functions.resources.insights.queries import FilterQuery, Names, users, whose
from functions.resources.insights.resource import answers, api
from shared.insights import Step
from shared.insights.dashboard import AskedTrends, Subject, Trends, make_trends


class TrendsQuery(FilterQuery):
    """Which trends: of the KPIs of the summary over the last 90 days, day by day, unless it is said otherwise."""

    kpi: Names = Field(default=[], description="Names of KPIs (see /v1/insights/kpis)")
    every: Step = Field(default=Step.DAY, description="The steps of the series; only whole ones count")
    ahead: int | None = Field(
        default=None, ge=1, le=366, description="Steps to look ahead; what suits the step unless given"
    )
    threshold: float | None = Field(
        default=None,
        allow_inf_nan=False,
        description="When this is passed is told of the one KPI named; its target, unless given",
    )

    def asked(self) -> AskedTrends:
        """What is asked for."""
        return AskedTrends(
            **self.said(), kpis=tuple(self.kpi), every=self.every, ahead=self.ahead, threshold=self.threshold
        )


class TrendsAnswer(Trends):
    """The trends, and how new they are."""

    freshness: Stamp


@api.get("/v1/insights/trends", responses={200: TrendsAnswer})
def read_trends(query: TrendsQuery) -> Response:
    """Trends, forecasts with their intervals, anomalies, change points and the outlook of KPIs"""
    asked = query.asked()
    return answers.answer(asked.key(whose(), Subject.TRENDS), partial(make_trends, asked, users()), anew=wants_anew())
