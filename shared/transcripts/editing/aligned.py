"""Aligning a stored transcript: its words get the times of what an engine heard in the recording, as a version of its own."""

from shared.core.errors import Conflict
from shared.transcripts.aligning import align
from shared.transcripts.store import StoredTranscript, get_transcript, save_transcript
from shared.transcripts.transcript import Transcript

LEAST_MATCHED = 0.2
"""The share of words that must be heard; with less, it is of another recording, or in another language."""
_TRIES = 5


class _Changed(Exception):
    """Somebody saved meanwhile."""


def align_transcript(user_id: str, transcript_id: str, heard: Transcript) -> tuple[StoredTranscript, float]:
    """The transcript at the times of `heard`, saved, and the share of its words that were heard. It can be undone like an edit.

    What somebody saves meanwhile is aligned, not lost. Raises NotFound, and Conflict if hardly anything matches."""
    for _ in range(_TRIES):
        try:
            return _aligned(user_id, transcript_id, heard)
        except _Changed:
            continue
    raise Conflict("The transcript was saved again and again while it was aligned. Align it again.")


def _aligned(user_id: str, transcript_id: str, heard: Transcript) -> tuple[StoredTranscript, float]:
    current = get_transcript(user_id, transcript_id)
    found = align(current.transcript, heard)
    percent = round(100 * found.matched)
    if found.matched < LEAST_MATCHED:
        told = f"Only {percent} % of the transcript's words were heard in the recording"
        raise Conflict(f"{told}: it may be of another one, or in another language. It stays as it was.")

    def unchanged(etag: str | None) -> None:
        if etag != current.etag:
            raise _Changed

    engine = heard.origin.name if heard.origin is not None else "speech"
    message = f"Aligned to what {engine} heard: {percent} % of the words"
    saved = save_transcript(
        user_id, None, found.transcript, transcript_id=transcript_id, message=message, check=unchanged
    )
    return saved, found.matched
