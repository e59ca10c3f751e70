"""Stored alerts: documents of `alert_instances`, read and changed."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from shared.alerts.history import keep_history
from shared.alerts.instances import OPEN, AlertInstance
from shared.core.clients import firestore_client
from shared.core.errors import NotFound

if TYPE_CHECKING:
    from google.cloud import firestore

log = logging.getLogger(__name__)

INSTANCES = "alert_instances"


@dataclass(frozen=True)
class StoredAlert:
    """An alert, and when its document was written as it is."""

    alert: AlertInstance
    written: Any


def open_alerts(
    rule_id: str | None = None, transaction: "firestore.Transaction | None" = None
) -> Iterator[StoredAlert]:
    """The alerts that are not resolved, of one rule or of all. A document that is no alert is left out and logged."""
    from google.cloud.firestore import FieldFilter

    query: Any = firestore_client().collection(INSTANCES)
    if rule_id is not None:
        query = query.where(filter=FieldFilter("ruleId", "==", rule_id))
    query = query.where(filter=FieldFilter("state", "in", [state.value for state in OPEN]))
    for snapshot in query.stream(transaction=transaction):
        try:
            yield StoredAlert(AlertInstance.model_validate(snapshot.to_dict()), snapshot.update_time)
        except ValidationError:
            log.exception("an alert is not valid", extra={"fields": {"alert": snapshot.id}})


def get_alert(alert_id: str) -> AlertInstance:
    """An alert, open or over. Raises NotFound."""
    return _parsed(alert_reference(alert_id).get())


def change_alert(alert_id: str, change: Callable[[AlertInstance], AlertInstance]) -> AlertInstance:
    """Put what `change` makes of an alert in its place, in a transaction. Raises NotFound, and what `change` raises."""
    from google.cloud import firestore

    @firestore.transactional
    def apply(transaction: "firestore.Transaction") -> AlertInstance:
        before = _parsed(alert_reference(alert_id).get(transaction=transaction))
        changed = change(before)
        transaction.set(alert_reference(alert_id), changed.document())
        keep_history(transaction, [(before, changed)])
        return changed

    return cast("AlertInstance", apply(firestore_client().transaction()))


def alert_reference(alert_id: str) -> Any:
    """Where an alert's document is."""
    return firestore_client().collection(INSTANCES).document(alert_id)


def _parsed(snapshot: Any) -> AlertInstance:
    document = snapshot.to_dict()
    if document is None:
        raise NotFound("There is no such alert.")
    return AlertInstance.model_validate(document)
