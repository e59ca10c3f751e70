"""Saving: every change of a paper edit is a version, and none is ever changed. A change that changes nothing makes no new one."""

from collections.abc import Callable, Mapping
from typing import Any

from google.cloud import firestore
from pydantic.alias_generators import to_camel

from shared.assets import get_assets
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Conflict
from shared.core.packed import delete_folder, pack
from shared.core.versions import CurrentCheck, delete_with
from shared.media import MediaInfo
from shared.paper_editing.edit import PaperEdit
from shared.paper_editing.pieces import film_seconds
from shared.paper_editing.rebasing import rebase
from shared.paper_editing.store.document import (
    SUMMARY_FIELDS,
    PaperEditSummary,
    StoredPaperEdit,
    content_fields,
    content_of,
    edit_reference,
    is_inline,
    version_reference,
)
from shared.paper_editing.store.reading import get_paper_edit, get_summary
from shared.transcripts import StoredTranscript, get_transcript

_TRIES = 4
_LINK = ("kompositionId", "kompositionVersion")


def create_paper_edit(user_id: str, edit_id: str, transcript_id: str, *, title: str | None = None) -> StoredPaperEdit:
    """Begin an edit of a transcript's newest version, under an id made for it. Done again it finds what is there.

    Raises NotFound."""
    if edit_reference(user_id, edit_id).get(["id"]).exists:
        return get_paper_edit(user_id, edit_id)
    transcript = get_transcript(user_id, transcript_id)
    edit = PaperEdit.of(transcript.transcript, _duration(transcript))
    moment = now()
    first = PaperEditSummary(
        id=edit_id,
        user_id=user_id,
        title=title or transcript.title,
        transcript_id=transcript_id,
        transcript_version=transcript.version,
        asset_id=transcript.asset_id,
        version=1,
        created=moment,
        modified=moment,
    )
    return _write(None, StoredPaperEdit(**dict(first), edit=edit), None)


def change_paper_edit(
    user_id: str,
    edit_id: str,
    change: Callable[[StoredPaperEdit], PaperEdit],
    *,
    message: str = "",
    check: CurrentCheck | None = None,
    fields: Mapping[str, Any] | None = None,
) -> StoredPaperEdit:
    """Save what `change` makes of the edit as the next version. Without a `check`, changes of others at the same time are
    changed further, none is lost. `fields` of the summary are set besides.

    Raises NotFound, TranscriptGone, Conflict where too many change it at once, and what `change` and `check` raise."""
    for _ in range(_TRIES):
        current = get_paper_edit(user_id, edit_id)
        if check is not None:
            check(current.etag)
        edit = change(current)
        if edit == current.edit and not fields:
            return current
        after = current.model_copy(update={**(fields or {}), "edit": edit, "message": message[:500]})
        try:
            return _write(current, after, check)
        except _Overtaken:
            continue
    raise Conflict("Too many change this paper edit at once. Try again.")


def follow_transcript(user_id: str, edit_id: str, *, check: CurrentCheck | None = None) -> StoredPaperEdit:
    """Take the edit over to the newest version of its transcript. As it is where it is of that already.

    Raises NotFound where the transcript is gone, and what change_paper_edit raises."""
    summary = get_summary(user_id, edit_id)
    newest = get_transcript(user_id, summary.transcript_id)
    if newest.version == summary.transcript_version:
        if check is not None:
            check(summary.etag)
        return get_paper_edit(user_id, edit_id)
    return change_paper_edit(
        user_id,
        edit_id,
        lambda stored: rebase(stored.edit, newest.transcript),
        message=f"Transcript version {newest.version}",
        check=check,
        fields=_of_transcript(newest),
    )


def link_komposition(stored: StoredPaperEdit, komposition_id: str, version: int) -> StoredPaperEdit:
    """Note which version of which komposition follows the paper. What was done stays, so this is no version of its own."""
    link = {"komposition_id": komposition_id, "komposition_version": version}
    edit_reference(stored.user_id, stored.id).update({to_camel(name): value for name, value in link.items()})
    return stored.model_copy(update=link)


def delete_paper_edit(user_id: str, edit_id: str, check: CurrentCheck | None = None) -> None:
    """Delete a paper edit with its versions; kompositions made from it stay. Raises NotFound, and what `check` raises."""
    summary = get_summary(user_id, edit_id)
    if check is not None:
        check(summary.etag)
    reference = edit_reference(user_id, edit_id)
    delete_folder(reference.path)
    delete_with(reference)


class _Overtaken(Exception):
    """Somebody saved a version since the edit was read."""


def _duration(transcript: StoredTranscript) -> float | None:
    """Of the recording, as its file tells it; None where it is not there."""
    asset = (
        get_assets(transcript.user_id, [transcript.asset_id]).get(transcript.asset_id) if transcript.asset_id else None
    )
    return MediaInfo.model_validate(asset.media).duration if asset is not None and asset.media is not None else None


def _of_transcript(transcript: StoredTranscript) -> dict[str, Any]:
    return {"transcript_version": transcript.version, "asset_id": transcript.asset_id}


def _write(before: StoredPaperEdit | None, after: StoredPaperEdit, check: CurrentCheck | None) -> StoredPaperEdit:
    """Write the version after `before`. Raises _Overtaken, and what `check` raises."""
    reference = edit_reference(after.user_id, after.id)
    packed = pack(reference.path, content_of(after.edit))
    if not is_inline(packed):
        packed.upload()
    saved = after.model_copy(
        update={
            "version": before.version + 1 if before else 1,
            "modified": now(),
            "cuts": len(after.edit.cuts),
            "before": round(after.edit.duration, 3),
            "after": round(film_seconds(after.edit), 3),
        }
    )
    document = {**saved.fields(), **content_fields(packed)}

    @firestore.transactional
    def write(transaction: firestore.Transaction) -> None:
        stored = reference.get(SUMMARY_FIELDS, transaction=transaction).to_dict()
        current = PaperEditSummary.model_validate(stored) if stored else None
        if check is not None:
            check(current.etag if current else None)
        if (current.version if current else None) != (before.version if before else None):
            raise _Overtaken
        # A link may have been noted since the edit was read: that makes no version.
        followed = before is not None and after.komposition_version != before.komposition_version
        link = {} if followed or stored is None else {name: stored.get(name) for name in _LINK}
        transaction.set(reference, document | link)
        transaction.create(version_reference(after.user_id, after.id, saved.version), document | link)

    write(firestore_client().transaction())
    if not is_inline(packed):
        packed.confirm()
    return saved
