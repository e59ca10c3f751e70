"""The event of a transcode: into what, and what it cost."""

from jobs.events import suffix_of
from jobs.transcode_film import Film
from jobs.transcode_place import Workplace
from shared.assets import Asset
from shared.core.clock import now
from shared.events import Event, FileType, Generation, Metrics, Operation, SizeCategory
from shared.jobs import Job, JobError, failed_event, job_event

TYPE = "transcode"
PROVIDER = "ffmpeg"


def success_event(job: Job, place: Workplace, film: Film, asset: Asset, generation: Generation) -> Event:
    """What was made. Parameters lose what is personal before they leave."""
    source = place.asset
    size = source.size or 0
    operation = Operation(
        type=TYPE,
        input_format=suffix_of(source.filename),
        output_format=suffix_of(asset.filename),
        source_file_type=FileType(place.plan.info.kind),
        parameters={
            **place.plan.request.model_dump(mode="json", exclude_none=True),
            "chunks": film.chunks,
            "tasks": job.tasks,
        },
        file_size=size,
        file_size_category=SizeCategory.of(size),
        output_size=asset.size,
    )
    elapsed = (now() - (job.started or job.created)).total_seconds() * 1000
    metrics = Metrics(
        success=True,
        processing_time=elapsed,
        cpu_usage=100 * film.cpu_seconds / max(film.wall_seconds, 0.001),
        memory_usage=film.peak_memory / 1e6,
        disk_operations=film.disk_operations,
        gpu_usage=film.gpu_usage,
    )
    return job_event(job, operation, metrics, generation)


def failure_event(job: Job, error: JobError, elapsed: float, cost_usd: float) -> Event:
    """Why it was not made, with which parameters, and what it cost all the same. `elapsed`: milliseconds of this attempt."""
    event = failed_event(job, TYPE, error, elapsed)
    return event.model_copy(update={"generation": Generation(provider=PROVIDER, cost_usd=cost_usd)})
