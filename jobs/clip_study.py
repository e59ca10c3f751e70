"""What a clip job finds out: which moments are to be clips, or how long a clip can be, and what is seen of each."""

from pathlib import Path

from shared.analysis import MediaAnalysis
from shared.clips import ClipInputs, get_clip, variants_of, weights_for
from shared.clips.finding import Found, Hearing, Known, find_clips
from shared.clips.framing import plan_framing_of
from shared.clips.lengths import find_lengths
from shared.clips.llm import StoredAnswers
from shared.clips.ranking import get_ranker
from shared.clips.selector import ClipSelector
from shared.clips.stage import Stage
from shared.jobs import Worker
from shared.media import RenderCancelled
from shared.media.reframing import ReframePlan
from shared.transcripts import KeptOfJob, TranscriptionCancelled, bring_weights, get_transcript
from shared.transcripts import TranscribeRequest as Request


def find(worker: Worker, inputs: ClipInputs, path: Path, known: MediaAnalysis | None, kept: KeptOfJob) -> Found:
    """The clips to be made. Raises Cancelled or LeaseLost when the job is no longer ours, and KompoErrors."""
    given = get_transcript(worker.job.user_id, inputs.transcript_id).transcript if inputs.transcript_id else None
    told = _Told(worker, heard=given is not None, seen=known is not None)
    finding = _moments if inputs.lengths is None else _lengths
    try:
        return finding(worker, inputs, path, Known(transcript=given, analysis=known), kept, told)
    except (TranscriptionCancelled, RenderCancelled):
        worker.check()
        raise


def frame(worker: Worker, inputs: ClipInputs, path: Path, found: Found) -> list[tuple[ReframePlan, ...]]:
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


def _moments(worker: Worker, inputs: ClipInputs, path: Path, known: Known, kept: KeptOfJob, told: _Told) -> Found:
    user_id, options = worker.job.user_id, inputs.options
    if known.transcript is None:
        bring_weights(Request(engine=options.engine, language=options.language))
    return find_clips(
        path,
        inputs.request,
        known=known,
        hearing=Hearing(options.engine, options.language, options.speakers, kept),
        selector=ClipSelector(get_ranker(options.ranker, answers=StoredAnswers(user_id))),
        weights=weights_for(user_id, inputs.request.category),
        asset_id=inputs.asset_id,
        variants=options.variants,
        tidy=options.tidy,
        on_stage=told.tell,
        should_cancel=lambda: worker.stopped,
    )


def _lengths(worker: Worker, inputs: ClipInputs, path: Path, known: Known, _kept: KeptOfJob, told: _Told) -> Found:
    """The lengths in which the clip is not there yet."""
    assert inputs.lengths is not None
    user_id = worker.job.user_id
    clip = get_clip(user_id, inputs.lengths.clip_id)
    there = variants_of(clip)
    return find_lengths(
        path,
        clip.clip,
        [float(length) for length in inputs.lengths.seconds if length not in there],
        inputs.request,
        known=known,
        weights=weights_for(user_id, inputs.request.category),
        asset_id=inputs.asset_id,
        tidy=inputs.options.tidy,
        on_stage=told.tell,
        should_cancel=lambda: worker.stopped,
    )
