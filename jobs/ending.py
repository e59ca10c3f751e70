"""What is written together with the end of a job: its results as assets, and its events."""

from collections.abc import Sequence

from google.cloud import firestore

from shared.assets import Asset
from shared.core import outbox
from shared.events import Event, analytics_allowed, event_messages
from shared.insights import PerformanceMonitor


def write_end(
    transaction: firestore.Transaction, user_id: str, events: Sequence[Event], assets: Sequence[Asset] = ()
) -> list[outbox.Message]:
    """Write the assets, each with its first version, put the events in the outbox, and tell the monitor what was generated:
    unless the user does not want to be watched."""
    for asset in assets:
        transaction.set(asset.reference, asset.document())
        transaction.set(asset.reference.collection("versions").document("1"), asset.document())
    messages = event_messages(user_id, events)
    for event in events if messages else ():
        if event.generation is not None:
            PerformanceMonitor().update_generation_metrics(event, transaction)
    return [outbox.enqueue(transaction, "events", message) for message in messages]


def generation_begun(user_id: str, event_id: str, operation: str, provider: str) -> None:
    """Tell the monitor that a generation begins, which will end with an event of this id: under the same condition."""
    if analytics_allowed(user_id):
        PerformanceMonitor().record_generation_metrics(event_id, operation, provider)
