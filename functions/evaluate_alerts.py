"""evaluate_alerts: every minute, the alert rules."""

import flask
import functions_framework

from shared.alerts import AlertManager
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs

configure_logs()


@functions_framework.http
@failures_counted("evaluate_alerts")
def evaluate_alerts(_request: flask.Request) -> dict[str, int]:
    """Evaluate them, and move their alerts on."""
    done = AlertManager().check_alerts()
    return {"evaluated": done.evaluated, "breached": done.breached, "changed": len(done.changed)}
