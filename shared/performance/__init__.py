"""Performance: what operations take and when they fail, learnt from everybody's runs."""

from shared.performance.errors import NothingLearnt
from shared.performance.expectation import Expectation, Range, expect
from shared.performance.learning import learn
from shared.performance.model import ModelCard, OperationModel, PerformanceModel, Rate, Risk
from shared.performance.planning import PlannedOperation, plan_operation
from shared.performance.store import current_model, keep_model
from shared.performance.suggestions import Suggestion, suggestions

__all__ = [
    "Expectation",
    "ModelCard",
    "NothingLearnt",
    "OperationModel",
    "PerformanceModel",
    "PlannedOperation",
    "Range",
    "Rate",
    "Risk",
    "Suggestion",
    "current_model",
    "expect",
    "keep_model",
    "learn",
    "plan_operation",
    "suggestions",
]
