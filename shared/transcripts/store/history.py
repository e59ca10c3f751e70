"""History: steps back and forward. Each is a version of its own, so that a step is never the end of what it left.

A version knows where a step back leads (`undo`) and where a step forward leads (`redo`). An edit leads back to what it was made
from and forward to nothing; a step leads on to where the version that it brings back leads."""

from shared.core.errors import Conflict
from shared.core.versions import CurrentCheck
from shared.transcripts.store.conflicts import delete_conflict, get_conflict
from shared.transcripts.store.document import StoredTranscript, TranscriptSummary
from shared.transcripts.store.reading import get_summary, get_transcript
from shared.transcripts.store.saving import Draft, write_draft


def undo(
    user_id: str, transcript_id: str, *, author: str | None = None, check: CurrentCheck | None = None
) -> StoredTranscript:
    """Take back the last edit that is not yet. Raises NotFound, Conflict where there is none, and what `check` raises."""
    current = get_summary(user_id, transcript_id)
    if current.undo is None:
        raise Conflict("There is nothing to undo: this is how the transcript began.")
    target = get_transcript(user_id, transcript_id, current.undo)
    return _step(current, target, (target.undo, current.version), "Undone", author, check)


def redo(
    user_id: str, transcript_id: str, *, author: str | None = None, check: CurrentCheck | None = None
) -> StoredTranscript:
    """Do again what was undone last. Raises NotFound, Conflict where there is nothing, and what `check` raises."""
    current = get_summary(user_id, transcript_id)
    if current.redo is None:
        raise Conflict("There is nothing to redo: nothing was undone since the last edit.")
    target = get_transcript(user_id, transcript_id, current.redo)
    return _step(current, target, (current.version, target.redo), "Redone", author, check)


def restore_version(
    user_id: str, transcript_id: str, version: int, *, author: str | None = None, check: CurrentCheck | None = None
) -> StoredTranscript:
    """Make an old version the next one; it can be undone like an edit. Raises NotFound, and what `check` raises."""
    old = get_transcript(user_id, transcript_id, version)
    draft = Draft(old.transcript, old.asset_id, old.title, author, f"Version {version} restored")
    return write_draft(user_id, transcript_id, draft, check)


def restore_conflict(
    user_id: str, transcript_id: str, conflict_id: str, *, author: str | None = None, check: CurrentCheck | None = None
) -> StoredTranscript:
    """Make a save that came too late the next version; it is no conflict any more. Raises NotFound, and what `check` raises."""
    kept = get_conflict(user_id, transcript_id, conflict_id)
    message = kept.message or "Conflicting save restored"
    draft = Draft(kept.transcript, kept.asset_id, kept.title, author, message)
    saved = write_draft(user_id, transcript_id, draft, check)
    delete_conflict(user_id, transcript_id, conflict_id)
    return saved


def _step(
    current: TranscriptSummary,
    target: StoredTranscript,
    step: tuple[int | None, int | None],
    done: str,
    author: str | None,
    check: CurrentCheck | None,
) -> StoredTranscript:
    if check is not None:
        check(current.etag)

    def unchanged(etag: str | None) -> None:
        if etag != current.etag:
            raise Conflict("Somebody saved this transcript just now. Read it again, and undo or redo then.")

    draft = Draft(target.transcript, target.asset_id, target.title, author, f"{done}: version {target.version}", step)
    return write_draft(current.user_id, current.id, draft, unchanged)
