"""/v1/insights/kpis: the figures by which Kompo is judged, as they are declared, and where each comes from."""

from dataclasses import asdict
from datetime import datetime

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import WireModel, answer
from functions.resources.insights.queries import FilterQuery, users
from functions.resources.insights.resource import api
from shared import insights
from shared.core.errors import NotFound
from shared.insights import Category, Dimension, Direction, Period, Unit


class Kpi(WireModel):
    """A KPI: what it says, where it should be, and who answers for it."""

    name: str
    title: str
    description: str
    category: Category
    unit: Unit
    target: float | None
    direction: Direction = Field(description="Which way is better")
    owner: str
    sql: str = Field(description="The file of shared/insights/sql that selects its rows")
    dimensions: list[Dimension] = Field(description="What it can be told apart and filtered by")

    @classmethod
    def of(cls, kpi: insights.Kpi) -> "Kpi":
        """The wire form."""
        return cls.model_validate(kpi.model_dump(include=set(cls.model_fields)))


class KpiList(WireModel):
    """All KPIs, in the order in which they are declared."""

    items: list[Kpi]


class KpisQuery(WireModel):
    """Which KPIs."""

    category: Category | None = None


@api.get("/v1/insights/kpis", responses={200: KpiList})
def list_kpis(query: KpisQuery) -> Response:
    """The KPIs with their units, targets and owners, and what they can be told by"""
    found = [kpi for kpi in insights.kpis().values() if query.category in (None, kpi.category)]
    return answer(KpiList(items=[Kpi.of(kpi) for kpi in found]))


class TraceQuery(FilterQuery):
    """Which figure, and which part of its rows."""

    limit: int = Field(default=100, ge=1, le=1000, description="Rows in a page")
    page_token: str | None = Field(default=None, max_length=2048, description="`nextPageToken` of the page before")


class KpiPath(WireModel):
    """A path with the name of a KPI."""

    name: str = Field(max_length=64)


class TracedRow(WireModel):
    """A row that the figure is computed from; of everybody's, to the minute and without an id."""

    at: datetime
    event_id: str | None
    labels: dict[str, str]
    numerator: float
    denominator: float


class LeftOut(WireModel):
    """Events that did not count."""

    kind: str
    reason: str = Field(description="Code of the reason; empty where the kind is reason enough")
    detail: str
    events: int


class Trace(WireModel):
    """Where the figure of a KPI comes from."""

    kpi: Kpi
    start: datetime
    end: datetime
    value: float | None
    numerator: float | None
    denominator: float | None
    samples: int
    sql: str = Field(description="The query that gives the figure")
    parameters: dict[str, JsonValue] = Field(
        description="Its parameters; not the hashes that one's own events are found by"
    )
    rows: list[TracedRow] = Field(description="What went into it, the newest first")
    next_page_token: str | None
    left_out: list[LeftOut]

    @classmethod
    def of(cls, traced: insights.Trace, period: Period) -> "Trace":
        """The wire form."""
        found = traced.measurement
        return cls(
            kpi=Kpi.of(traced.kpi),
            start=period.start,
            end=period.end,
            value=found.value,
            numerator=found.numerator,
            denominator=found.denominator,
            samples=found.samples,
            sql=traced.sql,
            parameters={
                name: _told(value) for name, value in traced.parameters.items() if name != "users" or not value
            },
            rows=[TracedRow.model_validate(asdict(row)) for row in traced.rows],
            next_page_token=traced.next_page_token,
            left_out=[LeftOut.model_validate(asdict(each)) for each in traced.left_out],
        )


@api.get("/v1/insights/kpis/<string:name>/trace", responses={200: Trace})
def trace_kpi(path: KpiPath, query: TraceQuery) -> Response:
    """Where a figure comes from: its SQL, the rows that went into it, and what was left out, with the reasons"""
    if path.name not in insights.kpis():
        raise NotFound(f"There is no KPI {path.name}. /v1/insights/kpis lists them.")
    period = Period(*query.period())
    traced = insights.trace(
        path.name,
        period,
        by=query.by,
        where=query.where,
        users=users(),
        limit=query.limit,
        page_token=query.page_token,
    )
    return answer(Trace.of(traced, period))


def _told(value: object) -> JsonValue:
    if isinstance(value, list):
        return [_told(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value  # type: ignore[return-value]
