"""aggregate_metrics: every five minutes, the hours that have new events, and what became of those that were sent."""

import flask
import functions_framework

from shared.core.clock import now
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.events import roll_up_outcomes
from shared.insights import aggregate_metrics as aggregate

configure_logs()


@functions_framework.http
@failures_counted("aggregate_metrics")
def aggregate_metrics(_request: flask.Request) -> dict[str, int]:
    """Compute their metrics."""
    outcomes = roll_up_outcomes(now())
    done = aggregate(now())
    return {"hours": len(done.hours), "documents": done.documents, "outcomes": outcomes}
