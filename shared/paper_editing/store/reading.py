"""Reading paper edits, their lists and versions."""

from typing import Any

from google.cloud.firestore import FieldFilter

from shared.core.clients import firestore_client
from shared.core.documents import newest_first
from shared.core.errors import NotFound
from shared.core.paging import Page
from shared.core.versions import newest_versions, not_there
from shared.paper_editing.edit import PaperEdit
from shared.paper_editing.errors import TranscriptGone
from shared.paper_editing.store.document import (
    SUMMARY_FIELDS,
    PaperEditSummary,
    StoredPaperEdit,
    edit_reference,
    load_content,
    version_reference,
)
from shared.transcripts import Transcript, get_transcript


def get_paper_edit(user_id: str, edit_id: str, version: int | None = None) -> StoredPaperEdit:
    """A paper edit of the user, at its newest or the given version. Raises NotFound, and TranscriptGone."""
    newest = edit_reference(user_id, edit_id)
    reference = newest if version is None else version_reference(user_id, edit_id, version)
    stored = reference.get().to_dict()
    if stored is None:
        raise not_there(f"paper edit {edit_id}", version)
    return parse_edit(stored)


def parse_edit(stored: dict[str, Any]) -> StoredPaperEdit:
    """A paper edit as Firestore has it, on its transcript. Raises TranscriptGone."""
    summary = PaperEditSummary.model_validate(stored)
    transcript = read_transcript_of(summary)
    edit = PaperEdit.model_validate({**load_content(stored), "transcript": transcript})
    return StoredPaperEdit(**dict(summary), edit=edit)


def read_transcript_of(summary: PaperEditSummary) -> Transcript:
    """The transcript in the version that the edit is of. Raises TranscriptGone."""
    try:
        return get_transcript(summary.user_id, summary.transcript_id, summary.transcript_version).transcript
    except NotFound as error:
        detail = f"The transcript {summary.transcript_id} of this paper edit was deleted. Its komposition stays."
        raise TranscriptGone(detail) from error


def get_summary(user_id: str, edit_id: str) -> PaperEditSummary:
    """A paper edit without what was done. Raises NotFound."""
    stored = edit_reference(user_id, edit_id).get(SUMMARY_FIELDS).to_dict()
    if stored is None:
        raise not_there(f"paper edit {edit_id}")
    return PaperEditSummary.model_validate(stored)


def list_paper_edits(
    user_id: str, limit: int, page_token: str | None = None, transcript_id: str | None = None
) -> Page[PaperEditSummary]:
    """The user's paper edits, or those of a transcript, last changed first."""
    query: Any = firestore_client().collection("users", user_id, "paper_edits")
    if transcript_id is not None:
        query = query.where(filter=FieldFilter("transcriptId", "==", transcript_id))
    return newest_first(
        query.select(SUMMARY_FIELDS), PaperEditSummary.model_validate, limit, page_token, time="modified"
    )


def list_versions(user_id: str, edit_id: str, limit: int, page_token: str | None = None) -> Page[PaperEditSummary]:
    """The versions of a paper edit, the newest first. Raises NotFound."""
    get_summary(user_id, edit_id)
    return newest_versions(
        edit_reference(user_id, edit_id), PaperEditSummary.model_validate, limit, page_token, fields=SUMMARY_FIELDS
    )
