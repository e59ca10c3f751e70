"""/v1/insights: what the events add up to."""

from functions.resources.insights import live, summary
from functions.resources.insights.queries import PeriodQuery

RESOURCES = [summary.api, live.api]

__all__ = ["RESOURCES", "PeriodQuery"]
