"""Insights: what the events add up to, live and by the hour."""

from shared.insights.aggregate import LOOK_BACK, Aggregation, aggregate_metrics
from shared.insights.days import DayInsights, Figure
from shared.insights.engine import AnalyticsEngine, AnalyticsSummary, Segment, Weakness
from shared.insights.figures import Figures, Freshness
from shared.insights.kpi import Category, Dimension, Direction, Kpi, Unit, UnknownKpi, kpi, kpis
from shared.insights.live import Live, LiveMinute, LiveReading, get_live, minutes_since
from shared.insights.measurement import Labels, Measurement
from shared.insights.measuring import measure
from shared.insights.monitor import Missed, PerformanceMonitor, SystemMetrics
from shared.insights.outlook import Outlook
from shared.insights.period import Period, Step
from shared.insights.sampling import sample_system
from shared.insights.summary import Change, ErrorClass, Slice, Summary, SummaryPoint, Totals, get_summary
from shared.insights.tracing import LeftOut, Trace, TracedRow, trace
from shared.insights.trends import Expected, Foreseen, KpiTrend, Oddity, Turn, trend_in, trends
from shared.insights.usage import ErrorCount, FrequentSequence, OperationCount, Usage, frequent_sequences, get_usage

__all__ = [
    "LOOK_BACK",
    "Aggregation",
    "AnalyticsEngine",
    "AnalyticsSummary",
    "Category",
    "Change",
    "DayInsights",
    "Dimension",
    "Direction",
    "ErrorClass",
    "ErrorCount",
    "Expected",
    "Figure",
    "Figures",
    "Foreseen",
    "FrequentSequence",
    "Freshness",
    "Kpi",
    "KpiTrend",
    "Labels",
    "LeftOut",
    "Live",
    "LiveMinute",
    "LiveReading",
    "Measurement",
    "Missed",
    "Oddity",
    "OperationCount",
    "Outlook",
    "PerformanceMonitor",
    "Period",
    "Segment",
    "Slice",
    "Step",
    "Summary",
    "SummaryPoint",
    "SystemMetrics",
    "Totals",
    "Trace",
    "TracedRow",
    "Turn",
    "Unit",
    "UnknownKpi",
    "Usage",
    "Weakness",
    "aggregate_metrics",
    "frequent_sequences",
    "get_live",
    "get_summary",
    "get_usage",
    "kpi",
    "kpis",
    "measure",
    "minutes_since",
    "sample_system",
    "trace",
    "trend_in",
    "trends",
]
