"""Streams: server-sent events, as the HTML standard has them."""

from collections.abc import Iterable

from flask import Response
from pydantic import BaseModel

CONTENT_TYPE = "text/event-stream"


def retry_after(milliseconds: int) -> bytes:
    """What tells a client how long to wait before it comes back once the stream has ended."""
    return f"retry: {milliseconds}\n\n".encode()


def event(name: str, data: BaseModel, event_id: str | None = None) -> bytes:
    """One event. A client that comes back sends the last `event_id` that it has seen as Last-Event-ID."""
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {name}\ndata: {data.model_dump_json(by_alias=True)}\n\n".encode()


def stream(events: Iterable[bytes]) -> Response:
    """The events as they come; nothing on the way may keep them back, or keep them at all."""
    response = Response(events, content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response
