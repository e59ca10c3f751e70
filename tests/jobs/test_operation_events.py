"""An operation tells what it was run on and what it cost, without what is personal."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jobs.chain_events import failed_step_event, priced, run_event, step_event
from jobs.gpu import GpuUse
from jobs.operation_events import failure_event, success_event
from shared.assets import Asset, AssetState
from shared.events import Event, Generation, Metrics, Operation
from shared.events.privacy import sanitise, sanitise_parameters
from shared.jobs import Job, JobError, JobKind, Priority
from shared.media import MediaInfo, probe
from shared.media.operations import Outcome, check_operation
from shared.media.operations.registry import OPERATIONS
from tests.shared.media.clips import numbered

MADE = Generation(provider="ffmpeg", quality_score=9.5, cost_usd=0.5)
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def info(tmp_path_factory: pytest.TempPathFactory) -> MediaInfo:
    """Of a film of a second."""
    return probe(numbered(tmp_path_factory.mktemp("films") / "film.mp4", 1))


def job(**inputs: Any) -> Job:
    return Job(
        id="4fXw9RzKqT2mNvBcYdHs",
        user_id="u",
        kind=JobKind.OPERATION,
        priority=Priority.HIGH,
        inputs={"operation": "trim", "params": {}, **inputs},
        created=MOMENT,
        queued_at=MOMENT,
    )


def asset(filename: str, info: MediaInfo) -> Asset:
    return Asset(
        id="a",
        user_id="u",
        state=AssetState.READY,
        filename=filename,
        content_type="video/mp4",
        size=12_000_000,
        media=info.to_json(),
        created=MOMENT,
        modified=MOMENT,
    )


def told(info: MediaInfo, name: str = "trim", filename: str = "film.MP4", **params: Any) -> Event:
    request = check_operation(name, [info], params)
    outcome = Outcome(Path("out.mp4"), 9, wall_seconds=2.0, cpu_seconds=3.0, peak_memory=50_000_000, disk_operations=7)
    return success_event(job(), request, [asset(filename, info)], outcome, GpuUse(12.0), 2500.0, MADE)


def test_an_operation_tells_what_it_cost(info: MediaInfo) -> None:
    event = told(info, start=0.25)
    assert event.operation is not None
    assert event.metrics is not None
    assert (event.operation.type, event.operation.input_format, event.operation.output_format) == ("trim", "mp4", "mp4")
    assert event.operation.parameters is not None
    assert event.operation.parameters["start"] == 0.25
    assert (event.operation.file_size, event.operation.file_size_category) == (12_000_000, "medium")
    assert (event.metrics.cpu_usage, event.metrics.memory_usage, event.metrics.disk_operations) == (150, 50, 7)
    assert (event.metrics.processing_time, event.metrics.gpu_usage) == (2500, 12)
    assert event.generation == MADE


def test_what_is_free_text_does_not_leave(info: MediaInfo) -> None:
    event = sanitise(told(info, "ffmpeg_filter", filter="hue=s=0"))
    assert "hue" not in json.dumps(event.model_dump(mode="json"))


@pytest.mark.parametrize("filename", ["film", "film.", "it's a.täxt", "x.averyveryverylongsuffix"])
def test_any_name_of_a_file_can_be_told_of(info: MediaInfo, filename: str) -> None:
    event = told(info, filename=filename)
    assert event.operation is not None
    assert event.operation.input_format is None


PERSONAL = ("/home/ann/clips/wedding.mp4", r"C:\Users\ann\x.mov", "https://example.com/a?token=1", "ann@example.com")


@pytest.mark.parametrize("value", PERSONAL)
@pytest.mark.parametrize("name", ["format", "fit", "duration", "color", "title", "filter"])
def test_paths_addresses_and_emails_do_not_leave_with_parameters(name: str, value: str) -> None:
    told = failure_event(job(params={name: value}), JobError(type="InvalidOperation", detail=f"No {value}"), 1.0, 0.0)
    assert value not in sanitise(told).model_dump_json()


WITHHELD = {"bands", "blue", "color", "from_region", "green", "master", "red", "regions", "to_region"}
"""Free text, where people are in the picture, and what is neither a number nor a word."""


def test_the_technical_parameters_of_every_operation_are_told() -> None:
    for operation in OPERATIONS.values():
        given = dict.fromkeys(operation.params.model_fields, 1)
        kept = set(sanitise_parameters(given))
        assert set(given) - kept <= WITHHELD, operation.name


def test_parameters_of_a_failure_are_told_under_the_names_of_those_of_a_success() -> None:
    event = sanitise(
        failure_event(job(params={"audioBitrate": 96}), JobError(type="RenderFailed", detail="No."), 1.0, 0.0)
    )
    assert event.operation is not None
    assert event.operation.parameters == {"audio_bitrate": 96}


def test_a_failure_tells_why_and_counts_once() -> None:
    events = [failure_event(job(), JobError(type="RenderFailed", detail="It broke."), 10.0, 0.25) for _ in range(2)]
    assert len({event.event_id for event in events}) == 1
    assert events[0].metrics is not None
    assert (events[0].metrics.success, events[0].metrics.error_code) == (False, "RenderFailed")
    assert events[0].generation is not None
    assert events[0].generation.cost_usd == 0.25


def test_what_becomes_of_a_job_that_its_owner_has_tried_again_counts_too() -> None:
    again = job().model_copy(update={"retries": 1})
    error = JobError(type="RenderFailed", detail="It broke.")
    ids = {sanitise(failure_event(each, error, 10.0, 0.0)).event_id for each in (job(), again)}
    assert ids == {f"operation-{job().id}", f"operation-{job().id}-retry-1"}


def test_the_steps_of_a_chain_share_what_it_cost_by_their_time_and_nothing_is_counted_twice() -> None:
    chain = job(steps=[{"operation": "trim", "params": {}}, {"operation": "reverse", "params": {}}], origin=None)
    lost = JobError(type="render-failed", detail="It failed.")
    done = step_event(chain, 0, Operation(type="trim"), Metrics(success=True, processing_time=3000))
    steps = priced([done, failed_step_event(chain, 1, lost, 1000)], "ffmpeg", 0.4)
    run = run_event(chain, 5000, Generation(provider="ffmpeg"), lost)
    costs = [event.generation and event.generation.cost_usd for event in (*steps, run)]
    assert costs == [pytest.approx(0.3), pytest.approx(0.1), None]
    assert [event.event_id for event in steps] == [f"step-{chain.id}-0", f"step-{chain.id}-1"]
