"""What changes without making a version: who may read, the tags, and the project."""

from typing import Any

from google.cloud import firestore

from shared.core.clients import firestore_client
from shared.core.versions import CurrentCheck
from shared.kompositions.store.document import KompositionSummary, komposition_reference, parse_summary
from shared.kompositions.store.reading import SUMMARY_FIELDS, no_komposition


def change_labels(
    user_id: str, komposition_id: str, labels: dict[str, Any], check: CurrentCheck | None
) -> KompositionSummary:
    """Set `tags`, `project_id` or `sharing`. Raises NotFound, and what `check` raises."""
    reference = komposition_reference(user_id, komposition_id)

    @firestore.transactional
    def change(transaction: firestore.Transaction) -> KompositionSummary:
        stored = reference.get(SUMMARY_FIELDS, transaction=transaction).to_dict()
        if stored is None:
            raise no_komposition(komposition_id)
        current = parse_summary(stored)
        if check is not None:
            check(current.etag)
        after = current.model_copy(update=labels)
        told = after.fields()
        kept = {name: told.get(name, firestore.DELETE_FIELD) for name in ("sharing", "tags", "projectId")}
        transaction.update(reference, kept)
        return after

    changed: KompositionSummary = change(firestore_client().transaction())
    return changed


def leave_project(user_id: str, project_id: str) -> None:
    """Take every komposition of the user out of a project."""
    kompositions = firestore_client().collection("users", user_id, "kompositions")
    query: Any = kompositions.where(filter=firestore.FieldFilter("projectId", "==", project_id)).select([])
    for snapshot in query.stream():
        snapshot.reference.update({"projectId": firestore.DELETE_FIELD})
