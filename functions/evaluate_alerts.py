"""evaluate_alerts: every minute, the alert rules."""

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
    """Evaluate them, move their alerts on, and tell those who are to be told; that goes on though an evaluation fails."""
    manager = AlertManager()
    try:
        done = manager.check_alerts()
    finally:
        manager.process_escalations()
        deliver_due(now())
    counts = {"evaluated": done.evaluated, "breached": done.breached, "changed": len(done.changed)}
    return {**counts, "failed": len(done.failed)}
