"""The events of a chain: each step is an operation of one session, and the run as a whole is a workflow."""

from collections.abc import Sequence

from pydantic.alias_generators import to_snake

from shared.chains import ChainOrigin
from shared.core.clock import now
from shared.events import Context, Event, EventType, Generation, Metrics, Operation, Platform
from shared.jobs import Job, JobError, failure_metrics

_LEAST_TIME = 1.0
"""Milliseconds that a step counts at least."""


def step_event(job: Job, number: int, operation: Operation, metrics: Metrics) -> Event:
    """A step that was done, or was not. Its id follows from the job's: told twice, it counts once."""
    return Event(
        event_id=f"step-{job.telling_id}-{number}",
        timestamp=now(),
        platform=Platform.API,
        event_type=EventType.OPERATION,
        operation=operation,
        metrics=metrics,
        context=_context(job, job.id, number),
    )


def failed_step_event(job: Job, number: int, error: JobError, elapsed: float) -> Event:
    """The step that ended the chain. `elapsed`: milliseconds."""
    step = job.inputs["steps"][number]
    parameters = {to_snake(name): value for name, value in step["params"].items()}
    operation = Operation(type=step["operation"], parameters=parameters or None)
    return step_event(job, number, operation, failure_metrics(error, elapsed))


def priced(steps: Sequence[Event], provider: str, cost_usd: float) -> list[Event]:
    """The events of the steps that were done or tried, each with its share of what the job cost: by the time that it took.

    So operations cost the same however they are asked for, and nothing is counted twice: the run itself tells no cost."""
    times = [max(step.metrics.processing_time or 0.0 if step.metrics else 0.0, _LEAST_TIME) for step in steps]
    return [
        step.model_copy(
            update={"generation": Generation(provider=provider, cost_usd=cost_usd * time / sum(times))},
        )
        for step, time in zip(steps, times, strict=True)
    ]


def run_event(job: Job, elapsed: float, generation: Generation, error: JobError | None = None) -> Event:
    """The run as a whole; its steps tell what it cost. Of a template it says which: its workflow id is the template's."""
    origin = _origin(job)
    return Event(
        event_id=f"chain-{job.telling_id}",
        timestamp=now(),
        platform=Platform.API,
        event_type=EventType.WORKFLOW,
        metrics=failure_metrics(error, elapsed) if error else Metrics(success=True, processing_time=elapsed),
        generation=generation,
        context=_context(job, origin.template_id if origin else job.id),
    )


def _context(job: Job, workflow_id: str, number: int | None = None) -> Context:
    origin = _origin(job)
    return Context(
        workflow_type=origin.workflow_type if origin else None,
        workflow_id=workflow_id,
        session_id=job.id,
        sequence_position=number,
        batch_size=len(job.inputs["steps"]),
    )


def _origin(job: Job) -> ChainOrigin | None:
    return ChainOrigin.model_validate(job.inputs["origin"]) if job.inputs["origin"] else None
