"""Saving: the clips of a job become kompositions of its owner, and renders where they are asked for."""

from collections.abc import Sequence

from shared.clips.composing import compose
from shared.clips.finding import Found
from shared.clips.look import ClipLook
from shared.clips.store import clip_ids
from shared.jobs import Job
from shared.kompositions import KompositionDocument, KompositionService, request_render
from shared.media.reframing import ReframePlan

_kompositions = KompositionService()


def save_kompositions(
    job: Job, found: Found, look: ClipLook, plans: Sequence[Sequence[ReframePlan]]
) -> list[KompositionDocument]:
    """The komposition of each clip that the job has found, in their order, framed by its `plans`. Its id follows from the job's:
    done again, what is there stays, with the edits that it has."""
    return [
        _kompositions.create_komposition(
            job.user_id,
            clip_id,
            compose(clip, found.recording, look, framing),
            title=clip.title,
            description=clip.reason,
            platform="api",
            message=f"Found by the prompt {job.inputs['request']['name']}",
        )
        for clip_id, clip, framing in zip(clip_ids(job, found.selection), found.selection.clips, plans, strict=True)
    ]


def render_all(documents: Sequence[KompositionDocument]) -> list[str]:
    """Queue the render of each; the ids of the jobs, which follow from the kompositions'."""
    return [request_render(document, f"{document.id}-film").id for document in documents]
