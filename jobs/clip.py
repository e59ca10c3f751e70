"""clip: the best moments of an asset become clips of its owner, each with a komposition to edit and to render."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from google.cloud import firestore

from jobs.clip_events import failure_event, success_event
from jobs.ending import run_to_end, write_end
from jobs.inputs import asked_asset, fetch_source
from jobs.listening import keep_sound
from shared.analysis import Feature, MediaAnalysis, keep_analysis, known_analysis, write_features
from shared.assets import Asset
from shared.clips import ClipInputs, StoredClip, made_clips, weights_for, write_clips
from shared.clips.finding import Found, Hearing, Known, find_clips
from shared.clips.framing import plan_framing_of
from shared.clips.llm import StoredAnswers
from shared.clips.ranking import get_ranker
from shared.clips.saving import render_all, save_kompositions
from shared.clips.selector import ClipSelector
from shared.clips.stage import Stage
from shared.core import outbox
from shared.jobs import JobState, Worker
from shared.kompositions import KompositionDocument
from shared.media import RenderCancelled
from shared.media.reframing import ReframePlan
from shared.transcripts import KeptOfJob, TranscriptionCancelled, bring_weights, create_transcript, get_transcript
from shared.transcripts import TranscribeRequest as Request


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Make the clips that the job asks for. Done twice, there are still the same clips, with the edits that they have."""
    return run_to_end(user_id, job_id, execution, _work, failure_event)


def _work(worker: Worker) -> None:
    worker.plan(downloading=0.05, studying=0.72, selecting=0.05, framing=0.1, listening=0.03, composing=0.05)
    inputs, asset, kept = ClipInputs.of(worker.job), asked_asset(worker), KeptOfJob(worker.job)
    known = known_analysis(asset)
    with TemporaryDirectory(prefix="clip-") as folder:
        path = fetch_source(worker, asset, Path(folder))
        found = _found(worker, inputs, path, known, kept)
        plans = _framed(worker, inputs, path, found)
        keep_sound(worker, asset, path)
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
    kept.forget()


@dataclass(frozen=True)
class _Made:
    """What a job has made, still to be told of."""

    found: Found
    plans: Sequence[Sequence[ReframePlan]]
    transcript_id: str
    documents: Sequence[KompositionDocument]
    renders: Sequence[str]
    features: Sequence[Feature]

    def outputs(self, asset: Asset, clips: Sequence[StoredClip]) -> dict[str, Any]:
        """What the job tells of it."""
        selection = self.found.selection
        return {
            "assetId": asset.id,
            "transcriptId": self.transcript_id,
            "clipIds": [clip.id for clip in clips],
            "kompositionIds": [document.id for document in self.documents],
            "renderJobIds": list(self.renders),
            "framing": [
                {"clipId": clip.id, **plan.metrics.model_dump(by_alias=True)}
                for clip, plans in zip(clips, self.plans, strict=True)
                for plan in plans
            ],
            "considered": selection.considered,
            "ranker": selection.ranker,
            "notes": list(selection.notes),
        }


def _found(worker: Worker, inputs: ClipInputs, path: Path, known: MediaAnalysis | None, kept: KeptOfJob) -> Found:
    """Raises Cancelled or LeaseLost when the job is no longer ours, and KompoErrors."""
    user_id, options = worker.job.user_id, inputs.options
    given = get_transcript(user_id, inputs.transcript_id).transcript if inputs.transcript_id else None
    if given is None:
        bring_weights(Request(engine=options.engine, language=options.language))
    try:
        return find_clips(
            path,
            inputs.request,
            known=Known(transcript=given, analysis=known),
            hearing=Hearing(options.engine, options.language, options.speakers, kept),
            selector=ClipSelector(get_ranker(options.ranker, answers=StoredAnswers(user_id))),
            weights=weights_for(user_id, inputs.request.category),
            asset_id=inputs.asset_id,
            variants=options.variants,
            on_stage=_Told(worker, heard=given is not None, seen=known is not None).tell,
            should_cancel=lambda: worker.stopped,
        )
    except (TranscriptionCancelled, RenderCancelled):
        worker.check()
        raise


def _framed(worker: Worker, inputs: ClipInputs, path: Path, found: Found) -> list[tuple[ReframePlan, ...]]:
    """What of each clip is seen. Raises Cancelled or LeaseLost when the job is no longer ours."""
    clips, plans = found.selection.clips, []
    for number, clip in enumerate(clips):
        worker.report(number / len(clips), "framing")
        try:
            plans.append(
                plan_framing_of(
                    clip,
                    path,
                    found.recording,
                    found.analysis,
                    inputs.options.look,
                    should_cancel=lambda: worker.stopped,
                )
            )
        except RenderCancelled:
            worker.check()
            raise
    return plans


class _Told:
    """Turns stages that go on side by side into the progress of a job, which tells how far both are together."""

    def __init__(self, worker: Worker, *, heard: bool, seen: bool) -> None:
        self._worker = worker
        self._done = {Stage.TRANSCRIBING: float(heard), Stage.ANALYSING: float(seen)}

    def tell(self, stage: Stage, fraction: float) -> None:
        """Hear of a stage."""
        if stage in self._done:
            self._done[stage] = fraction
            self._worker.report(sum(self._done.values()) / len(self._done), "studying")
        else:
            self._worker.report(fraction, "selecting")


def _kept_transcript(worker: Worker, asset: Asset, found: Found) -> str:
    """Keep what was heard as a transcript of its own; its id."""
    title = Path(asset.filename).stem
    job = worker.job
    return create_transcript(job.user_id, job.id, asset.id, found.recording.transcript, title=title).id


def _succeed(worker: Worker, asset: Asset, made: _Made) -> None:
    clips = made_clips(worker.job, made.transcript_id, made.found.selection, made.documents)
    event = success_event(worker.job, asset, made.found, worker.attempt_seconds * 1000)

    def also(transaction: firestore.Transaction) -> list[outbox.Message]:
        write_clips(transaction, clips)
        write_features(transaction, made.features)
        return write_end(transaction, worker.job.user_id, [event])

    worker.succeed(made.outputs(asset, clips), also)
