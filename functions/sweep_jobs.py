"""sweep_jobs: every minute, the jobs that have lost their worker or their message, and those whose next attempt is due."""

from dataclasses import asdict

import flask
import functions_framework

from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.jobs import sweep_jobs as sweep

configure_logs()


@functions_framework.http
@failures_counted("sweep_jobs")
def sweep_jobs(_request: flask.Request) -> dict[str, int]:
    """Queue them again, or fail those that were tried often enough."""
    return asdict(sweep())
