"""Withholding: events that a user had sent before they opted out, or had theirs erased, and that are still on their way.

They carry the user's hash and nothing else, so the hash is what is noted, with the moment before which an event must have been
received not to be kept. Intake asks the user's profile; this is for `ingest`, up to a week later."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Unavailable

COLLECTION = "withheld_events"
SKEW = timedelta(minutes=1)
"""How far apart the clocks of our own machines may be."""
_REDELIVERED = timedelta(days=8)
"""Pub/Sub keeps an unacknowledged message for 7 days."""


def withhold(hashes: Iterable[str], until: datetime) -> None:
    """Keep out the events of these users that were received before `until`. Raises Unavailable."""
    from google.api_core.exceptions import GoogleAPIError

    client = firestore_client()
    batch = client.batch()
    for user_hash in hashes:
        note = {"until": until, "expireAt": now() + _REDELIVERED}
        batch.set(client.collection(COLLECTION).document(user_hash), note)
    try:
        batch.commit()
    except GoogleAPIError as error:
        raise Unavailable(f"Firestore does not answer: {error}") from error


def withheld_until(hashes: Iterable[str]) -> dict[str, datetime]:
    """Of these users those whose events are kept out, and the moment before which they were received. Raises Unavailable."""
    from google.api_core.exceptions import GoogleAPIError

    collection = firestore_client().collection(COLLECTION)
    references = [collection.document(user_hash) for user_hash in set(hashes)]
    try:
        found = list(firestore_client().get_all(references)) if references else []
    except GoogleAPIError as error:
        raise Unavailable(f"Firestore does not answer: {error}") from error
    return {note.id: datetime.fromtimestamp(note.get("until").timestamp(), UTC) for note in found if note.exists}
