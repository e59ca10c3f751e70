"""transcribe: what is said in an asset becomes a transcript of it, word by word."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from google.cloud import firestore

from jobs.ending import run_to_end, write_end
from jobs.gpu import GpuUse, gpu_use
from jobs.inputs import asked_asset, fetch_source
from jobs.listening import keep_sound
from jobs.transcribe_events import failure_event, success_event
from shared.assets import Asset
from shared.core import outbox
from shared.jobs import JobState, Worker
from shared.media import find_ffmpeg
from shared.transcripts import (
    KeptOfJob,
    TranscribeRequest,
    Transcript,
    TranscriptionCancelled,
    bring_weights,
    create_transcript,
    forget_heard,
    transcribe,
)
from shared.transcripts.editing import align_transcript


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Transcribe the asset that the job names. Done twice, there is still one transcript, with the edits that it has.

    A worker that follows one that was killed does not hear again what that has heard."""
    state = run_to_end(user_id, job_id, execution, _work, failure_event)
    forget_heard(user_id, job_id)
    return state


def _work(worker: Worker) -> None:
    worker.plan(downloading=0.05, transcribing=0.9, listening=0.03, saving=0.02)
    request = TranscribeRequest.model_validate(worker.job.inputs["params"])
    asset, kept = asked_asset(worker), KeptOfJob(worker.job)
    with TemporaryDirectory(prefix="transcribe-") as folder, gpu_use() as gpu:
        path = fetch_source(worker, asset, Path(folder))
        bring_weights(request)
        transcript = _heard(worker, request, path, kept)
        keep_sound(worker, asset, path)
    worker.check()
    worker.report(0.0, "saving")
    _succeed(worker, asset, transcript, _saved(worker, request, asset, transcript), gpu)


def _saved(worker: Worker, request: TranscribeRequest, asset: Asset, heard: Transcript) -> str:
    """The id of the transcript: a new one, or the one that was to be aligned. Done twice, it is done once."""
    if request.align is not None:
        return align_transcript(worker.job.user_id, request.align, heard)[0].id
    title = request.title or Path(asset.filename).stem
    return create_transcript(worker.job.user_id, worker.job.id, asset.id, heard, title=title).id


def _heard(worker: Worker, request: TranscribeRequest, path: Path, kept: KeptOfJob) -> Transcript:
    """Raises Cancelled or LeaseLost when the job is no longer ours, and KompoErrors."""
    try:
        return transcribe(
            path,
            engine=request.engine,
            model=request.model,
            device=request.engine_device,
            language=request.language,
            speakers=request.speakers,
            on_progress=lambda fraction: worker.report(fraction, "transcribing"),
            should_cancel=lambda: worker.stopped,
            kept=kept,
            ffmpeg=find_ffmpeg(),
        )
    except TranscriptionCancelled:
        worker.check()
        raise


def _succeed(worker: Worker, asset: Asset, transcript: Transcript, transcript_id: str, gpu: GpuUse) -> None:
    event = success_event(worker.job, asset, transcript, gpu, worker.attempt_seconds * 1000)

    def also(transaction: firestore.Transaction) -> list[outbox.Message]:
        return write_end(transaction, worker.job.user_id, [event])

    origin = transcript.origin
    outputs: dict[str, Any] = {
        "transcriptId": transcript_id,
        "assetId": asset.id,
        "language": transcript.language,
        "words": sum(1 for _ in transcript.words),
        "speakers": len(transcript.speakers),
        "duration": transcript.duration,
        "removedByVad": transcript.removed_by_vad,
        "engine": origin.model_dump(by_alias=True, include={"name", "model", "device", "draft"}) if origin else None,
    }
    worker.succeed(outputs, also)
