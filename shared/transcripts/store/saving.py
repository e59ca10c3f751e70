"""Saving: every save is a version, and none is ever changed. What is saved again as it is makes no new one."""

from dataclasses import dataclass
from typing import Any

from google.cloud import firestore

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import PreconditionFailed
from shared.core.ids import new_id
from shared.core.packed import Packed, pack
from shared.core.versions import CurrentCheck
from shared.transcripts.store.conflicts import TranscriptConflict, keep_refused
from shared.transcripts.store.document import (
    SUMMARY_FIELDS,
    StoredTranscript,
    TranscriptSummary,
    content_fields,
    is_inline,
    parse_summary,
    transcript_reference,
    version_reference,
)
from shared.transcripts.store.reading import get_transcript
from shared.transcripts.transcript import Transcript

UNTITLED = "Untitled"


@dataclass(frozen=True)
class Draft:
    """What a save is to leave behind. None: as it was. `undo` and `redo` are given where a step was made, not an edit."""

    transcript: Transcript
    asset_id: str | None = None
    title: str | None = None
    author: str | None = None
    message: str = ""
    step: tuple[int | None, int | None] | None = None


def save_transcript(
    user_id: str,
    asset_id: str | None,
    transcript: Transcript,
    *,
    transcript_id: str | None = None,
    title: str | None = None,
    author: str | None = None,
    message: str = "",
    check: CurrentCheck | None = None,
) -> StoredTranscript:
    """Save the first or the next version of a transcript. Without an id it gets one; an asset or a title of None stays as it was.

    Raises TranscriptConflict where `check` refuses what is there, and what else `check` raises."""
    draft = Draft(transcript, asset_id, title, author, message)
    return write_draft(user_id, transcript_id or new_id(), draft, check)


def create_transcript(
    user_id: str,
    transcript_id: str,
    asset_id: str | None,
    transcript: Transcript,
    *,
    title: str | None = None,
    author: str | None = None,
    message: str = "",
) -> StoredTranscript:
    """Save the first version under an id made for it. Done again it finds what is there: a job that runs twice undoes no edit."""
    if transcript_reference(user_id, transcript_id).get(["id"]).exists:
        return get_transcript(user_id, transcript_id)
    draft = Draft(transcript, asset_id, title, author, message)
    return write_draft(user_id, transcript_id, draft, None)


def write_draft(user_id: str, transcript_id: str, draft: Draft, check: CurrentCheck | None) -> StoredTranscript:
    """Write the next version. Raises TranscriptConflict where `check` refuses what is there (what was to be saved is kept then),
    and PreconditionFailed where it refuses that nothing is."""
    reference = transcript_reference(user_id, transcript_id)
    packed = pack(reference.path, draft.transcript.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    if not is_inline(packed):
        packed.upload()

    @firestore.transactional
    def write(transaction: firestore.Transaction) -> TranscriptSummary | TranscriptConflict:
        stored = reference.get(SUMMARY_FIELDS, transaction=transaction).to_dict()
        current = parse_summary(stored) if stored else None
        after = _next(user_id, transcript_id, current, draft, packed)
        try:
            if check is not None:
                check(current.etag if current else None)
        except PreconditionFailed as refusal:
            if current is None:
                raise
            return keep_refused(transaction, current, after, packed, refusal)
        if current is not None and after.version == current.version:
            return current
        document: dict[str, Any] = {**after.fields(), **content_fields(packed)}
        transaction.set(reference, document)
        transaction.create(version_reference(user_id, transcript_id, after.version), document)
        return after

    written: TranscriptSummary | TranscriptConflict = write(firestore_client().transaction())
    if not is_inline(packed):
        packed.confirm()
    if isinstance(written, TranscriptConflict):
        raise written
    return StoredTranscript(**dict(written), transcript=draft.transcript)


def _next(
    user_id: str, transcript_id: str, current: TranscriptSummary | None, draft: Draft, packed: Packed
) -> TranscriptSummary:
    """The version that the draft becomes; the current one where nothing changes."""
    title = draft.title or (current.title if current else UNTITLED)
    asset_id = draft.asset_id or (current.asset_id if current else None)
    if current is not None and draft.step is None:
        same = (current.digest, current.title, current.asset_id) == (packed.digest, title, asset_id)
        if same:
            return current
    undo, redo = draft.step or (current.version if current else None, None)
    moment = now()
    return TranscriptSummary(
        id=transcript_id,
        user_id=user_id,
        asset_id=asset_id,
        title=title,
        version=current.version + 1 if current else 1,
        language=draft.transcript.language,
        duration=draft.transcript.duration,
        words=sum(len(segment.words) for segment in draft.transcript.segments),
        speakers=list(draft.transcript.speakers)[:200],
        origin=draft.transcript.origin,
        created=current.created if current else moment,
        modified=moment,
        author=draft.author,
        message=draft.message,
        digest=packed.digest,
        undo=undo,
        redo=redo,
    )
