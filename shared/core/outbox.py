"""Outbox: messages written in the transaction that they tell of, so that neither is ever there without the other.

The writer publishes right after its commit; what a killed process leaves behind, `publish_pending` picks up. A message can
thus go out twice, and never not at all.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from shared.core.clients import firestore_client, publisher
from shared.core.clock import now
from shared.core.ids import new_id
from shared.core.settings import settings

if TYPE_CHECKING:
    from google.cloud import firestore

log = logging.getLogger(__name__)

COLLECTION = "outbox"
PUBLISH_TIMEOUT = 10.0
GRACE = timedelta(seconds=5)
"""How long a message is left to the process that wrote it."""
_SWEEP = 500


@dataclass(frozen=True)
class Message:
    """A message for a Pub/Sub topic of the manifest."""

    topic: str
    data: bytes
    id: str


def enqueue(transaction: "firestore.Transaction", topic: str, data: bytes) -> Message:
    """Write a message in `transaction`. Publish the result with `publish` once the transaction is committed."""
    message = Message(topic, data, new_id())
    reference = firestore_client().collection(COLLECTION).document(message.id)
    transaction.create(reference, {"topic": topic, "data": data, "createdAt": now()})
    return message


def publish(*messages: Message) -> int:
    """Publish committed messages and strike them off. What fails stays for `publish_pending`. Returns how many went out."""
    client = publisher()
    sending = [
        (
            message,
            client.publish(client.topic_path(settings().project, message.topic), message.data, outboxId=message.id),
        )
        for message in messages
    ]
    sent = 0
    for message, future in sending:
        try:
            future.result(timeout=PUBLISH_TIMEOUT)
        except Exception:  # The client's errors have no common root; the message is safe in the outbox.
            log.exception(
                "could not publish: the message stays in the outbox", extra={"fields": {"outboxId": message.id}}
            )
            continue
        firestore_client().collection(COLLECTION).document(message.id).delete()
        sent += 1
    return sent


def publish_pending() -> int:
    """Publish what has waited longer than GRACE, oldest first, at most 500 messages. Returns how many went out."""
    from google.cloud.firestore import FieldFilter

    collection = firestore_client().collection(COLLECTION)
    waiting = collection.where(filter=FieldFilter("createdAt", "<", now() - GRACE)).order_by("createdAt").limit(_SWEEP)
    return publish(*(Message(doc.get("topic"), doc.get("data"), doc.id) for doc in waiting.stream()))
