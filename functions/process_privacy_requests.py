"""process_privacy_requests: every five minutes, what users want erased and is not yet gone everywhere."""

from dataclasses import asdict

import flask
import functions_framework

from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.privacy import process_requests

configure_logs()


@functions_framework.http
@failures_counted("process_privacy_requests")
def process_privacy_requests(_request: flask.Request) -> dict[str, int]:
    """Carry the requests on that are due."""
    return asdict(process_requests())
