"""Saving edits: each go is a version, which can be undone."""

from collections.abc import Sequence

from shared.core.errors import Conflict
from shared.transcripts.editing.applying import apply_edits
from shared.transcripts.editing.edits import Edit, Replace
from shared.transcripts.store import CurrentCheck, StoredTranscript, get_transcript, save_transcript


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

    Raises NotFound, InvalidInput for an edit that does not fit, what `check` raises, and Conflict if somebody saved meanwhile."""
    current = get_transcript(user_id, transcript_id)

    def unchanged(etag: str | None) -> None:
        if check is not None:
            check(etag)
        if etag != current.etag:
            raise Conflict("Somebody saved this transcript just now. Read it again, and make your edits then.")

    if check is not None:
        check(current.etag)  # Places are counted in the version that the caller has seen: in another they tell nothing.
    edited = apply_edits(current.transcript, edits)
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


def _told(edits: Sequence[Edit], changes: Sequence[int]) -> str:
    """What a list of versions says of them."""
    if len(edits) != 1:
        return f"{len(edits)} edits"
    edit, places = edits[0], changes[0]
    if isinstance(edit, Replace):
        return f"Replaced {edit.find[:40]!r} by {edit.replacement[:40]!r}, {places} times"
    return f"{edit.op[0].upper()}{_spaced(edit.op[1:])}"


def _spaced(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
