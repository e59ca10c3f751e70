"""Insights: what the events add up to, live and by the hour."""

from shared.insights.aggregate import Aggregation, aggregate_metrics
from shared.insights.figures import Figures, Freshness
from shared.insights.live import Live, LiveMinute, LiveReading, get_live, minutes_since
from shared.insights.summary import Change, ErrorClass, Slice, Summary, Totals, get_summary
from shared.insights.usage import ErrorCount, FrequentSequence, OperationCount, Usage, frequent_sequences, get_usage

__all__ = [
    "Aggregation",
    "Change",
    "ErrorClass",
    "ErrorCount",
    "Figures",
    "FrequentSequence",
    "Freshness",
    "Live",
    "LiveMinute",
    "LiveReading",
    "OperationCount",
    "Slice",
    "Summary",
    "Totals",
    "Usage",
    "aggregate_metrics",
    "frequent_sequences",
    "get_live",
    "get_summary",
    "get_usage",
    "minutes_since",
]
