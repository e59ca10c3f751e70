"""/v1/insights: what the events add up to."""

from functions.resources.insights import alerting, exports, kpis, live, pages, people, summary, trends
from functions.resources.insights.queries import PeriodQuery
from functions.resources.insights.resource import api

RESOURCES = [api]

__all__ = ["RESOURCES", "PeriodQuery", "alerting", "exports", "kpis", "live", "pages", "people", "summary", "trends"]
