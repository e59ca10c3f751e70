"""Rebuilding: what was computed from events that are gone is computed anew from those that are left."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from shared.core.clock import now
from shared.events import run_query
from shared.insights import AnalyticsEngine, aggregate_metrics
from shared.patterns import PatternAnalyzer
from shared.patterns.recommending import train
from shared.performance import keep_model, learn

PER_PERSON = ("operation_histories",)
"""Collections of what was computed for one user, whose documents are named by the user's hash: those are deleted."""
_HERE = Path(__file__).parent


def rebuild_metrics(since: datetime) -> int:
    """The hours since `since` whose events are others now. How many were computed. Raises Unavailable."""
    moment = now()
    return len(aggregate_metrics(moment, moment - since + timedelta(hours=1)).hours)


def rebuild_insights(since: datetime) -> int:
    """What is told of the days since `since` whose hours are others now. How many documents were computed. Raises Unavailable."""
    moment = now()
    days = (moment - since).days + 2
    return AnalyticsEngine().bring_up_to_date(since, moment, most=days, known=True)


def rebuild_patterns(since: datetime) -> int:
    """The patterns and the templates; nights since `since` are forgotten. How many patterns there are now. Raises Unavailable."""
    run_query(_HERE / "forget_patterns.sql", {"since": since})
    analyzer = PatternAnalyzer()
    patterns = analyzer.analyze_operation_sequences()
    analyzer.generate_templates(patterns)
    return len(patterns)


def rebuild_recommenders(_since: datetime) -> int:
    """What is recommended next, from the events of the last 90 days. 1 if there is a new recommender. Raises Unavailable."""
    return int(train() is not None)


def rebuild_performance(_since: datetime) -> int:
    """What operations take, from the events of the last 90 days. Of how many operations it is known. Raises Unavailable."""
    model = learn(now())
    keep_model(model)
    return len(model.operations)


REBUILDS: Mapping[str, Callable[[datetime], int]] = {
    "metrics": rebuild_metrics,
    "insights": rebuild_insights,
    "patterns": rebuild_patterns,
    "recommenders": rebuild_recommenders,
    "performance": rebuild_performance,
}
"""What is computed from events, in the order in which it is computed anew; each gives a number for the receipt. Done again, each
gives the same. The live counters are not among them: sums without users, gone after two days."""
