"""render: a version of a komposition becomes files, the files assets, and every operation in it an event."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from google.cloud import firestore

from jobs.ending import generation_begun, write_end
from jobs.gpu import gpu_use
from jobs.quality import listed, measured, worst_score
from jobs.render_events import PROVIDER, failure_events, success_events
from jobs.render_files import Made, make_files
from jobs.results import ResultFile
from shared.assets import Asset, download_to, result_asset, upload_result
from shared.core import outbox
from shared.events import Event, Generation
from shared.jobs import JobError, JobState, Worker, run_leased
from shared.kompositions import Komposition, KompositionService, RenderMode, source_assets, with_transcripts
from shared.media import MediaInfo
from shared.media.graph import SourceMedia

log = logging.getLogger(__name__)


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Render the komposition version that the job names, in its mode. Done twice, there is still one result.

    A worker that follows one that was killed takes over the windows that it had finished."""
    started = time.monotonic()

    def failed(worker: Worker, error: JobError) -> Callable[[firestore.Transaction], list[outbox.Message]]:
        events = failure_events(worker.job, error, (time.monotonic() - started) * 1000, worker.cost_usd)
        return lambda transaction: write_end(transaction, user_id, events)

    state = run_leased(user_id, job_id, lambda worker: _render(worker, started), failed, execution)
    log.info("render ended: %s", state)
    return state


def _render(worker: Worker, started: float) -> None:
    job = worker.job
    worker.plan(downloading=0.1, rendering=0.7, measuring=0.1, uploading=0.1)
    if job.inputs.get("mode", RenderMode.FINAL.value) == RenderMode.FINAL.value:
        generation_begun(job.user_id, f"render-{job.telling_id}", "render", PROVIDER)
    document = KompositionService().get_komposition(
        job.user_id, job.inputs["kompositionId"], job.inputs["kompositionVersion"]
    )
    komposition = with_transcripts(job.user_id, document.parse(), job.inputs.get("transcripts", {}))
    with TemporaryDirectory(prefix="render-") as folder:
        media = _fetch(worker, komposition, Path(folder))
        results = Path(folder) / "results"
        results.mkdir()
        with gpu_use() as gpu:
            made = make_files(worker, komposition, media, results, document.title, _between(worker))
        # Somebody waits for a preview.
        reports = (
            measured(worker, made.files, "measuring") if made.mode is RenderMode.FINAL else [None] * len(made.files)
        )
        assets = [_store(worker, file, number, made) for number, file in enumerate(made.files)]
    elapsed = (time.monotonic() - started) * 1000
    generation = Generation(provider=PROVIDER, quality_score=worst_score(reports), cost_usd=worker.cost_usd)
    events = success_events(job, komposition, made, generation, gpu, elapsed)
    _succeed(worker, assets, made, listed(assets, reports), events)


def _between(worker: Worker) -> Callable[[float], None]:
    """Hears how far rendering is, from 0 to 1."""
    return lambda fraction: worker.report(fraction, "rendering")


def _fetch(worker: Worker, komposition: Komposition, folder: Path) -> dict[str, SourceMedia]:
    """Every source as a local file. The graph reads files only: FFmpeg has no way to the network."""
    assets = source_assets(worker.job.user_id, komposition)
    total = sum(asset.size or 1 for asset in assets.values())
    media: dict[str, SourceMedia] = {}
    files: dict[str, Path] = {}
    done = 0
    for number, (source_id, asset) in enumerate(assets.items()):
        worker.check()
        if asset.id not in files and asset.stored is not None:
            files[asset.id] = folder / f"source-{number}{Path(asset.filename).suffix}"
            download_to(asset.stored, files[asset.id])
        media[source_id] = SourceMedia(files[asset.id], MediaInfo.model_validate(asset.media))
        done += asset.size or 1
        worker.report(done / total, "downloading")
    return media


def _store(worker: Worker, file: ResultFile, number: int, made: Made) -> Asset:
    """Upload a result; its parts may be taken from it from now on."""
    worker.check()
    worker.report(number / len(made.files), "uploading")
    job = worker.job
    stored = upload_result(job.user_id, job.id, file.path, file.content_type)
    made.cache.published(file.path, stored)
    media = file.info.to_json() if file.info is not None else None
    return result_asset(
        job.user_id,
        job.id,
        stored,
        file.filename,
        file.content_type,
        media,
        size=file.size,
        sha256=file.sha256,
        number=number,
    )


def _succeed(
    worker: Worker, assets: list[Asset], made: Made, quality: list[dict[str, Any]], events: list[Event]
) -> None:
    def also(transaction: firestore.Transaction) -> list[outbox.Message]:
        return write_end(transaction, worker.job.user_id, events, assets)

    first = made.files[0]
    outputs = {
        "assetId": assets[0].id,
        "assetIds": [asset.id for asset in assets],
        "duration": first.info.duration if first.info is not None else 0.0,
        "size": first.size,
        "quality": quality,
    }
    if made.rendered is not None:
        plan = made.rendered.plan
        outputs |= {
            "encodedFrames": plan.encoded_frames,
            "cachedFrames": plan.cached_frames,
            "copiedFrames": plan.copied_frames,
            "notes": list(made.rendered.notes),
        }
    worker.succeed(outputs, also)
