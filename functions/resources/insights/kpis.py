"""/v1/insights/kpis: the figures by which Kompo is judged, as they are declared."""

from flask import Response
from pydantic import Field

from functions.http.answers import WireModel, answer
from functions.resources.insights.resource import api
from shared import insights
from shared.insights import Category, Dimension, Direction, Unit


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
