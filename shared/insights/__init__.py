"""Insights: what the events add up to, live and by the hour."""

from shared.insights.aggregate import Aggregation, aggregate_metrics
from shared.insights.summary import Change, ErrorClass, Freshness, Slice, Summary, Totals, get_summary

__all__ = [
    "Aggregation",
    "Change",
    "ErrorClass",
    "Freshness",
    "Slice",
    "Summary",
    "Totals",
    "aggregate_metrics",
    "get_summary",
]
