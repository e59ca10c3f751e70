"""The event of an operation: what was run on what, and what it cost."""

from collections.abc import Sequence

from jobs.events import suffix_of
from jobs.gpu import GpuUse
from shared.assets import Asset
from shared.events import Event, FileType, Generation, Metrics, Operation, SizeCategory
from shared.jobs import Job, JobError, failed_event, job_event
from shared.media import MediaInfo
from shared.media.operations import Outcome, Request

PROVIDER = "ffmpeg"


def success_event(
    job: Job,
    request: Request,
    assets: Sequence[Asset],
    outcome: Outcome,
    gpu: GpuUse,
    elapsed: float,
    generation: Generation,
) -> Event:
    """What was done. `elapsed`: of the whole job, milliseconds. Parameters lose what is personal before they leave."""
    size = sum(asset.size or 0 for asset in assets)
    source = MediaInfo.model_validate(assets[0].media)
    told = operation_told(request, source, suffix_of(assets[0].filename), size, outcome.size)
    return job_event(job, told, metrics_of(outcome, gpu, elapsed), generation)


def operation_told(
    request: Request, source: MediaInfo, input_format: str | None, size: int, output_size: int
) -> Operation:
    """What was done to what: `source` is the first input, `size` the bytes of all, `output_size` those of the result."""
    return Operation(
        type=request.operation.name,
        input_format=input_format,
        output_format=request.container,
        source_file_type=FileType(source.kind),
        parameters=request.params.model_dump(mode="json", exclude_none=True) or None,
        file_size=size,
        file_size_category=SizeCategory.of(size),
        output_size=output_size,
    )


def metrics_of(outcome: Outcome, gpu: GpuUse, elapsed: float) -> Metrics:
    """What it cost. `elapsed`: milliseconds."""
    return Metrics(
        success=True,
        processing_time=elapsed,
        cpu_usage=100 * outcome.cpu_seconds / max(outcome.wall_seconds, 0.001),
        memory_usage=outcome.peak_memory / 1e6,
        disk_operations=outcome.disk_operations,
        gpu_usage=gpu.percent,
    )


def failure_event(job: Job, error: JobError, elapsed: float, cost_usd: float) -> Event:
    """Why it was not done, with which parameters, and what it cost all the same. `elapsed`: milliseconds of this attempt."""
    event = failed_event(job, job.inputs["operation"], error, elapsed)
    return event.model_copy(update={"generation": Generation(provider=PROVIDER, cost_usd=cost_usd)})
