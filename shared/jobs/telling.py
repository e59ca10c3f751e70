"""Telling: the events of jobs, by whoever ends them: their workers, and whoever gives them up because no worker could."""

from collections.abc import Mapping
from typing import Any

from pydantic.alias_generators import to_snake

from shared.core.clock import now
from shared.events import Context, Event, EventType, Generation, Metrics, Operation, Platform
from shared.jobs.job import Job, JobError, JobKind

_GENERATING = frozenset({JobKind.RENDER, JobKind.TRANSCODE, JobKind.OPERATION})
"""Those that make films or sounds, of which it is told what they cost."""
_SILENT = frozenset({JobKind.EXPORT, JobKind.REPORT, JobKind.ARCHIVE})
"""Kinds of jobs that are no operations on media."""


def event_id_of(job: Job) -> str:
    """By which the job's event, and what it generates, is known."""
    return f"{job.kind.value}-{job.telling_id}"


def job_event(job: Job, operation: Operation, metrics: Metrics, generation: Generation | None = None) -> Event:
    """Its id follows from the job's: told twice, it counts once."""
    kind = job.kind.value
    return Event(
        event_id=event_id_of(job),
        timestamp=now(),
        platform=Platform.API,
        event_type=EventType.OPERATION,
        operation=operation,
        metrics=metrics,
        generation=generation,
        context=Context(workflow_type=kind, workflow_id=job.id, session_id=job.id),
    )


def failure_metrics(error: JobError, elapsed: float) -> Metrics:
    """What did not come to its end, and why. `elapsed`: milliseconds."""
    return Metrics(success=False, processing_time=elapsed, error_code=error.type, error_message=error.detail)


def failed_event(
    job: Job, operation: str, error: JobError, elapsed: float, parameters: Mapping[str, Any] | None = None
) -> Event:
    """Why it was not done, and with which parameters: the job's own unless given. `elapsed`: milliseconds of this attempt."""
    if parameters is None:
        parameters = {to_snake(name): value for name, value in job.inputs.get("params", {}).items()}
    told = Operation(type=operation, parameters=dict(parameters) or None)
    return job_event(job, told, failure_metrics(error, elapsed))


def lost_event(job: Job, error: JobError, elapsed: float, cost_usd: float) -> Event | None:
    """Of a job that is given up: what its worker would have told, had it lived; None of one that is no work on media.

    `elapsed`: milliseconds of its last attempt."""
    if job.kind in _SILENT:
        return None
    event = failed_event(job, _name(job), error, elapsed)
    if job.kind in _GENERATING:
        generation = Generation(provider=job.kind.provider, cost_usd=cost_usd)
        event = event.model_copy(update={"generation": generation})
    if job.kind is JobKind.RENDER:
        return _of_render(job, event)
    return _of_chain(job, event) if "steps" in job.inputs else event


def _of_chain(job: Job, event: Event) -> Event:
    """It is told of as a whole: which of its steps were done, nobody knows. Of a template it says which."""
    origin = job.inputs["origin"] or {"templateId": job.id}
    told = {"workflow_type": origin.get("workflowType"), "workflow_id": origin["templateId"]}
    context = Context(**told, session_id=job.id, batch_size=len(job.inputs["steps"]))
    change = {"event_type": EventType.WORKFLOW, "operation": None, "context": context}
    return event.model_copy(update={**change, "event_id": f"chain-{job.telling_id}"})


def _of_render(job: Job, event: Event) -> Event:
    """A preview is an operation and no generation."""
    whole = {"generation": None} if _is_preview(job) else {"event_type": EventType.GENERATION}
    context = Context(workflow_type="komposition", workflow_id=job.id, session_id=job.id)
    return event.model_copy(update={**whole, "platform": Platform.WEBAPP, "context": context})


def _is_preview(job: Job) -> bool:
    return job.kind is JobKind.RENDER and job.inputs.get("mode", "final") != "final"


def _name(job: Job) -> str:
    """What it does, as events name it."""
    if _is_preview(job):
        return f"preview_{job.inputs['mode']}"
    return str(job.inputs.get("operation", job.kind.value))
