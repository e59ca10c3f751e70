"""The events of a render: the generation as a whole, and each operation that its graph carried out."""

from collections.abc import Iterator

from jobs.gpu import GpuUse
from jobs.render_files import Made
from shared.core.clock import now
from shared.events import Context, Event, EventType, FileType, Generation, Metrics, Operation, Platform, SizeCategory
from shared.jobs import Job, JobError, failure_metrics
from shared.kompositions import Komposition, RenderMode
from shared.kompositions.model import AudioTrack, Effect, Segment, VideoTrack

PROVIDER = "ffmpeg"
_NAMES = {"crossfade": "crossfade_transition"}


def success_events(
    job: Job, komposition: Komposition, made: Made, generation: Generation, gpu: GpuUse, elapsed: float
) -> list[Event]:
    """What happened, told once: the ids follow from the job. `elapsed` is the time of the whole job in milliseconds.

    The operations ran in the graph together, so they have no times of their own. A preview is an operation and no generation."""
    if made.mode is not RenderMode.FINAL:
        preview = Operation(type=f"preview_{made.mode.value}", output_format=made.files[0].path.suffix[1:])
        return [_event(job, f"render-{job.telling_id}", EventType.OPERATION, preview, _cost(made, gpu, elapsed))]
    parts = [
        _event(
            job, f"render-{job.telling_id}-{position}", EventType.OPERATION, operation, Metrics(success=True), position
        )
        for position, operation in enumerate(_operations(komposition))
    ]
    first = made.files[0]
    whole = Operation(
        type="render",
        output_format=first.path.suffix[1:],
        file_size=first.size,
        file_size_category=SizeCategory.of(first.size),
    )
    metrics = _cost(made, gpu, elapsed)
    return [
        *parts,
        _event(job, f"render-{job.telling_id}", EventType.GENERATION, whole, metrics, generation=generation),
    ]


def failure_events(job: Job, error: JobError, elapsed: float, cost_usd: float) -> list[Event]:
    """A failed render tells only of itself; a failed preview is a failed operation."""
    metrics = failure_metrics(error, elapsed)
    mode = job.inputs.get("mode", RenderMode.FINAL.value)
    if mode != RenderMode.FINAL.value:
        return [
            _event(job, f"render-{job.telling_id}", EventType.OPERATION, Operation(type=f"preview_{mode}"), metrics)
        ]
    whole, generation = Operation(type="render"), Generation(provider=PROVIDER, cost_usd=cost_usd)
    return [_event(job, f"render-{job.telling_id}", EventType.GENERATION, whole, metrics, generation=generation)]


def _event(
    job: Job,
    event_id: str,
    event_type: EventType,
    operation: Operation,
    metrics: Metrics,
    position: int | None = None,
    generation: Generation | None = None,
) -> Event:
    context = Context(workflow_type="komposition", workflow_id=job.id, session_id=job.id, sequence_position=position)
    return Event(
        event_id=event_id,
        timestamp=now(),
        platform=Platform.WEBAPP,
        event_type=event_type,
        operation=operation,
        metrics=metrics,
        generation=generation,
        context=context,
    )


def _cost(made: Made, gpu: GpuUse, elapsed: float) -> Metrics:
    rendered = made.rendered
    if rendered is None:
        return Metrics(success=True, processing_time=elapsed, gpu_usage=gpu.percent)
    return Metrics(
        success=True,
        processing_time=elapsed,
        cpu_usage=100 * rendered.cpu_seconds / max(rendered.wall_seconds, 0.001),
        memory_usage=rendered.peak_memory / 1e6,
        disk_operations=rendered.disk_operations,
        gpu_usage=gpu.percent,
    )


def _operations(komposition: Komposition) -> Iterator[Operation]:
    """The operations of the graph, by the names that the platform gives them, in the order in which they apply."""
    kinds = {source.id: FileType(source.kind) for source in komposition.sources}
    for track in komposition.tracks.video:
        yield from _of_track(track, kinds)
    for node in komposition.effects:
        yield _effect(node, FileType.VIDEO)
    for layout in komposition.layouts:
        yield Operation(type=f"layout_{layout.kind}", source_file_type=FileType.VIDEO)
    for overlay in (item for overlays in komposition.tracks.overlay for item in overlays.items):
        yield Operation(type=f"overlay_{overlay.kind}", source_file_type=FileType.VIDEO)
    for captions in komposition.tracks.caption:
        yield Operation(type=f"captions_{captions.mode}", source_file_type=FileType.VIDEO)
    for audio in komposition.tracks.audio:
        yield from _of_sound(audio)
    for effect in komposition.mix.effects:
        yield _effect(effect, FileType.AUDIO)
    if komposition.mix.loudness is not None:
        yield Operation(type="normalize_audio", source_file_type=FileType.AUDIO)
    for output in komposition.outputs:
        yield Operation(type="resize", source_file_type=FileType.VIDEO, output_format=output.container)


def _of_track(track: VideoTrack, kinds: dict[str, FileType]) -> Iterator[Operation]:
    for segment in track.segments:
        yield from _of_segment(segment, kinds[segment.source_id])
    for transition in track.transitions:
        yield Operation(type=_NAMES.get(transition.type, transition.type), source_file_type=FileType.VIDEO)


def _of_segment(segment: Segment, kind: FileType) -> Iterator[Operation]:
    yield Operation(type="image_to_video" if kind is FileType.IMAGE else "trim", source_file_type=kind)
    if segment.effective_fit != "trim" and kind is not FileType.IMAGE:
        yield Operation(type=f"fit_{segment.effective_fit}", source_file_type=kind)
    if segment.reverse:
        yield Operation(type="reverse", source_file_type=kind)
    for effect in segment.effects:
        yield _effect(effect, kind)


def _of_sound(track: AudioTrack) -> Iterator[Operation]:
    for _ in track.clips:
        yield Operation(type=f"mix_{track.role}", source_file_type=FileType.AUDIO)
    if track.ducking is not None:
        yield Operation(type="duck", source_file_type=FileType.AUDIO)
    for effect in track.effects:
        yield _effect(effect, FileType.AUDIO)


def _effect(effect: Effect, kind: FileType) -> Operation:
    return Operation(type=effect.type, source_file_type=kind, parameters=dict(effect.params) or None)
