"""aggregate_metrics: every five minutes, the hours that have new events."""

import flask
import functions_framework

from shared.core.clock import now
from shared.core.logs import configure_logs
from shared.insights import aggregate_metrics as aggregate

configure_logs()


@functions_framework.http
def aggregate_metrics(_request: flask.Request) -> dict[str, int]:
    """Compute their metrics."""
    done = aggregate(now())
    return {"hours": len(done.hours), "documents": done.documents}
