"""send_reports: every five minutes, the reports that are due, also those that an outage has kept."""

from dataclasses import asdict

import flask
import functions_framework

from shared.core.clock import now
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.insights.reports import send_due

configure_logs()


@functions_framework.http
@failures_counted("send_reports")
def send_reports(_request: flask.Request) -> dict[str, int]:
    """Send them."""
    return asdict(send_due(now()))
