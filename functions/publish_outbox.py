"""publish_outbox: every minute, the messages that a killed process has left in the outbox."""

import flask
import functions_framework

from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.core.outbox import publish_pending

configure_logs()


@functions_framework.http
@failures_counted("publish_outbox")
def publish_outbox(_request: flask.Request) -> dict[str, int]:
    """Publish what waits."""
    return {"published": publish_pending()}
