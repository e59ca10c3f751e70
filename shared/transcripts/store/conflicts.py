"""Conflicts: saves that came too late. What somebody wrote is kept beside the transcript until they have looked at it."""

import hashlib

from google.cloud import firestore

from shared.core.errors import NotFound, PreconditionFailed
from shared.core.packed import Packed
from shared.transcripts.store.document import (
    SUMMARY_FIELDS,
    StoredTranscript,
    TranscriptSummary,
    content_fields,
    parse_summary,
    parse_transcript,
    transcript_reference,
)


class TranscriptConflict(PreconditionFailed):
    """Somebody had saved before; what was to be saved is kept as `conflict_id`."""

    def __init__(self, detail: str, *, transcript_id: str, conflict_id: str) -> None:
        super().__init__(detail)
        self.transcript_id = transcript_id
        self.conflict_id = conflict_id


def keep_refused(
    transaction: firestore.Transaction,
    current: TranscriptSummary,
    wanted: TranscriptSummary,
    packed: Packed,
    refusal: PreconditionFailed,
) -> TranscriptConflict:
    """Keep what was refused. The same refused again is the same conflict: its id comes from what it holds."""
    identity = "\0".join((packed.digest, wanted.title, wanted.asset_id or "", wanted.message))
    conflict_id = f"conflict-{hashlib.sha256(identity.encode()).hexdigest()[:20]}"
    fields = wanted.model_copy(update={"version": current.version, "undo": None, "redo": None}).fields()
    reference = _reference(current.user_id, current.id, conflict_id)
    transaction.set(reference, {**fields, **content_fields(packed), "conflictId": conflict_id})
    detail = f"{refusal.detail} What you sent is kept as {conflict_id}: compare it, and restore or delete it."
    return TranscriptConflict(detail, transcript_id=current.id, conflict_id=conflict_id)


def list_conflicts(user_id: str, transcript_id: str) -> dict[str, TranscriptSummary]:
    """Saves of a transcript that came too late, by their ids, the newest first. `version` is the one that was there before."""
    found = transcript_reference(user_id, transcript_id).collection("conflicts")
    asked = found.select([*SUMMARY_FIELDS, "conflictId"]).limit(100).stream()
    kept = {each.id: parse_summary(each.to_dict() or {}) for each in asked}
    return dict(sorted(kept.items(), key=lambda entry: entry[1].modified, reverse=True))


def get_conflict(user_id: str, transcript_id: str, conflict_id: str) -> StoredTranscript:
    """A save that came too late. Raises NotFound."""
    stored = _reference(user_id, transcript_id, conflict_id).get().to_dict()
    if stored is None:
        raise NotFound(f"There is no conflict {conflict_id} of transcript {transcript_id}.")
    return parse_transcript(stored)


def delete_conflict(user_id: str, transcript_id: str, conflict_id: str) -> None:
    """Let go of a save that came too late. Deleting what is not there is no error."""
    _reference(user_id, transcript_id, conflict_id).delete()


def _reference(user_id: str, transcript_id: str, conflict_id: str) -> firestore.DocumentReference:
    found: firestore.DocumentReference = (
        transcript_reference(user_id, transcript_id).collection("conflicts").document(conflict_id)
    )
    return found
