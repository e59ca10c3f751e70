"""Exporting: the komposition of a clip is rendered, and what its owner has made of it until then is learnt from."""

from shared.clips.feedback import AnySignal, ClipEdit, ClipExport
from shared.clips.feedback.edits import share_changed
from shared.clips.signalling import record_signals
from shared.clips.store import get_clip
from shared.clips.stored import StoredClip, clip_reference
from shared.core.clock import now
from shared.core.errors import NotFound
from shared.jobs import Job
from shared.kompositions import KompositionService, request_render

_kompositions = KompositionService()


def export_clip(user_id: str, clip_id: str, job_id: str) -> Job:
    """Queue the render of a clip's komposition as it is now. The same job id again returns the same job, and counts once.

    Raises NotFound, and InvalidKomposition naming each source that cannot be used."""
    clip = get_clip(user_id, clip_id)
    komposition = _kompositions.get_komposition(user_id, clip.komposition_id)
    job = request_render(komposition, job_id)
    signals: list[AnySignal] = [ClipExport(event_id=f"export-{job_id}", at=now())]
    version = komposition.metadata.version
    if version > clip.komposition_version:
        signals.append(ClipEdit(event_id=f"edit-{version}", at=now(), share=_changed(clip, version)))
    record_signals(user_id, clip_id, signals)
    clip_reference(user_id, clip_id).update({"exportJobId": job.id})
    return job


def _changed(clip: StoredClip, version: int) -> float:
    """How much of the clip was cut anew up to this version. Nothing can be said once the first one is gone: then nothing was."""
    try:
        composed = _kompositions.get_komposition(clip.user_id, clip.komposition_id, clip.komposition_version)
    except NotFound:
        return 0.0
    return share_changed(
        composed.parse(), _kompositions.get_komposition(clip.user_id, clip.komposition_id, version).parse()
    )
