"""The event of a clip job: what was looked for in what, and what it cost; nothing of what was said."""

from jobs.events import suffix_of
from shared.assets import Asset
from shared.clips.finding import Found
from shared.events import Event, FileType, Metrics, Operation, SizeCategory
from shared.jobs import Job, JobError, failed_event, job_event
from shared.media import MediaInfo

TYPE = "clip"


def success_event(job: Job, asset: Asset, found: Found, elapsed: float) -> Event:
    """How many clips by which prompt. `elapsed`: milliseconds of this attempt."""
    size, request = asset.size or 0, job.inputs["request"]
    operation = Operation(
        type=TYPE,
        input_format=suffix_of(asset.filename),
        output_format="komposition",
        source_file_type=FileType(MediaInfo.model_validate(asset.media).kind),
        parameters={
            "category": request["category"],
            "clips": len(found.selection.clips),
            "considered": found.selection.considered,
            "ranker": found.selection.ranker,
        },
        file_size=size,
        file_size_category=SizeCategory.of(size),
    )
    return job_event(job, operation, Metrics(success=True, processing_time=elapsed))


def failure_event(job: Job, error: JobError, elapsed: float) -> Event:
    """Why there are none. `elapsed`: milliseconds of this attempt."""
    return failed_event(job, TYPE, error, elapsed, {"category": job.inputs["request"]["category"]})
