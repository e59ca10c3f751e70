"""render: a version of a komposition becomes files, the files assets, and every operation in it an event."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from google.cloud import firestore

from jobs.render_events import failure_events, success_events
from jobs.render_files import Made, make_files
from jobs.results import ResultFile
from shared.assets import Asset, download_to, result_asset, upload_result
from shared.core import outbox
from shared.events import Event, event_messages
from shared.jobs import JobError, JobState, Worker, run_leased
from shared.kompositions import Komposition, KompositionService, source_assets
from shared.kompositions.passes import CloudCache
from shared.media import MediaInfo
from shared.media.graph import SourceMedia

log = logging.getLogger(__name__)

DOWNLOADED, RENDERED = 0.1, 0.9
"""Progress at the end of the stages; the rest is the upload of the results."""


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Render the komposition version that the job names, in its mode. Done twice, there is still one result.

    A worker that follows one that was killed takes over the windows that it had finished."""
    started = time.monotonic()

    def failed(worker: Worker, error: JobError) -> Callable[[firestore.Transaction], list[outbox.Message]]:
        events = failure_events(worker.job, error, (time.monotonic() - started) * 1000)
        return lambda transaction: _tell(transaction, event_messages(user_id, events))

    state = run_leased(user_id, job_id, lambda worker: _render(worker, started), failed, execution)
    log.info("render ended: %s", state)
    return state


def _render(worker: Worker, started: float) -> None:
    job = worker.job
    document = KompositionService().get_komposition(
        job.user_id, job.inputs["kompositionId"], job.inputs["kompositionVersion"]
    )
    komposition = document.parse()
    with TemporaryDirectory(prefix="render-") as folder:
        media = _fetch(worker, komposition, Path(folder))
        results = Path(folder) / "results"
        results.mkdir()
        made = make_files(worker, komposition, media, results, document.title, _between(worker))
        worker.report(RENDERED, "uploading")
        assets = [_store(worker, file, number, made.cache) for number, file in enumerate(made.files)]
    events = success_events(job, komposition, made, (time.monotonic() - started) * 1000)
    _succeed(worker, assets, made, events)


def _between(worker: Worker) -> Callable[[float], None]:
    """Hears how far rendering is, from 0 to 1."""
    return lambda fraction: worker.report(DOWNLOADED + (RENDERED - DOWNLOADED) * fraction, "rendering")


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
        worker.report(DOWNLOADED * done / total, "downloading")
    return media


def _store(worker: Worker, file: ResultFile, number: int, cache: CloudCache) -> Asset:
    """Upload a result; its parts may be taken from it from now on."""
    worker.check()
    job = worker.job
    stored = upload_result(job.user_id, job.id, file.path, file.content_type)
    cache.published(file.path, stored)
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


def _succeed(worker: Worker, assets: list[Asset], made: Made, events: list[Event]) -> None:
    told = event_messages(worker.job.user_id, events)

    def also(transaction: firestore.Transaction) -> list[outbox.Message]:
        for asset in assets:
            transaction.set(asset.reference, asset.document())
            transaction.set(asset.reference.collection("versions").document("1"), asset.document())
        return _tell(transaction, told)

    first = made.files[0]
    outputs = {
        "assetId": assets[0].id,
        "assetIds": [asset.id for asset in assets],
        "duration": first.info.duration if first.info is not None else 0.0,
        "size": first.size,
    }
    if made.rendered is not None:
        plan = made.rendered.plan
        outputs |= {
            "encodedFrames": plan.encoded_frames,
            "cachedFrames": plan.cached_frames,
            "copiedFrames": plan.copied_frames,
        }
    worker.succeed(outputs, also)


def _tell(transaction: firestore.Transaction, messages: list[bytes]) -> list[outbox.Message]:
    return [outbox.enqueue(transaction, "events", message) for message in messages]
