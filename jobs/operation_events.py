"""The event of an operation: what was run on what, and what it cost."""

from collections.abc import Sequence
from pathlib import Path

from pydantic.alias_generators import to_snake

from jobs.gpu import GpuUse
from shared.assets import Asset
from shared.core.clock import now
from shared.events import Context, Event, EventType, FileType, Metrics, Operation, Platform, SizeCategory
from shared.jobs import Job, JobError
from shared.media import MediaInfo
from shared.media.operations import Outcome, Request

_LONGEST_SUFFIX = 16


def success_event(
    job: Job, request: Request, assets: Sequence[Asset], outcome: Outcome, gpu: GpuUse, elapsed: float
) -> Event:
    """What was done. `elapsed`: of the whole job, milliseconds. Parameters lose what is personal before they leave."""
    source = MediaInfo.model_validate(assets[0].media)
    size = sum(asset.size or 0 for asset in assets)
    operation = Operation(
        type=request.operation.name,
        input_format=suffix_of(assets[0].filename),
        output_format=request.container,
        source_file_type=FileType(source.kind),
        parameters=request.params.model_dump(mode="json", exclude_none=True) or None,
        file_size=size,
        file_size_category=SizeCategory.of(size),
    )
    metrics = Metrics(
        success=True,
        processing_time=elapsed,
        cpu_usage=100 * outcome.cpu_seconds / max(outcome.wall_seconds, 0.001),
        memory_usage=outcome.peak_memory / 1e6,
        disk_operations=outcome.disk_operations,
        gpu_usage=gpu.percent,
    )
    return _event(job, operation, metrics)


def failure_event(job: Job, error: JobError, elapsed: float) -> Event:
    """Why it was not done, and with which parameters."""
    metrics = Metrics(success=False, processing_time=elapsed, error_code=error.type, error_message=error.detail)
    parameters = {to_snake(name): value for name, value in job.inputs["params"].items()}
    return _event(job, Operation(type=job.inputs["operation"], parameters=parameters or None), metrics)


def _event(job: Job, operation: Operation, metrics: Metrics) -> Event:
    """Its id follows from the job's: told twice, it counts once."""
    return Event(
        event_id=f"operation-{job.id}",
        timestamp=now(),
        platform=Platform.API,
        event_type=EventType.OPERATION,
        operation=operation,
        metrics=metrics,
        context=Context(workflow_type="operation", workflow_id=job.id, session_id=job.id),
    )


def suffix_of(filename: str) -> str | None:
    """What a file's name says of its format, if that is a word that events can hold."""
    suffix = Path(filename).suffix[1:].lower()
    return suffix if suffix.isascii() and suffix.isalnum() and len(suffix) <= _LONGEST_SUFFIX else None
