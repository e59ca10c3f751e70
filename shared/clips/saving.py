"""Saving: the clips of a job become kompositions of its owner, and renders where they are asked for."""

from collections.abc import Sequence

from shared.clips.composing import compose
from shared.clips.finding import Found
from shared.clips.look import ClipLook
from shared.clips.store import clip_ids
from shared.core.errors import Conflict
from shared.jobs import Job
from shared.kompositions import Komposition, KompositionDocument, KompositionService, request_render
from shared.media.reframing import ReframePlan

_kompositions = KompositionService()


def save_kompositions(
    job: Job, found: Found, look: ClipLook, plans: Sequence[Sequence[ReframePlan]]
) -> list[KompositionDocument]:
    """The komposition of each clip that the job has found, in their order, framed by its `plans`. Done again, what the job has
    made is there, with the edits that it has."""
    ids = clip_ids(job, found.selection)
    composed = [
        compose(clip, found.recording, look, framing)
        for clip, framing in zip(found.selection.clips, plans, strict=True)
    ]
    return [
        _saved(job, (clip_id, f"{job.id}-{place}"), komposition)
        for place, (clip_id, komposition) in enumerate(zip(ids, composed, strict=True), start=1)
    ]


def _saved(job: Job, ids: tuple[str, str], komposition: Komposition) -> KompositionDocument:
    """Under the first of the ids; under the second where that is of an earlier clip of the same name, which is not there any
    more: its komposition is its owner's, edited perhaps, or in the trash."""
    first, second = ids
    try:
        document = _created(job, first, komposition)
    except Conflict:
        return _created(job, second, komposition)
    return document if document.metadata.created >= job.created else _created(job, second, komposition)


def _created(job: Job, komposition_id: str, komposition: Komposition) -> KompositionDocument:
    return _kompositions.create_komposition(
        job.user_id,
        komposition_id,
        komposition,
        title=komposition.title,
        description=komposition.description,
        platform="api",
        message=f"Found by the prompt {job.inputs['request']['name']}",
    )


def render_all(documents: Sequence[KompositionDocument]) -> list[str]:
    """Queue the render of each; the ids of the jobs, which follow from the kompositions'."""
    return [request_render(document, f"{document.id}-film").id for document in documents]
