"""The events of a render: the generation as a whole, and each operation that its graph carried out."""

from collections.abc import Iterator

from shared.core.clock import now
from shared.events import Context, Event, EventType, FileType, Generation, Metrics, Operation, Platform, SizeCategory
from shared.jobs import Job, JobError
from shared.kompositions import Komposition
from shared.media import MediaInfo, RunResult

PROVIDER = "ffmpeg"


def generation_events(
    job: Job,
    komposition: Komposition | None,
    made: tuple[RunResult, MediaInfo] | None,
    error: JobError | None,
    elapsed: float,
) -> list[Event]:
    """What happened, told once: the ids follow from the job. `elapsed` is the time of the whole job in milliseconds.

    The operations ran in one graph, so they have no times of their own; a failed graph tells only of the generation."""
    context = Context(workflow_type="komposition", workflow_id=job.id, session_id=job.id)
    whole = Event(
        event_id=f"render-{job.id}",
        timestamp=now(),
        platform=Platform.WEBAPP,
        event_type=EventType.GENERATION,
        operation=_render(made),
        metrics=_metrics(made, error, elapsed),
        generation=Generation(provider=PROVIDER),
        context=context,
    )
    if komposition is None or error is not None:
        return [whole]
    parts = [
        Event(
            event_id=f"render-{job.id}-{position}",
            timestamp=now(),
            platform=Platform.WEBAPP,
            event_type=EventType.OPERATION,
            operation=operation,
            metrics=Metrics(success=True),
            context=context.model_copy(update={"sequence_position": position}),
        )
        for position, operation in enumerate(_operations(komposition))
    ]
    return [*parts, whole]


def _operations(komposition: Komposition) -> Iterator[Operation]:
    """The operations of the graph, by the names that the platform gives them."""
    kinds = {source.id: source.kind for source in komposition.sources}
    for segment in komposition.segments:
        still = kinds[segment.source_id] == "image"
        kind = FileType.IMAGE if still else FileType.VIDEO
        yield Operation(type="image_to_video" if still else "trim", source_file_type=kind)
    for transition in komposition.transitions:
        name = {"crossfade": "crossfade_transition"}.get(transition.type, transition.type)
        yield Operation(type=name, source_file_type=FileType.VIDEO)
    if komposition.audio.music is not None:
        yield Operation(type="mix_music", source_file_type=FileType.AUDIO)
    yield Operation(type="resize", source_file_type=FileType.VIDEO, output_format="mp4")


def _render(made: tuple[RunResult, MediaInfo] | None) -> Operation:
    size = made[1].size if made else None
    category = SizeCategory.of(size) if size is not None else None
    return Operation(type="render", output_format="mp4", file_size=size, file_size_category=category)


def _metrics(made: tuple[RunResult, MediaInfo] | None, error: JobError | None, elapsed: float) -> Metrics:
    if made is None:
        reason = error or JobError(type="unknown", detail="")
        return Metrics(success=False, processing_time=elapsed, error_code=reason.type, error_message=reason.detail)
    result, _ = made
    return Metrics(
        success=True,
        processing_time=elapsed,
        cpu_usage=100 * result.cpu_seconds / max(result.wall_seconds, 0.001),
        memory_usage=result.peak_memory / 1e6,
    )
