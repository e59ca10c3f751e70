"""Keeping the clips that a job has made, reading and changing them, as their owner may."""

from collections.abc import Sequence
from typing import Any

from google.cloud import firestore
from google.cloud.firestore import FieldFilter

from shared.clips.clip import Selection
from shared.clips.feedback import AnySignal, ClipDiscard, ClipKeep
from shared.clips.learning import predicted
from shared.clips.requesting import ClipInputs
from shared.clips.signalling import tell_signals, write_signals
from shared.clips.stored import ClipState, StoredClip, clip_reference, clips_of, parse_clip
from shared.core import outbox
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.documents import newest_first
from shared.core.errors import NotFound
from shared.core.ids import new_id
from shared.core.paging import Page
from shared.core.versions import CurrentCheck
from shared.jobs import Job
from shared.kompositions import KompositionDocument


def made_clips(
    job: Job, transcript_id: str, selection: Selection, composed: Sequence[KompositionDocument]
) -> list[StoredClip]:
    """What a job has selected and composed, in the order of the selection, as it is to be kept: its ids follow from the job's, so
    that a job has the same clips however often it is tried."""
    inputs, moment = ClipInputs.of(job), now()
    ids = clip_ids(job, selection)
    known = dict(zip((clip.id for clip in selection.clips), ids, strict=True))
    varied = inputs.lengths.clip_id if inputs.lengths is not None else None
    return [
        StoredClip(
            id=clip_id,
            user_id=job.user_id,
            asset_id=inputs.asset_id,
            transcript_id=transcript_id,
            job_id=job.id,
            komposition_id=komposition.id,
            komposition_version=komposition.metadata.version,
            place=place,
            variant_of=known.get(clip.variant_of.clip, varied) if clip.variant_of is not None else None,
            category=inputs.request.category,
            prompt_name=inputs.request.name,
            prompt_version=inputs.request.version,
            prompt_id=inputs.prompt_id,
            ranker=selection.ranker,
            clip=clip,
            predicted=predicted(job.user_id, clip.scores.overall / 100, selection.ranker),
            created=moment,
            modified=moment,
        )
        for place, (clip_id, clip, komposition) in enumerate(zip(ids, selection.clips, composed, strict=True))
    ]


def clip_ids(job: Job, selection: Selection) -> list[str]:
    """The ids of the clips of a job, in their order. A variant that was asked for by itself is named for its clip and its length,
    whichever job makes it."""
    lengths = ClipInputs.of(job).lengths
    return [
        f"{lengths.clip_id}-{clip.variant_of.target:g}s"
        if lengths is not None and clip.variant_of is not None
        else f"{job.id}-{place}"
        for place, clip in enumerate(selection.clips, start=1)
    ]


def write_clips(transaction: firestore.Transaction, clips: Sequence[StoredClip]) -> None:
    """Keep them, together with what else the transaction writes. It does not read.

    One that is there is never written over, for its owner may have decided on it: then the commit raises AlreadyExists."""
    for clip in clips:
        transaction.create(clip.reference, clip.document())


def clips_there(clips: Sequence[StoredClip]) -> list[StoredClip]:
    """Those of them that are there already, as they are there, in the same order."""
    found = {each.id: each.to_dict() for each in firestore_client().get_all([clip.reference for clip in clips])}
    return [parse_clip(stored) for clip in clips if (stored := found[clip.id]) is not None]


def get_clip(user_id: str, clip_id: str) -> StoredClip:
    """A clip of the user. Raises NotFound."""
    return _found(clip_reference(user_id, clip_id).get().to_dict(), clip_id)


def list_clips(
    user_id: str,
    limit: int,
    page_token: str | None = None,
    *,
    asset_id: str | None = None,
    job_id: str | None = None,
    state: ClipState | None = None,
) -> Page[StoredClip]:
    """The user's clips, newest first; only those of that asset, of that job, in that state if given."""
    query: Any = clips_of(user_id)
    for field, wanted in (("assetId", asset_id), ("jobId", job_id), ("state", state.value if state else None)):
        if wanted is not None:
            query = query.where(filter=FieldFilter(field, "==", wanted))
    return newest_first(query, parse_clip, limit, page_token)


def update_clip(
    user_id: str,
    clip_id: str,
    *,
    title: str | None = None,
    hashtags: Sequence[str] | None = None,
    state: ClipState | None = None,
    check: CurrentCheck | None = None,
) -> StoredClip:
    """Change what is said of a clip, and whether it is kept; what is None stays. Its decision is learnt from. What is cut, framed
    and captioned is changed in its komposition. Raises NotFound, and what `check` raises."""
    reference = clip_reference(user_id, clip_id)

    @firestore.transactional
    def update(transaction: firestore.Transaction) -> tuple[StoredClip, list[outbox.Message]]:
        clip = _found(reference.get(transaction=transaction).to_dict(), clip_id)
        if check is not None:
            check(clip.etag)
        words = {"title": title, "hashtags": tuple(hashtags) if hashtags is not None else None}
        said = {name: value for name, value in words.items() if value is not None}
        moment = now()
        changed = clip.model_copy(update={"clip": clip.clip.model_copy(update=said), "modified": moment})
        decision = _decision(clip, state)
        if decision is None:
            transaction.set(reference, changed.document())
            return changed, []
        return write_signals(transaction, changed, [decision]), tell_signals(transaction, changed, [decision])

    updated: StoredClip
    updated, messages = update(firestore_client().transaction())
    outbox.publish(*messages)
    return updated


def delete_clip(user_id: str, clip_id: str, check: CurrentCheck | None = None) -> None:
    """Delete a clip and what was heard of it; its komposition stays. Raises NotFound, and what `check` raises."""
    clip = get_clip(user_id, clip_id)
    if check is not None:
        check(clip.etag)
    firestore_client().recursive_delete(clip.reference)


def _decision(clip: StoredClip, state: ClipState | None) -> AnySignal | None:
    if state in (None, clip.state) or state is ClipState.PROPOSED:
        return None
    kind = ClipKeep if state is ClipState.KEPT else ClipDiscard
    return kind(event_id=new_id(), at=now())


def _found(stored: dict[str, Any] | None, clip_id: str) -> StoredClip:
    if stored is None:
        raise NotFound(f"There is no clip {clip_id}.")
    return parse_clip(stored)
