"""A render tells of itself and of every operation in its graph; a preview is an operation and no generation."""

from pathlib import Path
from typing import Any

import pytest

from jobs.render_events import failure_events, success_events
from jobs.render_files import Made
from jobs.results import ResultFile
from shared.core.clock import now
from shared.events import EventType
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
    events = success_events(job(), komposition, made(RenderMode.FINAL, "render.mp4"), 1200)
    *parts, whole = events
    assert [event.operation.type for event in parts if event.operation] == [
        *("trim", "reverse", "leica_look", "image_to_video", "trim", "fit_stretch"),
        *("crossfade_transition", "wipeleft", "film_noir", "mix_music", "duck", "normalize_audio", "resize"),
    ]
    assert (whole.event_type, whole.operation and whole.operation.type) == (EventType.GENERATION, "render")
    assert whole.metrics is not None
    assert whole.metrics.processing_time == 1200
    assert len({event.event_id for event in events}) == len(events)


@pytest.mark.parametrize("mode", ["proxy", "frame", "sheet"])
def test_a_preview_is_no_generation(mode: str) -> None:
    komposition = parse_komposition(document(segment("a", "video", 0, 4)))
    [event] = success_events(job(mode=mode), komposition, made(RenderMode(mode), "frame.png"), 5)
    assert (event.event_type, event.operation and event.operation.type) == (EventType.OPERATION, f"preview_{mode}")


@pytest.mark.parametrize(("inputs", "kind"), [({}, EventType.GENERATION), ({"mode": "sheet"}, EventType.OPERATION)])
def test_a_failure_says_why(inputs: dict[str, str], kind: EventType) -> None:
    [event] = failure_events(job(**inputs), JobError(type="RenderFailed", detail="No room."), 5)
    assert event.event_type is kind
    assert event.metrics is not None
    assert (event.metrics.success, event.metrics.error_code) == (False, "RenderFailed")
