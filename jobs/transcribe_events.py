"""The event of a transcription: of what, by which engine, and what it cost."""

from jobs.events import suffix_of
from jobs.gpu import GpuUse
from shared.assets import Asset
from shared.events import Event, FileType, Metrics, Operation, SizeCategory
from shared.jobs import Job, JobError, failed_event, job_event
from shared.media import MediaInfo
from shared.transcripts import Transcript

TYPE = "transcribe"


def success_event(job: Job, asset: Asset, transcript: Transcript, gpu: GpuUse, elapsed: float) -> Event:
    """What was transcribed; nothing of what was said. `elapsed`: milliseconds of this attempt."""
    size, origin = asset.size or 0, transcript.origin
    operation = Operation(
        type=TYPE,
        input_format=suffix_of(asset.filename),
        output_format="json",
        source_file_type=FileType(MediaInfo.model_validate(asset.media).kind),
        parameters={
            "engine": origin.name if origin else None,
            "model": origin.model if origin else None,
            "device": origin.device if origin else None,
            "language": transcript.language,
            "speakers": len(transcript.speakers),
        },
        file_size=size,
        file_size_category=SizeCategory.of(size),
    )
    return job_event(job, operation, Metrics(success=True, processing_time=elapsed, gpu_usage=gpu.percent))


def failure_event(job: Job, error: JobError, elapsed: float) -> Event:
    """Why it was not done. `elapsed`: milliseconds of this attempt."""
    parameters = {name: value for name, value in job.inputs["params"].items() if name != "title"}
    return failed_event(job, TYPE, error, elapsed, parameters)
