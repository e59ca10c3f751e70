"""Events for tests, and their way into BigQuery."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shared.core.ids import new_id
from shared.events import Context, Event, EventType, Metrics, Operation, Platform, event_messages, ingest

_TOGETHER = 200


def operation(
    at: datetime,
    kind: str = "trim",
    *,
    success: bool | None = True,
    ms: float | None = 100,
    session: str | None = None,
    event_id: str | None = None,
    **fields: Any,
) -> Event:
    """An operation that ended at `at`."""
    error_code = fields.pop("error_code", None)
    return Event(
        event_id=event_id or new_id(),
        timestamp=at,
        platform=fields.pop("platform", Platform.MCP),
        event_type=EventType.OPERATION,
        operation=Operation(type=kind),
        metrics=Metrics(success=success, processing_time=ms, error_code=error_code),
        context=Context(session_id=session) if session else None,
        **fields,
    )


def tell(user_id: str | None, *events: Event) -> None:
    """Take the events in as `ingest_events` does."""
    for message in event_messages(user_id, events):
        assert ingest(message).invalid == 0


def tell_all(told: Iterable[tuple[str | None, Iterable[Event]]]) -> None:
    """Take events of many users in together, which is as good and much faster than one user after the other."""
    messages = [message for user_id, events in told for message in event_messages(user_id, list(events))]
    rows = [row for message in messages for row in json.loads(message)["events"]]
    for first in range(0, len(rows), _TOGETHER):
        assert ingest(json.dumps({"events": rows[first : first + _TOGETHER]}).encode()).invalid == 0
