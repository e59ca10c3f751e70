"""deliver_notifications: every minute, the notifications that are due."""

from dataclasses import asdict

import flask
import functions_framework

from shared.core.clock import now
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.notifications import deliver_due

configure_logs()


@functions_framework.http
@failures_counted("deliver_notifications")
@failures_counted("deliver_notifications")
def deliver_notifications(_request: flask.Request) -> dict[str, int]:
    """Send them."""
    return asdict(deliver_due(now()))
