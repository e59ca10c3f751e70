"""Varying: asking for a clip that is there already in other lengths."""

from collections.abc import Collection, Sequence

from google.cloud.firestore import FieldFilter

from shared.clips.look import ClipLook
from shared.clips.requesting import ClipInputs, WantedLengths, clippable_asset
from shared.clips.store import get_clip
from shared.clips.stored import StoredClip, clips_of, parse_clip
from shared.clips.tidying import Tidy
from shared.core.errors import Conflict, InvalidInput, NotFound
from shared.jobs import Job, JobKind, create_job, get_job, priority_of
from shared.prompts import LONGEST, SHORTEST, as_request

MOST_LENGTHS = 5
"""Of one request."""


def request_lengths(
    user_id: str,
    job_id: str,
    clip_id: str,
    lengths: Sequence[int],
    *,
    look: ClipLook | None = None,
    tidy: bool | None = None,
    render: bool = False,
) -> Job:
    """Queue a job that makes a clip in these lengths, seconds, as clips of their own. The same job id again returns the same job;
    a length that the clip is there in already is not made again. `look`, `tidy`: as the clip's own unless given.

    Of a variant, the clip that it is a variant of is varied, if it is still there. Raises NotFound, InvalidInput, and Conflict
    when its recording or its transcript is not there any more."""
    _check(lengths)
    clip = _origin(user_id, clip_id)
    before = _inputs_of(clip)
    try:
        asset = clippable_asset(user_id, clip.asset_id, clip.transcript_id)
    except (NotFound, InvalidInput) as error:
        raise Conflict(f"The clip cannot be made in other lengths: {error.detail}") from error
    options = before.options.model_copy(
        update={
            "look": look or before.options.look,
            "tidy": before.options.tidy if tidy is None else (before.options.tidy or Tidy()) if tidy else None,
            "render": render,
            "variants": (),
        }
    )
    inputs = before.model_copy(
        update={
            "asset_id": asset.id,
            "version": asset.version,
            "transcript_id": clip.transcript_id,
            "options": options,
            "lengths": WantedLengths(clip_id=clip.id, seconds=tuple(sorted(set(lengths)))),
        }
    )
    document = inputs.model_dump(mode="json", by_alias=True)
    return create_job(user_id, JobKind.CLIP, document, priority_of(asset.size or 0), job_id)


def variants_of(clip: StoredClip) -> dict[float, StoredClip]:
    """The variants of a clip that are there, by their lengths."""
    found = clips_of(clip.user_id).where(filter=FieldFilter("variantOf", "==", clip.id)).stream()
    known = [parse_clip(each.to_dict() or {}) for each in found]
    return {each.clip.variant_of.target: each for each in known if each.clip.variant_of is not None}


def _check(lengths: Collection[int]) -> None:
    if not 1 <= len(set(lengths)) <= MOST_LENGTHS:
        raise InvalidInput(f"Name 1 to {MOST_LENGTHS} lengths.", pointer="/lengths")
    for place, length in enumerate(lengths):
        if not SHORTEST <= length <= LONGEST:
            detail = f"A clip of {length} s cannot be made. Name {SHORTEST:g} to {LONGEST:g}."
            raise InvalidInput(detail, pointer=f"/lengths/{place}")


def _origin(user_id: str, clip_id: str) -> StoredClip:
    clip = get_clip(user_id, clip_id)
    if clip.variant_of is None:
        return clip
    try:
        return get_clip(user_id, clip.variant_of)
    except NotFound:
        return clip


def _inputs_of(clip: StoredClip) -> ClipInputs:
    """What the clip was made by. Of a job that was deleted the request is not known, only its category and its name."""
    try:
        return ClipInputs.of(get_job(clip.user_id, clip.job_id))
    except NotFound:
        told = {"category": clip.category, "name": clip.prompt_name, "version": clip.prompt_version}
        request = as_request(None).model_copy(update=told)
        return ClipInputs(asset_id=clip.asset_id, version=1, prompt_id=clip.prompt_id, request=request)
