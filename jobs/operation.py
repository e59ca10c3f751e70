"""operation: one operation, or a chain of them, is run on assets; the result becomes an asset, and what it cost an event."""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from google.cloud import firestore

from jobs.chain import ChainRun, is_chain
from jobs.ending import generation_begun, write_end
from jobs.gpu import gpu_use
from jobs.inputs import asked_assets, fetch
from jobs.operation_events import PROVIDER, failure_event, success_event
from jobs.quality import listed, measured, worst_score
from jobs.results import ResultFile, store_result
from shared.assets import Asset, check_assets
from shared.core import outbox
from shared.core.settings import settings
from shared.events import Event, Generation
from shared.jobs import JobError, JobState, Worker, run_leased
from shared.media import RenderCancelled, find_ffmpeg
from shared.media.operations import Outcome, Request, run_operation

log = logging.getLogger(__name__)

_SAME_PICTURE = frozenset({"convert", "resize"})
_SOUND_ONLY = frozenset({"sound", "level", "tone"})
"""Operations, and families of them, whose pictures should look as they did."""


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Run the operation or the chain that the job names. Done twice, there is still one result."""
    started = time.monotonic()
    chain = ChainRun()

    def work(worker: Worker) -> None:
        if is_chain(worker.job):
            chain.work(worker)
        else:
            _work(worker, started)

    def failed(worker: Worker, error: JobError) -> Callable[[firestore.Transaction], list[outbox.Message]]:
        elapsed = (time.monotonic() - started) * 1000
        events = (
            chain.failed(worker, error)
            if is_chain(worker.job)
            else [failure_event(worker.job, error, elapsed, worker.cost_usd)]
        )
        return lambda transaction: write_end(transaction, user_id, events)

    state = run_leased(user_id, job_id, work, failed, execution)
    log.info("operation ended: %s", state)
    return state


def _work(worker: Worker, started: float) -> None:
    worker.plan(downloading=0.1, running=0.7, measuring=0.1, uploading=0.1)
    name, params = worker.job.inputs["operation"], worker.job.inputs["params"]
    generation_begun(worker.job.user_id, f"operation-{worker.job.telling_id}", name, PROVIDER)
    assets = asked_assets(worker)
    request = check_assets(name, assets, params)
    with TemporaryDirectory(prefix="operation-") as folder:
        files = fetch(worker, assets, Path(folder))
        path = Path(folder) / f"{name}.{request.container}"
        with gpu_use() as gpu:
            outcome = _made(worker, files, path)
        result = ResultFile.of(path, f"{Path(assets[0].filename).stem} ({request.operation.title}).{request.container}")
        reports = measured(worker, [result], "measuring", files[0] if _shows_the_same(request) else None)
        worker.report(0.0, "uploading")
        asset = store_result(worker, result)
    generation = Generation(provider=PROVIDER, quality_score=worst_score(reports), cost_usd=worker.cost_usd)
    elapsed = (time.monotonic() - started) * 1000
    event = success_event(worker.job, request, assets, outcome, gpu, elapsed, generation)
    _succeed(worker, asset, result, listed([asset], reports), outcome.notes, event)


def _made(worker: Worker, files: Sequence[Path], path: Path) -> Outcome:
    """Run the operation that the job names. Raises Cancelled or LeaseLost when it is no longer ours, and KompoErrors."""
    try:
        outcome = run_operation(
            worker.job.inputs["operation"],
            files,
            worker.job.inputs["params"],
            path,
            on_progress=lambda done: worker.report(done, "running"),
            should_cancel=lambda: worker.stopped,
            timeout=settings().render_timeout,
            ffmpeg=find_ffmpeg(),
            lasting=False,  # It is put into a bucket.
        )
    except RenderCancelled:
        worker.check()
        raise
    worker.check()
    return outcome


def _shows_the_same(request: Request) -> bool:
    return request.operation.name in _SAME_PICTURE or request.operation.family in _SOUND_ONLY


def _succeed(
    worker: Worker,
    asset: Asset,
    result: ResultFile,
    quality: Sequence[dict[str, Any]],
    notes: Sequence[str],
    event: Event,
) -> None:
    def also(transaction: firestore.Transaction) -> list[outbox.Message]:
        return write_end(transaction, worker.job.user_id, [event], [asset])

    duration = result.info.duration if result.info is not None else 0.0
    outputs = {"assetId": asset.id, "assetIds": [asset.id], "duration": duration, "size": result.size}
    worker.succeed({**outputs, "quality": quality, "notes": list(notes)}, also)
