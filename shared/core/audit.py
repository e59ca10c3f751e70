"""Audit: who changed what and when. Entries of `audit_log`, written in one transaction with the change."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.core.clients import firestore_client

if TYPE_CHECKING:
    from google.cloud.firestore import DocumentReference, Transaction

COLLECTION = "audit_log"
_STAMPS = {"created", "createdBy", "modified", "modifiedBy"}


def note_change(
    transaction: "Transaction",
    reference: "DocumentReference",
    by: str,
    at: datetime,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    """Write that `by` has created, changed or deleted the document, and which of its members are others now: not what they were,
    which may be addresses. None: there is none. What changes nothing is not written."""
    was, now_is = before or {}, after or {}
    changed = {name for name in {*was, *now_is} if was.get(name) != now_is.get(name)} - _STAMPS
    if not changed:
        return
    entry = {
        "subject": reference.path,
        "action": f"{reference.parent.id}.{'created' if before is None else 'deleted' if after is None else 'changed'}",
        "by": by,
        "at": at,
        "changed": sorted(changed),
    }
    transaction.set(firestore_client().collection(COLLECTION).document(), entry)
