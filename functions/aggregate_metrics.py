"""aggregate_metrics: every five minutes, the hours and days that have new events, what became of those that were sent, and
the pages that dashboards open with."""

import flask
import functions_framework

from shared.core.clock import now
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.events import roll_up_outcomes
from shared.insights import LOOK_BACK, AnalyticsEngine, PerformanceMonitor
from shared.insights import aggregate_metrics as aggregate

configure_logs()


@functions_framework.http
@failures_counted("aggregate_metrics")
def aggregate_metrics(_request: flask.Request) -> dict[str, int]:
    """Compute their metrics. Where nothing happens there is nothing to be quick about: no page is made then."""
    from shared.insights.dashboard import keep_standard_pages

    at = now()
    outcomes = roll_up_outcomes(at)
    done = aggregate(at)
    monitor = PerformanceMonitor()
    monitor.calculate_system_metrics(at)
    missed = monitor.check_performance_alerts(at)
    days = AnalyticsEngine().bring_up_to_date(at - LOOK_BACK, at)
    return {
        "hours": len(done.hours),
        "documents": done.documents,
        "outcomes": outcomes,
        "days": days,
        "missed": len(missed),
        "pages": keep_standard_pages() if done.hours else 0,
    }
