"""clip: the best moments of an asset become clips of its owner, each with a komposition to edit and to render."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from google.cloud import firestore

from jobs.clip_events import failure_event, success_event
from jobs.ending import write_end
from shared.analysis import known_analysis
from shared.assets import Asset, download_to, get_asset
from shared.clips import ClipInputs, made_clips, weights_for, write_clips
from shared.clips.finding import Found, Hearing, Known, find_clips
from shared.clips.framing import plan_framing_of
from shared.clips.llm import StoredAnswers
from shared.clips.ranking import get_ranker
from shared.clips.saving import render_all, save_kompositions
from shared.clips.selector import ClipSelector
from shared.clips.stage import Stage
from shared.core import outbox
from shared.core.errors import Conflict
from shared.jobs import JobError, JobState, Worker, run_leased
from shared.kompositions import KompositionDocument
from shared.media import RenderCancelled
from shared.media.reframing import ReframePlan
from shared.transcripts import KeptOfJob, TranscriptionCancelled, bring_weights, create_transcript, get_transcript
from shared.transcripts import TranscribeRequest as Request

log = logging.getLogger(__name__)

_STUDY = (Stage.TRANSCRIBING, Stage.ANALYSING)
"""Stages that go on side by side: the job tells how far both are together."""


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Make the clips that the job asks for. Done twice, there are still the same clips, with the edits that they have."""
    started = time.monotonic()

    def failed(worker: Worker, error: JobError) -> Callable[[firestore.Transaction], list[outbox.Message]]:
        event = failure_event(worker.job, error, (time.monotonic() - started) * 1000)
        return lambda transaction: write_end(transaction, user_id, [event])

    state = run_leased(user_id, job_id, _work, failed, execution)
    log.info("clip ended: %s", state)
    return state


def _work(worker: Worker) -> None:
    worker.plan(downloading=0.05, studying=0.75, selecting=0.05, framing=0.1, composing=0.05)
    inputs, asset, kept = ClipInputs.of(worker.job), _asked(worker), KeptOfJob(worker.job)
    with TemporaryDirectory(prefix="clip-") as folder:
        path = Path(folder) / f"source{Path(asset.filename).suffix}"
        if asset.stored is not None:
            download_to(asset.stored, path)
        worker.report(1.0, "downloading")
        found = _found(worker, inputs, asset, path, kept)
        plans = _framed(worker, inputs, path, found)
    worker.check()
    worker.report(0.0, "composing")
    transcript_id = inputs.transcript_id or _kept_transcript(worker, asset, found)
    documents = save_kompositions(worker.job, found, inputs.options.look, plans)
    renders = render_all(documents) if inputs.options.render else []
    _succeed(worker, asset, found, plans, transcript_id, documents, renders)
    kept.forget()


def _asked(worker: Worker) -> Asset:
    """The asset in the version that the job was asked for with. Raises NotFound or Conflict."""
    asset = get_asset(worker.job.user_id, worker.job.inputs["assetId"])
    if asset.version != worker.job.inputs["version"]:
        raise Conflict(f"Asset {asset.id} was replaced while the job waited. Ask for its clips again.")
    return asset


def _found(worker: Worker, inputs: ClipInputs, asset: Asset, path: Path, kept: KeptOfJob) -> Found:
    """Raises Cancelled or LeaseLost when the job is no longer ours, and KompoErrors."""
    user_id, options = worker.job.user_id, inputs.options
    given = get_transcript(user_id, inputs.transcript_id).transcript if inputs.transcript_id else None
    if given is None:
        bring_weights(Request(engine=options.engine, language=options.language))
    try:
        return find_clips(
            path,
            inputs.request,
            known=Known(transcript=given, analysis=known_analysis(asset)),
            hearing=Hearing(options.engine, options.language, options.speakers, kept),
            selector=ClipSelector(get_ranker(options.ranker, answers=StoredAnswers(user_id))),
            weights=weights_for(user_id, inputs.request.category),
            asset_id=inputs.asset_id,
            on_stage=_Told(worker, heard=given is not None).tell,
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
    """Turns stages that go on side by side into the progress of a job."""

    def __init__(self, worker: Worker, *, heard: bool) -> None:
        self._worker = worker
        self._done = dict.fromkeys(_STUDY, 0.0)
        if heard:
            self._done[Stage.TRANSCRIBING] = 1.0

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


def _succeed(
    worker: Worker,
    asset: Asset,
    found: Found,
    plans: list[tuple[ReframePlan, ...]],
    transcript_id: str,
    documents: list[KompositionDocument],
    renders: list[str],
) -> None:
    clips = made_clips(worker.job, transcript_id, found.selection, documents)
    event = success_event(worker.job, asset, found, worker.attempt_seconds * 1000)

    def also(transaction: firestore.Transaction) -> list[outbox.Message]:
        write_clips(transaction, clips)
        return write_end(transaction, worker.job.user_id, [event])

    outputs = {
        "assetId": asset.id,
        "transcriptId": transcript_id,
        "clipIds": [clip.id for clip in clips],
        "kompositionIds": [document.id for document in documents],
        "renderJobIds": renders,
        "framing": [
            {"clipId": clip.id, **plan.metrics.model_dump(by_alias=True)}
            for clip, each in zip(clips, plans, strict=True)
            for plan in each
        ],
        "considered": found.selection.considered,
        "ranker": found.selection.ranker,
        "notes": list(found.selection.notes),
    }
    worker.succeed(outputs, also)
