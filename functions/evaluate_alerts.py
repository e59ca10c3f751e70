"""evaluate_alerts: every minute, the alert rules, and whom to tell of their alerts."""

import flask
import functions_framework

from shared.alerts import AlertManager
from shared.core.clock import now
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.notifications import deliver_due

configure_logs()


@functions_framework.http
@failures_counted("evaluate_alerts")
def evaluate_alerts(_request: flask.Request) -> dict[str, int]:
    """Evaluate them, move their alerts on, and tell those who are to be told by now; also of older alerts when the rules cannot
    be evaluated."""
    manager = AlertManager()
    try:
        done = manager.check_alerts()
    finally:
        told = manager.process_escalations()
        delivered = deliver_due(now()).delivered if told.sent else 0
    return {
        "evaluated": done.evaluated,
        "breached": done.breached,
        "changed": len(done.changed),
        "failed": len(done.failed),
        "notifications": told.notifications,
        "suppressed": told.suppressed,
        "delivered": delivered,
    }
