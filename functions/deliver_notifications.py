"""deliver_notifications: every minute, the notifications that are due."""

from dataclasses import asdict

import flask
import functions_framework

from shared.alerts import AlertManager
from shared.core.clock import now
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.notifications import deliver_due

configure_logs()


@functions_framework.http
@failures_counted("deliver_notifications")
@failures_counted("deliver_notifications")
def deliver_notifications(_request: flask.Request) -> dict[str, int]:
    """Send them. That nobody evaluates the alert rules any more would go unsaid, were it not looked for here."""
    if AlertManager().watch_evaluation().changed:
        AlertManager().process_escalations()
    return asdict(deliver_due(now()))
