"""Publishing: events leave for the topic `events`, a chunk a message, already without personal data."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.core.clients import publisher
from shared.core.clock import now
from shared.core.errors import Unavailable
from shared.core.settings import settings
from shared.events.privacy import analytics_allowed, sanitise, user_key
from shared.events.rows import Row, row_text, to_row
from shared.events.schema import Event

TOPIC = "events"
MAX_EVENTS = 500
"""BigQuery recommends no more rows in one insert."""
MAX_BYTES = 5_000_000
"""Of one message. Pub/Sub takes 10 MB, and pushes it base64-encoded."""
_TIMEOUT = 20.0


def publish_events(user_id: str | None, events: Sequence[Event]) -> bool:
    """Publish `events` of a user (None: of the system) and wait until they are safe in Pub/Sub.

    False if nothing was sent because analytics are off or the user has opted out. Raises Unavailable; then some of the events
    may have been sent, and the same call can be repeated: an event counts once."""
    received_at = now()  # Before the user is asked: what was received before they opted out is withheld by `ingest`.
    if not events or not analytics_allowed(user_id):
        return False
    publish_texts([row_text(row) for row in event_rows(user_id, events, received_at)])
    return True


def event_messages(user_id: str | None, events: Sequence[Event]) -> list[bytes]:
    """The messages that tell of `events`, for the outbox: sanitised, with the user hashed. Each published as it is, however
    often, counts once. None if there are no events, analytics are off or the user has opted out."""
    received_at = now()  # Before the user is asked: what was received before they opted out is withheld by `ingest`.
    if not events or not analytics_allowed(user_id):
        return []
    return list(_chunks([row_text(row) for row in event_rows(user_id, events, received_at)]))


def event_rows(user_id: str | None, events: Sequence[Event], received_at: datetime) -> list[Row]:
    """The rows of `events` of a user: sanitised, with the user hashed."""
    return [to_row(sanitise(event), received_at, *user_key(user_id, event.timestamp)) for event in events]


def publish_texts(texts: Sequence[str]) -> None:
    """Publish rows, given as text of JSON, and wait until they are safe in Pub/Sub.

    Raises Unavailable; then some of them may have been sent."""
    client = publisher()
    topic = client.topic_path(settings().project, TOPIC)
    futures = [client.publish(topic, message) for message in _chunks(texts)]
    try:
        for future in futures:
            future.result(timeout=_TIMEOUT)
    except Exception as error:  # The client's errors have no common root.
        raise Unavailable("The events could not be published. Send them again.") from error


def _chunks(texts: Sequence[str]) -> Iterator[bytes]:
    """Message bodies of up to 500 events and 5 MB, in order."""
    chunk: list[str] = []
    size = 0
    for text in texts:
        if chunk and (len(chunk) == MAX_EVENTS or size + len(text) > MAX_BYTES):
            yield _message(chunk)
            chunk, size = [], 0
        chunk.append(text)
        size += len(text) + 1
    if chunk:
        yield _message(chunk)


def _message(chunk: list[str]) -> bytes:
    return f'{{"events":[{",".join(chunk)}]}}'.encode()
