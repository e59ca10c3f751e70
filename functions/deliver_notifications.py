"""deliver_notifications: every minute, the notifications that are due."""

from dataclasses import asdict

import flask
import functions_framework

from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.notifications import deliver_for

configure_logs()

_SECONDS = 45.0


@functions_framework.http
@failures_counted("deliver_notifications")
@failures_counted("deliver_notifications")
def deliver_notifications(_request: flask.Request) -> dict[str, int]:
    """Send them, and those that come due before the next call."""
    return asdict(deliver_for(_SECONDS))
