"""/v1/insights/live: what comes in now, younger than a second: once, or as a stream of server-sent events."""

import logging
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Response, request
from google.api_core.exceptions import GoogleAPIError
from pydantic import Field

from functions.http.answers import WireModel, answer
from functions.http.authentication import require_role
from functions.http.streams import event, retry_after, stream
from functions.resources.insights.resource import api
from shared.core.errors import RateLimited
from shared.core.principal import Role
from shared.insights import Live, LiveReading, minutes_since

log = logging.getLogger(__name__)

reading = LiveReading()

LONGEST = 50
"""Seconds of a stream: it ends by itself before the platform ends the request (infra/suite.yaml) in the middle of an event."""
MOST_STREAMS = 12
"""Streams of one process at once: each keeps one of its threads."""
LOOK_SECONDS = 0.4
QUIET_SECONDS = 5.0
"""The values are sent again after so long though they are the same: a display sees that it is connected, and how old they are."""
COME_BACK_MS = 500
_ID = "%Y-%m-%dT%H:%MZ"
_places = threading.BoundedSemaphore(MOST_STREAMS)


class StreamQuery(WireModel):
    """How long to listen."""

    seconds: int = Field(default=LONGEST, ge=1, le=LONGEST, description="When the stream ends")


class Ended(WireModel):
    """Why the stream has ended; who comes back with Last-Event-ID misses nothing."""

    reason: str = "Its time is over. Connect again with the last id as Last-Event-ID."


class Unreadable(WireModel):
    """The counters could not be read; the stream goes on trying."""

    detail: str = "The counters do not answer. What is shown is older than it says it is."


@api.get("/v1/insights/live", responses={200: Live})
def read_live() -> Response:
    """What has come in during this minute and the last one; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    return answer(reading.latest())


@api.get("/v1/insights/live/stream", responses={200: None})
def stream_live(query: StreamQuery) -> Response:
    """The same as server-sent events: `now` whenever it changes, `minute` when one is over, `end`; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    if not _places.acquire(blocking=False):
        raise RateLimited(f"{MOST_STREAMS} streams are open here already. Come back in a moment.", retry_after=5)
    response = stream(live_events(_last_id(request.headers.get("Last-Event-ID")), query.seconds))
    response.call_on_close(_places.release)
    return response


def live_events(told: datetime | None, seconds: float) -> Iterator[bytes]:
    """The events of a stream of so many seconds, for who knows all minutes up to the one that starts at `told`."""
    over = time.monotonic() + seconds
    sent, sent_at = None, 0.0
    yield retry_after(COME_BACK_MS)
    while (moment := time.monotonic()) < over:
        try:
            live = reading.latest()
            if told is None or told > live.last.minute:
                told = live.last.minute
            for minute in minutes_since(told) if told < live.last.minute else ():
                told = minute.minute
                yield event("minute", minute, told.strftime(_ID))
            if (live.present, live.last) != sent or moment - sent_at > QUIET_SECONDS:
                sent, sent_at = (live.present, live.last), moment
                yield event("now", live, told.strftime(_ID))
        except GoogleAPIError as error:
            log.warning("the live counters do not answer: %s", error)
            yield event("unreadable", Unreadable())
        time.sleep(max(0.0, min(LOOK_SECONDS, over - time.monotonic())))
    yield event("end", Ended())


def _last_id(given: str | None) -> datetime | None:
    """The minute that an id of ours names; None for anything else, as for who comes for the first time."""
    try:
        return datetime.strptime(given or "", _ID).replace(tzinfo=UTC)
    except ValueError:
        return None
