"""clip: the best moments of an asset become clips of its owner, each with a komposition to edit and to render."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from google.api_core.exceptions import AlreadyExists
from google.cloud import firestore

from jobs.clip_events import failure_event, success_event
from jobs.clip_study import find, frame
from jobs.ending import run_to_end, write_end
from jobs.inputs import asked_asset, fetch_source
from jobs.listening import keep_sound
from shared.analysis import Feature, keep_analysis, known_analysis, write_features
from shared.assets import Asset
from shared.clips import ClipInputs, StoredClip, clips_there, get_clip, made_clips, variants_of, write_clips
from shared.clips.finding import Found
from shared.clips.framing import distinct
from shared.clips.saving import render_all, save_kompositions
from shared.core import outbox
from shared.events import Event
from shared.jobs import Job, JobState, Worker
from shared.kompositions import KompositionDocument
from shared.media.reframing import ReframePlan
from shared.transcripts import KeptOfJob, create_transcript, forget_heard


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Make the clips that the job asks for, or one that is there in the lengths it asks for. Done twice, there are still the same
    clips, with the edits that they have."""
    state = run_to_end(user_id, job_id, execution, _work, failure_event)
    forget_heard(user_id, job_id)
    return state


def _work(worker: Worker) -> None:
    worker.plan(downloading=0.05, studying=0.72, selecting=0.05, framing=0.1, listening=0.03, composing=0.05)
    inputs, asset, kept = ClipInputs.of(worker.job), asked_asset(worker), KeptOfJob(worker.job)
    known = known_analysis(asset)
    with TemporaryDirectory(prefix="clip-") as folder:
        path = fetch_source(worker, asset, Path(folder))
        found = find(worker, inputs, path, known, kept)
        plans = frame(worker, inputs, path, found)
        keep_sound(worker, asset, path, found.profile)
    worker.check()
    worker.report(0.0, "composing")
    documents = save_kompositions(worker.job, found, inputs.options.look, plans)
    made = _Made(
        found,
        plans,
        transcript_id=inputs.transcript_id or _kept_transcript(worker, asset, found),
        documents=documents,
        renders=render_all(documents) if inputs.options.render else [],
        features=keep_analysis(asset, found.analysis, faces=True) if known is None else [],
    )
    _succeed(worker, asset, made)


@dataclass(frozen=True)
class _Made:
    """What a job has made, still to be told of."""

    found: Found
    plans: Sequence[Sequence[ReframePlan]]
    transcript_id: str
    documents: Sequence[KompositionDocument]
    renders: Sequence[str]
    features: Sequence[Feature]

    def outputs(self, asset: Asset, clips: Sequence[StoredClip], there: Sequence[StoredClip]) -> dict[str, Any]:
        """What the job tells of it. `there`: clips that it had to make, and that were there."""
        selection = self.found.selection
        kompositions = dict.fromkeys([*(clip.komposition_id for clip in there), *(each.id for each in self.documents)])
        return {
            "assetId": asset.id,
            "transcriptId": self.transcript_id,
            "clipIds": list(dict.fromkeys(clip.id for clip in (*there, *clips))),
            "kompositionIds": list(kompositions),
            "renderJobIds": list(self.renders),
            "framing": [
                {"clipId": clip.id, **plan.metrics.model_dump(by_alias=True)}
                for clip, plans in zip(clips, self.plans, strict=True)
                for plan in distinct(plans)
            ],
            "considered": selection.considered,
            "ranker": selection.ranker,
            "notes": list(selection.notes),
        }


def _kept_transcript(worker: Worker, asset: Asset, found: Found) -> str:
    """Keep what was heard as a transcript of its own; its id."""
    title = Path(asset.filename).stem
    job = worker.job
    return create_transcript(job.user_id, job.id, asset.id, found.recording.transcript, title=title).id


def _succeed(worker: Worker, asset: Asset, made: _Made) -> None:
    clips = made_clips(worker.job, made.transcript_id, made.found.selection, made.documents)
    event = success_event(worker.job, asset, made.found, worker.attempt_seconds * 1000)
    left = len(clips)
    while True:
        try:
            _write_end(worker, asset, made, clips, event)
        except AlreadyExists:  # Another job has made one of them since, and no more can be than there are.
            if left == 0:
                raise
            left -= 1
        else:
            return


def _write_end(worker: Worker, asset: Asset, made: _Made, clips: Sequence[StoredClip], event: Event) -> None:
    """Raises AlreadyExists when one of the clips comes to be there meanwhile; then nothing is written."""
    there = [*_varied(worker.job), *clips_there(clips)]
    known = {clip.id for clip in there}

    def also(transaction: firestore.Transaction) -> list[outbox.Message]:
        write_clips(transaction, [clip for clip in clips if clip.id not in known])
        write_features(transaction, made.features)
        return write_end(transaction, worker.job.user_id, [event])

    worker.succeed(made.outputs(asset, clips, there), also)


def _varied(job: Job) -> list[StoredClip]:
    """Of a job that varies a clip, the variants of the lengths that it asks for which are there already, the shortest first."""
    lengths = ClipInputs.of(job).lengths
    if lengths is None:
        return []
    there = variants_of(get_clip(job.user_id, lengths.clip_id))
    return [there[seconds] for seconds in lengths.seconds if seconds in there]
