"""Saving edits: each go is a version, which can be undone."""

from collections.abc import Sequence

from shared.core.errors import Conflict, PreconditionFailed
from shared.core.versions import CurrentCheck
from shared.transcripts.editing.applying import apply_edits
from shared.transcripts.editing.edits import Edit, Replace
from shared.transcripts.store import (
    StoredTranscript,
    get_transcript,
    list_versions,
    save_transcript,
)

_LOOKED_BACK = 100
"""Versions among which the one that a caller has seen is looked for."""


def edit_transcript(
    user_id: str,
    transcript_id: str,
    edits: Sequence[Edit],
    *,
    author: str | None = None,
    message: str = "",
    check: CurrentCheck | None = None,
) -> tuple[StoredTranscript, tuple[int, ...]]:
    """The transcript with the edits made and saved, and how many places each changed. Edits that change nothing make no version.

    Places count the words of the version that `check` lets pass: where that is not the newest any more, the edits are made in it
    and kept as a conflict. Raises TranscriptConflict then; NotFound, InvalidInput for an edit that does not fit, what `check`
    raises, and Conflict if somebody saved meanwhile."""
    seen = _seen(user_id, transcript_id, check)

    def unchanged(etag: str | None) -> None:
        if check is not None:
            check(etag)
        if etag != seen.etag:
            raise Conflict("Somebody saved this transcript just now. Read it again, and make your edits then.")

    edited = apply_edits(seen.transcript, edits)
    saved = save_transcript(
        user_id,
        None,
        edited.transcript,
        transcript_id=transcript_id,
        author=author,
        message=message or _told(edits, edited.changes),
        check=unchanged,
    )
    return saved, edited.changes


def _seen(user_id: str, transcript_id: str, check: CurrentCheck | None) -> StoredTranscript:
    """The version that the caller has seen: the newest that `check` lets pass. Raises what it raises of the newest of all."""
    current = get_transcript(user_id, transcript_id)
    if check is None:
        return current
    try:
        check(current.etag)
    except PreconditionFailed:
        versions = list_versions(user_id, transcript_id, _LOOKED_BACK).items
        older = next((each.version for each in versions if _passes(check, each.etag)), None)
        if older is None:
            raise
        return get_transcript(user_id, transcript_id, older)
    return current


def _passes(check: CurrentCheck, etag: str) -> bool:
    try:
        check(etag)
    except PreconditionFailed:
        return False
    return True


def _told(edits: Sequence[Edit], changes: Sequence[int]) -> str:
    """What a list of versions says of them."""
    if len(edits) != 1:
        return f"{len(edits)} edits"
    edit, places = edits[0], changes[0]
    if isinstance(edit, Replace):
        often = "once" if places == 1 else f"{places} times"
        return f"Replaced {edit.find[:40]!r} by {edit.replacement[:40]!r}, {often}"
    return f"{edit.op[0].upper()}{_spaced(edit.op[1:])}"


def _spaced(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
