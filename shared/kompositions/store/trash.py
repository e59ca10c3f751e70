"""The trash: a deleted komposition waits there for 30 days, its versions where they were, and can be taken back.

Its document moves to a collection of its own, so that nothing that lists or shares kompositions can ever see it. No TTL policy of
Firestore empties it: that would take the document alone, and leave its versions and files."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from google.cloud import firestore
from google.cloud.firestore import DocumentReference, FieldFilter

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import NotFound
from shared.core.versions import CurrentCheck
from shared.kompositions.store.content import delete_content
from shared.kompositions.store.document import (
    KompositionSummary,
    komposition_reference,
    parse_summary,
    trash_reference,
)
from shared.kompositions.store.reading import no_komposition

KEPT = timedelta(days=30)
"""How long a deleted komposition can be taken back."""
_BATCH = 400
"""Writes in one commit; Firestore takes 500."""
_COLLECTIONS = ("versions", "conflicts")


def move_to_trash(user_id: str, komposition_id: str, check: CurrentCheck | None) -> None:
    """Delete a komposition. Raises NotFound, and what `check` raises."""
    reference, trash = komposition_reference(user_id, komposition_id), trash_reference(user_id, komposition_id)

    @firestore.transactional
    def move(transaction: firestore.Transaction) -> None:
        stored = reference.get(transaction=transaction).to_dict()
        if stored is None:
            raise no_komposition(komposition_id)
        if check is not None:
            check(parse_summary(stored).etag)
        transaction.set(trash, {**stored, "deletedAt": now()})
        transaction.delete(reference)

    move(firestore_client().transaction())


def take_back(user_id: str, komposition_id: str) -> KompositionSummary:
    """Take a komposition out of the trash. One that is not in it any more is left as it is. Raises NotFound."""
    reference, trash = komposition_reference(user_id, komposition_id), trash_reference(user_id, komposition_id)

    @firestore.transactional
    def move(transaction: firestore.Transaction) -> KompositionSummary:
        trashed = trash.get(transaction=transaction).to_dict()
        if trashed is None or "purging" in trashed:
            stored = reference.get(transaction=transaction).to_dict()
            if stored is None:
                raise NotFound(f"There is no komposition {komposition_id} in the trash.")
            return parse_summary(stored)
        del trashed["deletedAt"]
        transaction.set(reference, trashed)
        transaction.delete(trash)
        return parse_summary(trashed)

    restored: KompositionSummary = move(firestore_client().transaction())
    return restored


def purge(user_id: str, komposition_id: str) -> None:
    """Delete what is in the trash for good, with its versions, conflicts and files. Raises NotFound.

    From the first step on it cannot be taken back; killed half way, it is finished by the next call."""
    trash = trash_reference(user_id, komposition_id)

    @firestore.transactional
    def begin(transaction: firestore.Transaction) -> None:
        if not trash.get(["id"], transaction=transaction).exists:
            raise NotFound(f"There is no komposition {komposition_id} in the trash.")
        transaction.update(trash, {"purging": True})

    begin(firestore_client().transaction())
    reference = komposition_reference(user_id, komposition_id)
    delete_content(reference.path)
    for name in _COLLECTIONS:
        _delete_all(reference.collection(name).list_documents(page_size=_BATCH))
    trash.delete()


def empty_trash(moment: datetime | None = None) -> int:
    """Purge what has been in the trash for 30 days; how many that were."""
    before = (moment or now()) - KEPT
    expired: Any = firestore_client().collection_group("trash").where(filter=FieldFilter("deletedAt", "<=", before))
    purged = 0
    for snapshot in list(expired.order_by("deletedAt").select(["userId", "id"]).limit(_BATCH).stream()):
        try:
            purge(snapshot.get("userId"), snapshot.get("id"))
        except NotFound:
            continue  # Another run has been faster.
        purged += 1
    return purged


def _delete_all(references: Iterator[DocumentReference]) -> None:
    client = firestore_client()
    waiting = list(references)
    for start in range(0, len(waiting), _BATCH):
        batch = client.batch()
        for reference in waiting[start : start + _BATCH]:
            batch.delete(reference)
        batch.commit()
