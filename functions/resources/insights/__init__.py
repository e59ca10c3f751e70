"""/v1/insights: what the events add up to."""

from functions.resources.insights import exports, kpis, live, pages, summary
from functions.resources.insights.queries import PeriodQuery
from functions.resources.insights.resource import api

RESOURCES = [api]

__all__ = ["RESOURCES", "PeriodQuery", "exports", "kpis", "live", "pages", "summary"]
