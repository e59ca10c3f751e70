"""render: a version of a komposition becomes a file, the file an asset, and every operation in it an event."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from google.cloud import firestore

from jobs.render_events import generation_events
from shared.assets import Asset, download_to, result_asset, upload_result
from shared.core import outbox
from shared.core.settings import settings
from shared.events import Event, event_messages
from shared.jobs import JobError, JobState, Worker, run_leased
from shared.kompositions import (
    Komposition,
    KompositionService,
    MediaGraph,
    SourceMedia,
    compile_komposition,
    source_assets,
)
from shared.media import Ffmpeg, MediaInfo, Progress, RenderCancelled, RunResult, find_ffmpeg, probe, run_graph

log = logging.getLogger(__name__)

DOWNLOADED, RENDERED = 0.1, 0.9
"""Progress at the end of the stages; the rest is the upload of the result."""
CONTENT_TYPE = "video/mp4"


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Render the komposition version that the job names. Done twice, there is still one result."""
    started = time.monotonic()

    def failed(worker: Worker, error: JobError) -> Callable[[firestore.Transaction], list[outbox.Message]]:
        events = generation_events(worker.job, None, None, error, (time.monotonic() - started) * 1000)
        return lambda transaction: _tell(transaction, event_messages(user_id, events))

    state = run_leased(user_id, job_id, lambda worker: _render(worker, started), failed, execution)
    log.info("render ended: %s", state)
    return state


def _render(worker: Worker, started: float) -> None:
    job = worker.job
    document = KompositionService().get_komposition(
        job.user_id, job.inputs["kompositionId"], job.inputs["kompositionVersion"]
    )
    komposition = Komposition.model_validate(document.komposition)
    with TemporaryDirectory(prefix="render-") as folder:
        media = _fetch(worker, komposition, Path(folder))
        graph = compile_komposition(komposition, media)
        output = Path(folder) / "render.mp4"
        result = _run(worker, graph, output)
        worker.report(RENDERED, "uploading")
        info = probe(output)
        worker.check()
        stored = upload_result(job.user_id, job.id, output, CONTENT_TYPE)
    asset = result_asset(job.user_id, job.id, stored, f"{document.title}.mp4", CONTENT_TYPE, info.to_json())
    events = generation_events(job, komposition, (result, info), None, (time.monotonic() - started) * 1000)
    _succeed(worker, asset, events, info)


def _fetch(worker: Worker, komposition: Komposition, folder: Path) -> dict[str, SourceMedia]:
    """Every source as a local file. The graph reads files only: FFmpeg has no way to the network."""
    assets = source_assets(worker.job.user_id, komposition)
    total = sum(asset.size or 1 for asset in assets.values())
    media, done = {}, 0
    for number, (source_id, asset) in enumerate(assets.items()):
        worker.check()
        path = folder / f"source-{number}{Path(asset.filename).suffix}"
        if asset.stored is not None:
            download_to(asset.stored, path)
        media[source_id] = SourceMedia(path, MediaInfo.model_validate(asset.media))
        done += asset.size or 1
        worker.report(DOWNLOADED * done / total, "downloading")
    return media


def _run(worker: Worker, graph: MediaGraph, output: Path) -> RunResult:
    def progressed(progress: Progress) -> None:
        worker.report(DOWNLOADED + (RENDERED - DOWNLOADED) * progress.fraction, "rendering")

    try:
        return run_graph(
            graph.arguments(output),
            duration=graph.duration,
            output=output,
            on_progress=progressed,
            should_cancel=lambda: worker.stopped,
            timeout=settings().render_timeout,
            ffmpeg=_ffmpeg(),
        )
    except RenderCancelled:
        worker.check()
        raise


def _ffmpeg() -> Ffmpeg:
    named = settings().ffmpeg
    return find_ffmpeg(Path(named)) if named else find_ffmpeg()


def _succeed(worker: Worker, asset: Asset, events: list[Event], info: MediaInfo) -> None:
    told = event_messages(worker.job.user_id, events)

    def also(transaction: firestore.Transaction) -> list[outbox.Message]:
        transaction.set(asset.reference, asset.document())
        transaction.set(asset.reference.collection("versions").document("1"), asset.document())
        return _tell(transaction, told)

    worker.succeed({"assetId": asset.id, "duration": info.duration, "size": info.size}, also)


def _tell(transaction: firestore.Transaction, messages: list[bytes]) -> list[outbox.Message]:
    return [outbox.enqueue(transaction, "events", message) for message in messages]
