"""The event of an analysis: of what, and what it cost."""

from jobs.events import suffix_of
from shared.assets import Asset
from shared.events import Event, FileType, Metrics, Operation, SizeCategory
from shared.jobs import Job, JobError, failed_event, job_event
from shared.media import MediaInfo

TYPE = "analyze"


def success_event(job: Job, asset: Asset, elapsed: float) -> Event:
    """What was analysed; nothing of what was found. `elapsed`: milliseconds of this attempt."""
    size = asset.size or 0
    operation = Operation(
        type=TYPE,
        input_format=suffix_of(asset.filename),
        output_format="json",
        source_file_type=FileType(MediaInfo.model_validate(asset.media).kind),
        parameters=job.inputs["params"] or None,
        file_size=size,
        file_size_category=SizeCategory.of(size),
    )
    return job_event(job, operation, Metrics(success=True, processing_time=elapsed))


def failure_event(job: Job, error: JobError, elapsed: float) -> Event:
    """Why it was not done. `elapsed`: milliseconds of this attempt."""
    event = failed_event(job, TYPE, error, elapsed)
    return event.model_copy(update={"operation": Operation(type=TYPE, parameters=job.inputs["params"] or None)})
