"""Insights: what the events add up to, live and by the hour."""

from shared.insights.aggregate import Aggregation, aggregate_metrics
from shared.insights.figures import Figures, Freshness
from shared.insights.kpi import Category, Dimension, Direction, Kpi, Unit, UnknownKpi, kpi, kpis
from shared.insights.live import Live, LiveMinute, LiveReading, get_live, minutes_since
from shared.insights.measurement import Labels, Measurement
from shared.insights.measuring import measure
from shared.insights.period import Period, Step
from shared.insights.summary import Change, ErrorClass, Slice, Summary, SummaryPoint, Totals, get_summary
from shared.insights.tracing import LeftOut, Trace, TracedRow, trace
from shared.insights.usage import ErrorCount, FrequentSequence, OperationCount, Usage, frequent_sequences, get_usage

__all__ = [
    "Aggregation",
    "Category",
    "Change",
    "Dimension",
    "Direction",
    "ErrorClass",
    "ErrorCount",
    "Figures",
    "FrequentSequence",
    "Freshness",
    "Kpi",
    "Labels",
    "LeftOut",
    "Live",
    "LiveMinute",
    "LiveReading",
    "Measurement",
    "OperationCount",
    "Period",
    "Slice",
    "Step",
    "Summary",
    "SummaryPoint",
    "Totals",
    "Trace",
    "TracedRow",
    "Unit",
    "UnknownKpi",
    "Usage",
    "aggregate_metrics",
    "frequent_sequences",
    "get_live",
    "get_summary",
    "get_usage",
    "kpi",
    "kpis",
    "measure",
    "minutes_since",
    "trace",
]
