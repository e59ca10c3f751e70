"""Events of jobs: what those of operations and of transcodes have in common."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.alias_generators import to_snake

from shared.core.clock import now
from shared.events import Context, Event, EventType, Generation, Metrics, Operation, Platform
from shared.jobs import Job, JobError

_LONGEST_SUFFIX = 16


def job_event(job: Job, operation: Operation, metrics: Metrics, generation: Generation | None = None) -> Event:
    """Its id follows from the job's: told twice, it counts once."""
    kind = job.kind.value
    return Event(
        event_id=f"{kind}-{job.id}",
        timestamp=now(),
        platform=Platform.API,
        event_type=EventType.OPERATION,
        operation=operation,
        metrics=metrics,
        generation=generation,
        context=Context(workflow_type=kind, workflow_id=job.id, session_id=job.id),
    )


def failed_event(
    job: Job, operation: str, error: JobError, elapsed: float, parameters: Mapping[str, Any] | None = None
) -> Event:
    """Why it was not done, and with which parameters: the job's own unless given. `elapsed`: milliseconds of this attempt."""
    metrics = Metrics(success=False, processing_time=elapsed, error_code=error.type, error_message=error.detail)
    if parameters is None:
        parameters = {to_snake(name): value for name, value in job.inputs["params"].items()}
    return job_event(job, Operation(type=operation, parameters=dict(parameters) or None), metrics)


def suffix_of(filename: str) -> str | None:
    """What a file's name says of its format, if that is a word that events can hold."""
    suffix = Path(filename).suffix[1:].lower()
    return suffix if suffix.isascii() and suffix.isalnum() and len(suffix) <= _LONGEST_SUFFIX else None
