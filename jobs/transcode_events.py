"""The event of a transcode: into what, and what it cost."""

from google.cloud import firestore
from pydantic.alias_generators import to_snake

from jobs.operation_events import suffix_of
from jobs.transcode_film import Film
from jobs.transcode_place import Workplace
from shared.assets import Asset
from shared.core import outbox
from shared.core.clock import now
from shared.events import (
    Context,
    Event,
    EventType,
    FileType,
    Generation,
    Metrics,
    Operation,
    Platform,
    SizeCategory,
    event_messages,
)
from shared.jobs import Job, JobError

TYPE = "transcode"


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
    )
    elapsed = (now() - (job.started or job.created)).total_seconds() * 1000
    metrics = Metrics(
        success=True,
        processing_time=elapsed,
        cpu_usage=100 * film.cpu_seconds / max(film.wall_seconds, 0.001),
        memory_usage=film.peak_memory / 1e6,
    )
    return _event(job, operation, metrics, generation)


def failure_event(job: Job, error: JobError, elapsed: float) -> Event:
    """Why it was not made, and with which parameters. `elapsed`: milliseconds of this attempt."""
    metrics = Metrics(success=False, processing_time=elapsed, error_code=error.type, error_message=error.detail)
    parameters = {to_snake(name): value for name, value in job.inputs["params"].items()}
    return _event(job, Operation(type=TYPE, parameters=parameters or None), metrics)


def tell(transaction: firestore.Transaction, user_id: str, event: Event) -> list[outbox.Message]:
    """Put the event in the outbox."""
    return [outbox.enqueue(transaction, "events", message) for message in event_messages(user_id, [event])]


def _event(job: Job, operation: Operation, metrics: Metrics, generation: Generation | None = None) -> Event:
    """Its id follows from the job's: told twice, it counts once."""
    return Event(
        event_id=f"{TYPE}-{job.id}",
        timestamp=now(),
        platform=Platform.API,
        event_type=EventType.OPERATION,
        operation=operation,
        metrics=metrics,
        generation=generation,
        context=Context(workflow_type=TYPE, workflow_id=job.id, session_id=job.id),
    )
