"""analyze: what is seen and heard in an asset is found out and kept with it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from google.cloud import firestore

from jobs.analyze_events import failure_event, success_event
from jobs.ending import run_to_end, write_end
from jobs.inputs import asked_asset, fetch_source
from jobs.listening import keep_sound
from shared.analysis import AnalyzeRequest, MediaAnalysis, analyze_media, counts_of, keep_analysis, write_features
from shared.core import outbox
from shared.jobs import JobState, Worker
from shared.media import RenderCancelled


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Analyse the asset that the job names. Done twice, the second answer replaces the first."""
    return run_to_end(user_id, job_id, execution, _work, failure_event)


def _work(worker: Worker) -> None:
    worker.plan(downloading=0.1, analysing=0.8, listening=0.05, saving=0.05)
    asset = asked_asset(worker)
    request = AnalyzeRequest.model_validate(worker.job.inputs["params"])
    with TemporaryDirectory(prefix="analyze-") as folder:
        path = fetch_source(worker, asset, Path(folder))
        analysis = _found_out(worker, request, path)
        keep_sound(worker, asset, path)
    worker.check()
    worker.report(0.0, "saving")
    features = keep_analysis(asset, analysis, faces=request.faces)
    event = success_event(worker.job, asset, worker.attempt_seconds * 1000)

    def also(transaction: firestore.Transaction) -> list[outbox.Message]:
        write_features(transaction, features)
        return write_end(transaction, worker.job.user_id, [event])

    worker.succeed({"assetId": asset.id, "duration": analysis.duration, **counts_of(analysis)}, also)


def _found_out(worker: Worker, request: AnalyzeRequest, path: Path) -> MediaAnalysis:
    """Raises Cancelled or LeaseLost when the job is no longer ours, and KompoErrors."""
    try:
        return analyze_media(
            path,
            on_progress=lambda fraction: worker.report(fraction, "analysing"),
            should_cancel=lambda: worker.stopped,
            faces=request.faces,
        )
    except RenderCancelled:
        worker.check()
        raise
