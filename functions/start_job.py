"""start_job: a job waits in one of the queues."""

import base64
import logging

import functions_framework
from cloudevents.http import CloudEvent

from shared.core.errors import InvalidInput
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs, log_context
from shared.jobs import start_job as start

configure_logs()
log = logging.getLogger(__name__)


@functions_framework.cloud_event
@failures_counted("start_job")
def start_job(event: CloudEvent) -> None:
    """Start an execution of the job's Cloud Run job. A message that can never be understood is logged and let go."""
    with log_context(eventId=event["id"]):
        try:
            start(base64.b64decode(event.data["message"].get("data", "")))
        except InvalidInput:
            log.exception("a message that names no job")
