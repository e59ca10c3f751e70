"""The event of a multi-track job: how many recordings of what, how they fitted, and what it cost; nothing of what was said."""

from collections.abc import Sequence

from jobs.events import suffix_of
from shared.assets import Asset
from shared.clips.multitrack import Multitrack
from shared.events import Event, FileType, Metrics, Operation, SizeCategory
from shared.jobs import Job, JobError, failed_event, job_event

TYPE = "multitrack"


def success_event(job: Job, assets: Sequence[Asset], made: Multitrack, elapsed: float) -> Event:
    """What was composed. `elapsed`: milliseconds of this attempt."""
    size = sum(asset.size or 0 for asset in assets)
    operation = Operation(
        type=TYPE,
        input_format=suffix_of(assets[0].filename),
        output_format="komposition",
        source_file_type=FileType.VIDEO,
        parameters={
            "arrangement": job.inputs["params"]["arrangement"],
            "recordings": len(assets),
            "found": sum(each.sync.found for each in made.placed),
            "turns": len(made.turns),
        },
        file_size=size,
        file_size_category=SizeCategory.of(size),
    )
    return job_event(job, operation, Metrics(success=True, processing_time=elapsed))


def failure_event(job: Job, error: JobError, elapsed: float) -> Event:
    """Why it was not done. `elapsed`: milliseconds of this attempt."""
    event = failed_event(job, TYPE, error, elapsed)
    params = job.inputs["params"]
    told = {"arrangement": params["arrangement"], "recordings": len(params["recordings"])}
    return event.model_copy(update={"operation": Operation(type=TYPE, parameters=told)})
