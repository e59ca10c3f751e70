"""Insights: what the events add up to, live and by the hour."""

from shared.insights.aggregate import Aggregation, aggregate_metrics
from shared.insights.summary import Change, ErrorClass, Freshness, Slice, Summary, Totals, get_summary
from shared.insights.usage import ErrorCount, FrequentSequence, OperationCount, Usage, frequent_sequences, get_usage

__all__ = [
    "Aggregation",
    "Change",
    "ErrorClass",
    "ErrorCount",
    "FrequentSequence",
    "Freshness",
    "OperationCount",
    "Slice",
    "Summary",
    "Totals",
    "Usage",
    "aggregate_metrics",
    "frequent_sequences",
    "get_summary",
    "get_usage",
]
