"""Saving: every save becomes a version, or, where its precondition does not hold, a conflict. None is lost."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from google.cloud import firestore

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Conflict as StateConflict
from shared.core.errors import PreconditionFailed
from shared.core.versions import CurrentCheck
from shared.kompositions.errors import SaveConflict
from shared.kompositions.store.content import keep_content, keep_original
from shared.kompositions.store.document import (
    Fork,
    KompositionDocument,
    KompositionSummary,
    Metadata,
    conflict_reference,
    komposition_reference,
    parse_summary,
    trash_reference,
    version_reference,
)
from shared.kompositions.store.reading import SUMMARY_FIELDS, Read, get_document

UNTITLED = "Untitled"


@dataclass(frozen=True)
class Draft:
    """What a save is to leave behind. A title or description of None stays as it was, or is the komposition's own.

    `labels` has the fields `tags` and `project_id` where they shall change."""

    read: Read
    platform: str
    author: str
    title: str | None = None
    description: str | None = None
    message: str = ""
    labels: Mapping[str, Any] = field(default_factory=dict)
    forked_from: Fork | None = None


def save(user_id: str, komposition_id: str, draft: Draft, check: CurrentCheck | None) -> KompositionDocument:
    """Write the first or next version.

    Raises SaveConflict where `check` refuses what is there (the content is kept then), PreconditionFailed where it refuses that
    nothing is, and Conflict for an id that is in the trash."""
    content = draft.read.komposition.to_json()
    folder = komposition_reference(user_id, komposition_id).path
    kept = keep_content(folder, content)
    original = keep_original(folder, draft.read.original) if draft.read.original else {}
    written = _transact(user_id, komposition_id, draft, (kept.fields, original), check)
    kept.confirm()
    if isinstance(written, SaveConflict):
        raise written
    return KompositionDocument(**dict(written), komposition=content)


def create(user_id: str, komposition_id: str, draft: Draft) -> KompositionDocument:
    """Write the first version under an id made for it. Done again, it finds what it did the first time."""
    if komposition_reference(user_id, komposition_id).get(["id"]).exists:
        return get_document(user_id, komposition_id)
    return save(user_id, komposition_id, draft, None)


def _transact(
    user_id: str,
    komposition_id: str,
    draft: Draft,
    kept: tuple[dict[str, Any], dict[str, Any]],
    check: CurrentCheck | None,
) -> KompositionSummary | SaveConflict:
    """`kept` are the fields that name the content, and those that name the original, which only versions have."""
    reference = komposition_reference(user_id, komposition_id)
    trash = trash_reference(user_id, komposition_id)
    content, original = kept

    @firestore.transactional
    def write(transaction: firestore.Transaction) -> KompositionSummary | SaveConflict:
        stored = reference.get(SUMMARY_FIELDS, transaction=transaction).to_dict()
        trashed = None if stored else trash.get(SUMMARY_FIELDS, transaction=transaction).to_dict()
        current = parse_summary(stored) if stored else None
        refusal = _refusal(current, check)
        if refusal is not None and (stored or trashed):
            there = parse_summary(stored or trashed or {})
            return _keep_refused(transaction, there, draft, {**content, **original}, refusal)
        if refusal is not None:
            raise refusal
        if trashed is not None:
            raise StateConflict(f"Komposition {komposition_id} is in the trash. Restore it, or choose another id.")
        after = _next(user_id, komposition_id, current, draft)
        document = {**after.fields(), **content}
        transaction.set(reference, document)
        version = version_reference(user_id, komposition_id, after.metadata.version)
        transaction.create(version, {**document, **original})
        return after

    written: KompositionSummary | SaveConflict = write(firestore_client().transaction())
    return written


def _refusal(current: KompositionSummary | None, check: CurrentCheck | None) -> PreconditionFailed | None:
    try:
        if check is not None:
            check(current.etag if current else None)
    except PreconditionFailed as refusal:
        return refusal
    return None


def _next(user_id: str, komposition_id: str, current: KompositionSummary | None, draft: Draft) -> KompositionSummary:
    moment = now()
    told = draft.read.komposition
    metadata = Metadata(
        created=current.metadata.created if current else moment,
        modified=moment,
        version=current.metadata.version + 1 if current else 1,
        platform=draft.platform,
        author=draft.author,
        message=draft.message,
    )
    before = current or KompositionSummary(
        id=komposition_id,
        user_id=user_id,
        title=(told.title or UNTITLED)[:200],
        description=told.description or "",
        metadata=metadata,
        forked_from=draft.forked_from,
    )
    named = {"title": draft.title, "description": draft.description}
    changes = {name: value for name, value in named.items() if value is not None}
    return before.model_copy(update={**changes, **draft.labels, "metadata": metadata})


def _keep_refused(
    transaction: firestore.Transaction,
    current: KompositionSummary,
    draft: Draft,
    content: dict[str, Any],
    refusal: PreconditionFailed,
) -> SaveConflict:
    """Keep what was refused. The same save refused again is the same conflict: its id comes from what it holds."""
    wanted = _next(current.user_id, current.id, current, draft)
    metadata = wanted.metadata.model_copy(update={"version": current.metadata.version})
    identity = [wanted.title, wanted.description, wanted.metadata.message, draft.read.komposition.to_json()]
    conflict_id = f"conflict-{hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:20]}"
    fields = wanted.model_copy(update={"metadata": metadata, "deleted_at": None}).fields()
    reference = conflict_reference(current.user_id, current.id, conflict_id)
    transaction.set(reference, {**fields, **content, "conflictId": conflict_id})
    detail = f"{refusal.detail} What you sent is kept as {conflict_id}: compare it, and restore or delete it."
    return SaveConflict(detail, komposition_id=current.id, conflict_id=conflict_id)
