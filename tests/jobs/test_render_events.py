"""A render tells of itself and of every operation in its graph; a preview is an operation and no generation."""

from pathlib import Path
from typing import Any

import pytest

from jobs.gpu import GpuUse
from jobs.render_events import PROVIDER, failure_events, success_events
from jobs.render_files import Made
from jobs.results import ResultFile
from shared.core.clock import now
from shared.events import EventType, Generation
from shared.jobs import Job, JobError, JobKind, Priority
from shared.kompositions import RenderMode, parse_komposition
from shared.kompositions.passes import CloudCache
from tests.shared.kompositions.documents import document, music, segment, transition


def job(**inputs: Any) -> Job:
    moment = now()
    return Job(
        id="j",
        user_id="u",
        kind=JobKind.RENDER,
        priority=Priority.HIGH,
        inputs=inputs,
        created=moment,
        queued_at=moment,
    )


def made(mode: RenderMode, name: str) -> Made:
    return Made(mode, [ResultFile(Path(name), name, None, 12, "0" * 64)], CloudCache("u"))


GOOD = Generation(provider=PROVIDER, quality_score=9.5, cost_usd=0.01)


def test_every_operation_of_the_graph_is_told_by_its_name_and_then_the_render() -> None:
    komposition = parse_komposition(
        document(
            segment("a", "video", 0, 4, effects=[{"type": "leica_look"}], reverse=True),
            segment("b", "still", 4, 8),
            segment("c", "other", 8, 10, sourceDuration=4),
            transitions=(transition("crossfade", "a", "b", 1), transition("wipeleft", "b", "c", 1)),
            audio=(music(ducking={}),),
            effects=[{"id": "e", "type": "film_noir", "inputs": [{"kind": "komposition"}]}],
            mix={"loudness": -14.0},
        )
    )
    events = success_events(job(), komposition, made(RenderMode.FINAL, "render.mp4"), GOOD, GpuUse(41.5), 1200)
    *parts, whole = events
    assert [event.operation.type for event in parts if event.operation] == [
        *("trim", "reverse", "leica_look", "image_to_video", "trim", "fit_stretch"),
        *("crossfade_transition", "wipeleft", "film_noir", "mix_music", "duck", "normalize_audio", "resize"),
    ]
    assert (whole.event_type, whole.operation and whole.operation.type) == (EventType.GENERATION, "render")
    assert whole.metrics is not None
    assert (whole.metrics.processing_time, whole.metrics.gpu_usage) == (1200, 41.5)
    assert whole.generation == GOOD
    assert all(part.generation is None for part in parts)
    assert len({event.event_id for event in events}) == len(events)


@pytest.mark.parametrize("mode", ["proxy", "frame", "sheet"])
def test_a_preview_is_no_generation(mode: str) -> None:
    komposition = parse_komposition(document(segment("a", "video", 0, 4)))
    [event] = success_events(job(mode=mode), komposition, made(RenderMode(mode), "frame.png"), GOOD, GpuUse(), 5)
    assert (event.event_type, event.operation and event.operation.type) == (EventType.OPERATION, f"preview_{mode}")
    assert event.generation is None


@pytest.mark.parametrize(("inputs", "kind"), [({}, EventType.GENERATION), ({"mode": "sheet"}, EventType.OPERATION)])
def test_a_failure_says_why(inputs: dict[str, str], kind: EventType) -> None:
    [event] = failure_events(job(**inputs), JobError(type="RenderFailed", detail="No room."), 5, 0.02)
    assert event.event_type is kind
    assert event.metrics is not None
    assert (event.metrics.success, event.metrics.error_code) == (False, "RenderFailed")
    assert (event.generation is not None and event.generation.cost_usd == 0.02) is (kind is EventType.GENERATION)
