"""Reading transcripts, their lists and versions, and deleting them."""

from typing import Any

from google.cloud.firestore import FieldFilter

from shared.core.clients import firestore_client
from shared.core.documents import newest_first
from shared.core.packed import delete_folder
from shared.core.paging import Page
from shared.core.versions import CurrentCheck, delete_with, newest_versions, not_there
from shared.transcripts.store.document import (
    SUMMARY_FIELDS,
    StoredTranscript,
    TranscriptSummary,
    parse_summary,
    parse_transcript,
    transcript_reference,
    version_reference,
)


def get_transcript(user_id: str, transcript_id: str, version: int | None = None) -> StoredTranscript:
    """A transcript of the user, at its newest or the given version. Raises NotFound."""
    if version is None:
        reference = transcript_reference(user_id, transcript_id)
    else:
        reference = version_reference(user_id, transcript_id, version)
    stored = reference.get().to_dict()
    if stored is None:
        raise not_there(f"transcript {transcript_id}", version)
    return parse_transcript(stored)


def get_summary(user_id: str, transcript_id: str) -> TranscriptSummary:
    """A transcript without what is said. Raises NotFound."""
    stored = transcript_reference(user_id, transcript_id).get(SUMMARY_FIELDS).to_dict()
    if stored is None:
        raise not_there(f"transcript {transcript_id}")
    return parse_summary(stored)


def list_transcripts(
    user_id: str, limit: int, page_token: str | None = None, asset_id: str | None = None
) -> Page[TranscriptSummary]:
    """The user's transcripts, or those of an asset, last changed first."""
    query: Any = firestore_client().collection("users", user_id, "transcripts")
    if asset_id is not None:
        query = query.where(filter=FieldFilter("assetId", "==", asset_id))
    return newest_first(query.select(SUMMARY_FIELDS), parse_summary, limit, page_token, time="modified")


def list_versions(
    user_id: str, transcript_id: str, limit: int, page_token: str | None = None
) -> Page[TranscriptSummary]:
    """The versions of a transcript, the newest first. Raises NotFound."""
    get_summary(user_id, transcript_id)
    return newest_versions(
        transcript_reference(user_id, transcript_id), parse_summary, limit, page_token, fields=SUMMARY_FIELDS
    )


def delete_transcript(user_id: str, transcript_id: str, check: CurrentCheck | None = None) -> None:
    """Delete a transcript with its versions. Raises NotFound, and what `check` raises."""
    summary = get_summary(user_id, transcript_id)
    if check is not None:
        check(summary.etag)
    reference = transcript_reference(user_id, transcript_id)
    delete_folder(reference.path)
    delete_with(reference, "conflicts")
