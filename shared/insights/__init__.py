"""Insights: what the events add up to, live and by the hour."""

from shared.insights.aggregate import Aggregation, aggregate_metrics
from shared.insights.kpi import Category, Dimension, Direction, Kpi, Unit, UnknownKpi, kpi, kpis
from shared.insights.measurement import Labels, Measurement
from shared.insights.measuring import measure
from shared.insights.period import Period, Step
from shared.insights.summary import Change, ErrorClass, Freshness, Slice, Summary, Totals, get_summary
from shared.insights.usage import ErrorCount, FrequentSequence, OperationCount, Usage, frequent_sequences, get_usage

__all__ = [
    "Aggregation",
    "Category",
    "Change",
    "Dimension",
    "Direction",
    "ErrorClass",
    "ErrorCount",
    "FrequentSequence",
    "Freshness",
    "Kpi",
    "Labels",
    "Measurement",
    "OperationCount",
    "Period",
    "Slice",
    "Step",
    "Summary",
    "Totals",
    "Unit",
    "UnknownKpi",
    "Usage",
    "aggregate_metrics",
    "frequent_sequences",
    "get_summary",
    "get_usage",
    "kpi",
    "kpis",
    "measure",
]
