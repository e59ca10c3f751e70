"""register_upload: an object is complete in the media bucket."""

import functions_framework
from cloudevents.http import CloudEvent

from shared.assets import register_upload as register
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs, log_context

configure_logs()


@functions_framework.cloud_event
@failures_counted("register_upload")
def register_upload(event: CloudEvent) -> None:
    """Probe the object and make its asset ready or failed."""
    data = event.data
    with log_context(eventId=event["id"]):
        register(
            bucket=data["bucket"],
            name=data["name"],
            generation=int(data["generation"]),
            size=int(data["size"]),
            content_type=data.get("contentType", "application/octet-stream"),
        )
