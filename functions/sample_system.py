"""sample_system: every minute, the length of the queues, the age of what waits in them, and the functions that failed."""

import flask
import functions_framework

from shared.core.clock import now
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.insights import sample_system as sample

configure_logs()


@functions_framework.http
@failures_counted("sample_system")
def sample_system(_request: flask.Request) -> dict[str, int]:
    """Sample them."""
    return {"samples": sample(now())}
