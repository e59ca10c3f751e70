"""Filming: the komposition that follows a stored paper edit, and the edit that takes over what was done to it."""

from typing import Any

from shared.assets import get_assets, why_unready
from shared.core.errors import Conflict, FieldError, NotFound
from shared.core.versions import CurrentCheck
from shared.kompositions import KompositionDocument, KompositionService
from shared.media import MediaInfo
from shared.paper_editing.cleaning import NotAnalyzed
from shared.paper_editing.composing import SOURCE, to_komposition
from shared.paper_editing.errors import KompositionChanged
from shared.paper_editing.following import follow
from shared.paper_editing.sound_profile import SoundProfile
from shared.paper_editing.store.document import PaperEditSummary, StoredPaperEdit
from shared.paper_editing.store.profiles import load_profile
from shared.paper_editing.store.reading import get_paper_edit
from shared.paper_editing.store.saving import change_paper_edit, link_komposition
from shared.paper_editing.updating import update_komposition


def film_paper(
    user_id: str,
    edit_id: str,
    komposition_id: str,
    *,
    captions: dict[str, Any] | None = None,
    rough: bool = False,
    overwrite: bool = False,
    platform: str = "webapp",
    check: CurrentCheck | None = None,
) -> tuple[StoredPaperEdit, KompositionDocument]:
    """Make the paper's komposition under `komposition_id`, or the next version of the one that it has.

    What was added to the komposition stays. `rough`: cut by the words' times where nobody listened to the recording yet.
    Raises KompositionChanged where it was changed since, unless `overwrite`; NotAnalyzed; Conflict where the recording cannot
    be used; NothingLeft."""
    stored = get_paper_edit(user_id, edit_id)
    if check is not None:
        check(stored.etag)
    asset_id, info, profile = recording_of(stored)
    if profile is None and not rough:
        raise NotAnalyzed("The sound of the recording is not known yet. Transcribe or analyse it, or make a rough cut.")
    known = _known(stored)
    has_captions = known is not None and any(track.source_id == SOURCE for track in known.parse().tracks.caption)
    wanted = {} if captions is None and has_captions else captions
    made = to_komposition(stored.edit, asset_id, info, profile, title=stored.title, captions=wanted)
    service = KompositionService()
    message = f"From paper edit {stored.title}, version {stored.version}"
    if known is None:
        saved = service.create_komposition(
            user_id, komposition_id, made, title=stored.title, platform=platform, message=message
        )
    else:
        if known.metadata.version != stored.komposition_version and not overwrite:
            raise KompositionChanged(
                "The komposition was changed since it last followed this paper. Take the changes over into the paper, or "
                "overwrite them; what was added besides the recording stays either way."
            )
        saved = service.save_komposition(
            user_id,
            update_komposition(known.parse(), made),
            komposition_id=known.id,
            platform=platform,
            message=message,
        )
    return link_komposition(stored, saved.id, saved.metadata.version), saved


def follow_timeline(user_id: str, edit_id: str, *, check: CurrentCheck | None = None) -> StoredPaperEdit:
    """Take over into the paper what was done to its komposition: one batch of operations.

    Raises NotFound where it has none, and what change_paper_edit raises."""
    stored = get_paper_edit(user_id, edit_id)
    known = _known(stored)
    if known is None:
        raise NotFound("This paper edit has no komposition, or it was deleted. Make it first.")
    komposition = known.parse()
    return change_paper_edit(
        user_id,
        edit_id,
        lambda stored: follow(stored.edit, komposition),
        message=f"Followed the komposition, version {known.metadata.version}",
        check=check,
        fields={"komposition_version": known.metadata.version},
    )


def recording_of(summary: PaperEditSummary) -> tuple[str, MediaInfo, SoundProfile | None]:
    """The asset of a paper edit, what is known of its file, and its profile if there is one. Raises Conflict."""
    asset_id = summary.asset_id
    if asset_id is None:
        detail = "The transcript belongs to no asset. Save it with the id of the recording."
        raise Conflict(detail, errors=[FieldError("/assetId", detail, "no_asset")])
    asset = get_assets(summary.user_id, [asset_id]).get(asset_id)
    unready = why_unready(asset_id, asset)
    if unready is not None or asset is None or asset.media is None:
        detail = unready[1] if unready else "The recording has not been looked at yet."
        raise Conflict(detail, errors=[FieldError("/assetId", detail, unready[0] if unready else "unready")])
    return asset_id, MediaInfo.model_validate(asset.media), load_profile(asset)


def _known(stored: PaperEditSummary) -> KompositionDocument | None:
    """The komposition that follows the paper, if it is still there."""
    if stored.komposition_id is None:
        return None
    try:
        return KompositionService().get_komposition(stored.user_id, stored.komposition_id)
    except NotFound:
        return None
