"""evaluate_alerts: every minute, the alert rules, and whom to tell of their alerts."""

import time
from datetime import datetime, timedelta

import flask
import functions_framework

from shared.alerts import AlertManager
from shared.core.clock import now
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.notifications import deliver_due

configure_logs()

WAITS = timedelta(seconds=45)
"""Until when after its begin it waits for what is to be told: by then the next call is near."""


@functions_framework.http
@failures_counted("evaluate_alerts")
def evaluate_alerts(_request: flask.Request) -> dict[str, int]:
    """Evaluate them, move their alerts on, and tell those who are to be told by now; also of older alerts when the rules cannot
    be evaluated."""
    manager, until = AlertManager(), now() + WAITS
    try:
        done = manager.check_alerts()
    finally:
        told = _tell(manager, until)
    return {
        "evaluated": done.evaluated,
        "breached": done.breached,
        "changed": len(done.changed),
        "failed": len(done.failed),
        **told,
    }


def _tell(manager: AlertManager, until: datetime) -> dict[str, int]:
    """Tell what is to be told by now, and in time what is to be told by `until`: a group that waits for half a minute is not kept
    for the next evaluation."""
    notifications = delivered = 0
    while True:
        told = manager.process_escalations()
        notifications += told.notifications
        delivered += deliver_due(now()).delivered if told.sent else 0
        if told.next_at is None or told.next_at > until:
            return {"notifications": notifications, "suppressed": told.suppressed, "delivered": delivered}
        time.sleep(max(0.0, (told.next_at - now()).total_seconds()))
