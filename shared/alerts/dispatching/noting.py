"""Noting: what an alert keeps of its notifications, and of what holds it back, in its document."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from shared.alerts.instances import AlertInstance
from shared.alerts.stored import alert_reference
from shared.alerts.telling import Suppression, Told
from shared.core.clients import firestore_client

if TYPE_CHECKING:
    from google.cloud import firestore

MOST_KEPT = 100
"""Notifications that an alert keeps: the last. All are in `alert_notifications`."""
_TOGETHER = 100


def note_told(alert_ids: Sequence[str], told: Told) -> None:
    """Add a notification to its alerts, once."""
    for first in range(0, len(alert_ids), _TOGETHER):
        _note(alert_ids[first : first + _TOGETHER], told)


def note_suppressions(alerts: Collection[AlertInstance], suppressions: Mapping[str, tuple[Suppression, ...]]) -> None:
    """Write what holds each of the alerts back, where it is not what was before."""
    changed = [alert for alert in alerts if suppressions.get(alert.id, ()) != alert.suppressed_by]
    for first in range(0, len(changed), _TOGETHER):
        batch = firestore_client().batch()
        for alert in changed[first : first + _TOGETHER]:
            held = [each.model_dump(by_alias=True) for each in suppressions.get(alert.id, ())]
            batch.update(alert_reference(alert.id), {"suppressedBy": held})
        batch.commit()


def _note(alert_ids: Sequence[str], told: Told) -> None:
    from google.cloud import firestore

    client = firestore_client()

    @firestore.transactional
    def add(transaction: "firestore.Transaction") -> None:
        found = client.get_all([alert_reference(each) for each in alert_ids], transaction=transaction)
        for snapshot in [each for each in found if each.exists]:
            before: list[dict[str, Any]] = (snapshot.to_dict() or {}).get("notifications", [])
            if told.key not in [each["key"] for each in before]:
                after = [*before, _document(told)][-MOST_KEPT:]
                transaction.update(snapshot.reference, {"notifications": after})

    add(client.transaction())


def _document(told: Told) -> dict[str, Any]:
    return {**told.model_dump(by_alias=True), "to": list(told.to), "missed": list(told.missed)}
