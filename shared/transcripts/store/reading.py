"""Reading transcripts, their lists and versions, and deleting them."""

from collections.abc import Callable
from typing import Any

from google.cloud.firestore import FieldFilter

from shared.core.clients import firestore_client
from shared.core.documents import newest_first
from shared.core.errors import NotFound
from shared.core.packed import delete_folder
from shared.core.paging import Page, decode_cursor, encode_cursor
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
        raise no_transcript(transcript_id, version)
    return parse_transcript(stored)


def get_summary(user_id: str, transcript_id: str) -> TranscriptSummary:
    """A transcript without what is said. Raises NotFound."""
    stored = transcript_reference(user_id, transcript_id).get(SUMMARY_FIELDS).to_dict()
    if stored is None:
        raise no_transcript(transcript_id)
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
    versions = transcript_reference(user_id, transcript_id).collection("versions")
    query: Any = versions.order_by("version", direction="DESCENDING").select(SUMMARY_FIELDS)
    if page_token:
        (after,) = decode_cursor(page_token, 1)
        query = query.start_after({"version": after})
    found = [parse_summary(snapshot.to_dict()) for snapshot in query.limit(limit + 1).stream()]
    more = encode_cursor([found[limit - 1].version]) if len(found) > limit else None
    return Page(found[:limit], more)


def delete_transcript(user_id: str, transcript_id: str, check: Callable[[str | None], None] | None = None) -> None:
    """Delete a transcript with its versions. Raises NotFound, and what `check` raises."""
    summary = get_summary(user_id, transcript_id)
    if check is not None:
        check(summary.etag)
    reference = transcript_reference(user_id, transcript_id)
    # What it is found by goes last: killed half way, it can be deleted again.
    delete_folder(reference.path)
    for name in ("versions", "conflicts"):
        for below in list(reference.collection(name).list_documents()):
            below.delete()
    reference.delete()


def no_transcript(transcript_id: str, version: int | None = None) -> NotFound:
    """The error for one that is not there, or somebody else's."""
    which = f"There is no transcript {transcript_id}"
    return NotFound(f"{which} in version {version}." if version else f"{which}.")
