"""ingest_events: a chunk of events waits in the topic `events`."""

import base64

import functions_framework
from cloudevents.http import CloudEvent

from shared.core.failing import failures_counted
from shared.core.logs import configure_logs, log_context
from shared.events import ingest

configure_logs()


@functions_framework.cloud_event
@failures_counted("ingest_events")
def ingest_events(event: CloudEvent) -> None:
    """Write them to BigQuery. An error leaves the message in Pub/Sub, which sends it again."""
    with log_context(eventId=event["id"]):
        ingest(base64.b64decode(event.data["message"].get("data", "")))
