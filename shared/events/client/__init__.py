"""The collector client: tells Kompo which operations were run, how they went and what they took.

Standard library only, and nothing of Kompo beside it: installed alone it is the distribution `kompo-events`, imported as
`kompo_events`. No call waits for the network or a disk, and none raises.
"""

from .collector import AnalyticsCollector
from .configuration import Configuration
from .measuring import Measured
from .reports import ErrorCount, OperationCount, OperationSequencePattern, ReportProblem, UsageStatistics
from .service import AnalyticsService
from .tally import Stats

__all__ = [
    "AnalyticsCollector",
    "AnalyticsService",
    "Configuration",
    "ErrorCount",
    "Measured",
    "OperationCount",
    "OperationSequencePattern",
    "ReportProblem",
    "Stats",
    "UsageStatistics",
]
