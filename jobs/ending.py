"""What is written together with the end of a job: its results as assets, and its events."""

from collections.abc import Sequence

from google.cloud import firestore

from shared.assets import Asset
from shared.core import outbox
from shared.events import Event, event_messages


def write_end(
    transaction: firestore.Transaction, user_id: str, events: Sequence[Event], assets: Sequence[Asset] = ()
) -> list[outbox.Message]:
    """Write the assets, each with its first version, and put the events in the outbox."""
    for asset in assets:
        transaction.set(asset.reference, asset.document())
        transaction.set(asset.reference.collection("versions").document("1"), asset.document())
    return [outbox.enqueue(transaction, "events", message) for message in event_messages(user_id, events)]
