"""operation: one operation is run on assets; its result becomes an asset, and what it cost an event."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from google.cloud import firestore

from jobs.operation_events import failure_event, success_event
from jobs.results import ResultFile, chosen_ffmpeg
from shared.assets import Asset, check_assets, download_to, input_assets, result_asset, upload_result
from shared.core import outbox
from shared.core.errors import Conflict
from shared.core.settings import settings
from shared.events import Event, event_messages
from shared.jobs import JobError, JobState, Worker, run_leased
from shared.media import RenderCancelled
from shared.media.operations import run_operation

log = logging.getLogger(__name__)

DOWNLOADED, MADE = 0.1, 0.9
"""Progress at the end of the stages; the rest is the upload of the result."""


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Run the operation that the job names. Done twice, there is still one result."""
    started = time.monotonic()

    def failed(worker: Worker, error: JobError) -> Callable[[firestore.Transaction], list[outbox.Message]]:
        event = failure_event(worker.job, error, (time.monotonic() - started) * 1000)
        return lambda transaction: _tell(transaction, user_id, event)

    state = run_leased(user_id, job_id, lambda worker: _work(worker, started), failed, execution)
    log.info("operation ended: %s", state)
    return state


def _work(worker: Worker, started: float) -> None:
    job = worker.job
    name, params = job.inputs["operation"], job.inputs["params"]
    assets = _assets(worker)
    request = check_assets(name, assets, params)
    with TemporaryDirectory(prefix="operation-") as folder:
        files = _fetch(worker, assets, Path(folder))
        path = Path(folder) / f"{name}.{request.container}"
        try:
            outcome = run_operation(
                name,
                files,
                params,
                path,
                on_progress=lambda done: worker.report(DOWNLOADED + (MADE - DOWNLOADED) * done, "running"),
                should_cancel=lambda: worker.stopped,
                timeout=settings().render_timeout,
                ffmpeg=chosen_ffmpeg(),
            )
        except RenderCancelled:
            worker.check()
            raise
        worker.check()
        worker.report(MADE, "uploading")
        result = ResultFile.of(path, f"{Path(assets[0].filename).stem} ({request.operation.title}).{request.container}")
        asset = _store(worker, result)
    event = success_event(job, request, assets, outcome, (time.monotonic() - started) * 1000)
    _succeed(worker, asset, result, event)


def _assets(worker: Worker) -> list[Asset]:
    """The job's inputs, in the versions that it was asked for with."""
    wanted = worker.job.inputs["inputs"]
    assets = input_assets(worker.job.user_id, [entry["assetId"] for entry in wanted])
    for place, (asset, entry) in enumerate(zip(assets, wanted, strict=True)):
        if asset.version != entry["version"]:
            detail = f"Asset {asset.id} was replaced while the job waited. Run the operation again."
            raise Conflict(detail, pointer=f"/inputs/{place}")
    return assets


def _fetch(worker: Worker, assets: list[Asset], folder: Path) -> list[Path]:
    """Every input as a local file; one that is named twice comes once. FFmpeg has no way to the network."""
    files: dict[str, Path] = {}
    total, done = sum(asset.size or 1 for asset in assets), 0
    for number, asset in enumerate(assets):
        worker.check()
        if asset.id not in files and asset.stored is not None:
            files[asset.id] = folder / f"input-{number}{Path(asset.filename).suffix}"
            download_to(asset.stored, files[asset.id])
        done += asset.size or 1
        worker.report(DOWNLOADED * done / total, "downloading")
    return [files[asset.id] for asset in assets]


def _store(worker: Worker, result: ResultFile) -> Asset:
    job = worker.job
    stored = upload_result(job.user_id, job.id, result.path, result.content_type)
    worker.check()
    media = result.info.to_json() if result.info is not None else None
    return result_asset(
        job.user_id,
        job.id,
        stored,
        result.filename,
        result.content_type,
        media,
        size=result.size,
        sha256=result.sha256,
    )


def _succeed(worker: Worker, asset: Asset, result: ResultFile, event: Event) -> None:
    def also(transaction: firestore.Transaction) -> list[outbox.Message]:
        transaction.set(asset.reference, asset.document())
        transaction.set(asset.reference.collection("versions").document("1"), asset.document())
        return _tell(transaction, worker.job.user_id, event)

    duration = result.info.duration if result.info is not None else 0.0
    worker.succeed({"assetId": asset.id, "assetIds": [asset.id], "duration": duration, "size": result.size}, also)


def _tell(transaction: firestore.Transaction, user_id: str, event: Event) -> list[outbox.Message]:
    return [outbox.enqueue(transaction, "events", message) for message in event_messages(user_id, [event])]
