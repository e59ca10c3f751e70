"""The result of a transcode: the film becomes an asset, and what it took is compared with what was foreseen."""

import hashlib
import logging
from pathlib import Path
from typing import Any

from google.api_core.exceptions import GoogleAPIError
from google.cloud import firestore

from jobs.ending import write_end
from jobs.quality import listed, measured, worst_score
from jobs.results import CONTENT_TYPES, ResultFile
from jobs.transcode_events import PROVIDER, success_event
from jobs.transcode_film import Film
from jobs.transcode_place import Workplace
from shared.assets import Asset, result_asset, upload_package, upload_result
from shared.core import outbox
from shared.core.clock import now
from shared.events import Generation
from shared.jobs import Job, Worker
from shared.transcodes import forget_files, learn_speeds

log = logging.getLogger(__name__)


def succeed(worker: Worker, place: Workplace, film: Film) -> None:
    """Store the film and end the job well. Raises Cancelled or LeaseLost."""
    worker.check()
    best = ResultFile.of(film.best, film.best.name)
    reports = measured(worker, [best], "measuring", place.source)
    worker.report(0, "uploading")
    asset = _store(place, film, best)
    outputs = {
        **_outputs(place, film, asset),
        "quality": listed([asset], reports),
        "prediction": _compared(worker.job),
    }
    generation = Generation(provider=PROVIDER, quality_score=worst_score(reports), cost_usd=worker.cost_usd)
    event = success_event(worker.job, place, film, asset, generation)

    def also(transaction: firestore.Transaction) -> list[outbox.Message]:
        return write_end(transaction, worker.job.user_id, [event], [asset])

    worker.succeed(outputs, also)
    _tidy(worker.job, film)


def _store(place: Workplace, film: Film, best: ResultFile) -> Asset:
    info = best.info if film.best == film.entry else None
    job, content_type, folder = place.job, CONTENT_TYPES[film.entry.suffix[1:]], None
    if film.is_package:
        types = {f".{suffix}": content_type for suffix, content_type in CONTENT_TYPES.items()}
        stored, folder = upload_package(job.user_id, job.id, film.entry, types)
    else:
        stored = upload_result(job.user_id, job.id, film.entry, content_type)
    profile = place.plan.request.profile or "transcode"
    return result_asset(
        job.user_id,
        job.id,
        stored,
        f"{Path(place.asset.filename).stem} ({profile.replace('_', ' ')}){film.entry.suffix}",
        content_type,
        info.to_json() if info is not None else None,
        size=sum(path.stat().st_size for path in film.entry.parent.iterdir()),
        sha256=info.sha256 if info is not None else hashlib.sha256(film.entry.read_bytes()).hexdigest(),
        folder=folder,
        sidecars=film.sidecars,
    )


def _outputs(place: Workplace, film: Film, asset: Asset) -> dict[str, Any]:
    return {
        "assetId": asset.id,
        "assetIds": [asset.id],
        "duration": float(place.plan.seconds),
        "size": asset.size,
        "frames": place.plan.frames,
        "renditions": [rendition.name for rendition in place.plan.renditions],
        "sidecars": [sidecar.model_dump(by_alias=True) for sidecar in film.sidecars],
        "encoders": sorted(film.encoders),
        "decoders": sorted(film.decoders),
        "fellBack": film.fell_back,
        "chunks": film.chunks,
        "tasks": place.job.tasks,
    }


def _compared(job: Job) -> dict[str, float]:
    """What was foreseen against what it took, from the request on; the ratio is above 1 when it took longer."""
    foreseen, took = float(job.inputs["prediction"]["seconds"]), (now() - job.created).total_seconds()
    return {"predictedSeconds": foreseen, "actualSeconds": round(took, 1), "ratio": round(took / max(foreseen, 0.1), 3)}


def _tidy(job: Job, film: Film) -> None:
    """What is left to do once the job has ended; nothing depends on it."""
    started = (job.started - job.created).total_seconds() if job.started and job.attempts == 1 else None
    try:
        learn_speeds(job.user_id, {**film.speeds, **({"start": started} if started else {})})
        forget_files(job)
    except GoogleAPIError:
        log.warning("what a job leaves could not be tidied up", exc_info=True)
