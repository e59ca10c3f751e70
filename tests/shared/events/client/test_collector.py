"""What is tracked arrives as events that the API takes, and nothing of it that is private."""

import itertools
import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.core.ids import new_id
from shared.events import parse_event
from shared.events.client import AnalyticsCollector, AnalyticsService, Configuration, Stats
from tests.cloud import wait_for
from tests.shared.events.client.conftest import Collectors
from tests.shared.events.client.endpoint import Endpoint


def total(stats: Stats) -> int:
    """Everything that an event can have become."""
    final = stats.accepted + stats.filtered + stats.invalid + stats.duplicate
    return stats.queued + stats.spooled + final + stats.refused + stats.dropped + stats.failed


def test_an_operation_arrives_as_an_event_of_the_current_version(make: Collectors, endpoint: Endpoint) -> None:
    collector = make()
    usage = {"cpu": 180.0, "memory": 512.5, "disk": 7, "gpu": 40}
    collector.track_operation(
        "ann",
        "trim",
        {"start": 1.5, "codec": "libx264"},
        812.5,
        False,
        usage,
        input_format=".MOV",
        output_format="mp4",
        source_file_type="video",
        file_size=20_000_000,
        error_code="timeout",
        error_message="no answer from /home/ann/x.mp4",
        workflow_type="social_media",
        sequence_position=1,
        batch_size=3,
        session_id="s1",
    )
    assert collector.flush()
    [told] = endpoint.events
    event = parse_event(told).model_dump(mode="json", by_alias=True, exclude_none=True)
    assert event["operation"] == {
        "type": "trim",
        "inputFormat": "mov",
        "outputFormat": "mp4",
        "sourceFileType": "video",
        "parameters": {"start": 1.5, "codec": "libx264"},
        "fileSize": 20_000_000,
        "fileSizeCategory": "medium",
    }
    assert event["metrics"] == {
        "success": False,
        "processingTime": 812.5,
        "errorCode": "timeout",
        "errorMessage": "no answer from <path>",
        "cpuUsage": 180.0,
        "memoryUsage": 512.5,
        "diskOperations": 7,
        "gpuUsage": 40.0,
    }
    assert event["context"] == {
        "workflowType": "social_media",
        "sequencePosition": 1,
        "batchSize": 3,
        "sessionId": "s1",
    }
    assert endpoint.requests[0].headers["Authorization"] == "Bearer t"
    assert "ann" not in json.dumps(endpoint.requests[0].body)


def test_a_workflow_arrives_with_its_operations(make: Collectors, endpoint: Endpoint) -> None:
    collector = make()
    collector.track_workflow("ann", ["Trim", "resize", "to-mp3"], 5000.0, 2 / 3)
    assert collector.flush()
    event = parse_event(endpoint.events[0])
    assert (event.event_type, event.platform) == ("workflow", "mcp")
    assert event.operation is not None
    assert event.operation.parameters == {"success_rate": 2 / 3, "operations": ["trim", "resize", "to_mp3"]}
    assert event.metrics is not None
    assert (event.metrics.success, event.metrics.processing_time) == (False, 5000.0)
    assert event.context is not None
    assert event.context.batch_size == 3


def test_the_sessions_of_users_who_are_not_told_stay_apart(make: Collectors, endpoint: Endpoint) -> None:
    collector = make()
    for user in ("ann", "bob", "ann"):
        collector.track_operation(user, "trim", {}, 1, True)
    assert collector.flush()
    first, second, third = (event["context"]["sessionId"] for event in endpoint.events)
    assert first == third != second


def test_on_behalf_each_users_events_are_a_batch_with_their_name(make: Collectors, endpoint: Endpoint) -> None:
    collector = make(on_behalf=True)
    for user in ("ann", "bob", "ann", "ann@example.com"):
        collector.track_operation(user, "trim", {}, 1, True)
    assert collector.flush()
    assert (collector.stats().accepted, collector.stats().failed) == (3, 1)
    told = [each.body["userId"] for each in endpoint.requests for _ in each.body["events"]]
    assert sorted(told) == ["ann", "ann", "bob"]


def test_ten_thousand_events_arrive_once_in_batches_that_the_api_takes(make: Collectors, endpoint: Endpoint) -> None:
    collector = make()

    def track(name: str) -> None:
        for _ in range(2_500):
            collector.track_operation("ann", name, {"start": 1}, 1, True)

    threads = [threading.Thread(target=track, args=(f"op_{index}",)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert collector.flush(30)
    assert len(endpoint.events) == 10_000
    assert all(len(each.body["events"]) <= 1_000 for each in endpoint.requests)
    assert all(int(each.headers["Content-Length"]) <= 1_000_000 for each in endpoint.requests)
    stats = collector.stats()
    assert stats.accepted == stats.tracked == total(stats) == 10_000


class Hostile:
    """A value that fails whatever is done with it."""

    def __str__(self) -> str:
        raise RuntimeError("hostile")

    __repr__ = __len__ = __float__ = __iter__ = __bool__ = __hash__ = __eq__ = __str__  # type: ignore[assignment]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text("Hostile()")  # So that Hypothesis can tell which example fails, instead of failing itself.


class Endless(dict[str, Any]):
    """Parameters without end."""

    def items(self) -> Any:  # type: ignore[override]
        return ((f"p{number}", object()) for number in itertools.count())


class Unreadable(dict[str, Any]):
    """Parameters that fail when they are read."""

    def items(self) -> Any:  # type: ignore[override]
        raise RuntimeError("hostile")


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.dates()
    | st.builds(Hostile)
    | st.just(Path("/home/ann/x.mp4"))
    | st.just(float)
    | st.just(Endless(a=1))
    | st.just(Unreadable(a=1)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)
DETAILS = st.dictionaries(
    st.sampled_from(
        [
            *("input_format", "output_format", "source_file_type", "file_size", "error_code", "error_message"),
            *(
                "workflow_type",
                "workflow_id",
                "sequence_position",
                "batch_size",
                "session_id",
                "operations",
                "surprise",
            ),
        ]
    ),
    ANYTHING,
    max_size=5,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(["ann", "trim", Endless(a=1), 1, True, Unreadable(a=1)], {})
@example([Hostile()] * 6, {"error_message": Hostile(), "source_file_type": []})
@example([{}, "9", {"a": float("nan"), "b": 10**400, "c": -0.0}, float("inf"), 1, {"cpu": -1, "memory": 1e300}], {})
@given(st.lists(ANYTHING, min_size=6, max_size=6), DETAILS)
def test_whatever_is_tracked_nothing_is_raised_and_what_arrives_is_valid(
    make: Collectors, endpoint: Endpoint, tmp_path: Path, arguments: list[Any], details: dict[str, Any]
) -> None:
    collector = make(spool=tmp_path / new_id())  # Who shares a spool may send, and count, what another has tracked.
    collector.track_operation(*arguments, **details)
    collector.track_workflow(*arguments[:4], **details)
    with collector.measure(arguments[0], arguments[1], arguments[2], **details) as measured:
        measured.parameters = arguments[5]
    wait_for(
        collector.flush, "all is answered for"
    )  # Server and client are this process: one may be late for the other.
    stats = collector.stats()
    assert stats.tracked == total(stats) == 3
    for event in endpoint.events:
        parse_event(event)
    collector.close()
    endpoint.requests.clear()


def test_what_the_caller_changes_or_drops_afterwards_is_told_as_it_was(make: Collectors, endpoint: Endpoint) -> None:
    collector = make(flush_seconds=30.0)
    collector.track_operation("ann", "first", {}, 1, True)  # Starts the thread, which then waits.
    collector.flush()
    parameters = {"start": 1, "scale": [1280, 720]}
    collector.track_operation("ann", "trim", parameters, 1, True)
    parameters["start"] = 2
    parameters["scale"].clear()  # type: ignore[attr-defined]
    assert collector.flush()
    assert endpoint.events[-1]["operation"]["parameters"] == {"start": 1, "scale": [1280, 720]}


@pytest.mark.parametrize("off", ["false", "0", "No", " OFF "])
def test_with_analytics_off_there_is_no_request_no_file_and_no_thread(
    endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, off: str
) -> None:
    monkeypatch.setenv("ANALYTICS_ENABLED", off)
    before = threading.active_count()
    collector = AnalyticsCollector(endpoint=endpoint.url, enabled=True, spool=tmp_path / "spool")
    collector.track_operation("ann", "trim", {}, 1, True)
    collector.track_workflow("ann", ["trim"], 1, 1.0)
    with collector.measure("ann", "trim"):
        pass
    assert collector.flush()
    assert collector.close()
    assert (endpoint.requests, list(tmp_path.iterdir())) == ([], [])
    assert threading.active_count() == before
    assert collector.stats() == Stats(problem="Analytics are turned off.")


@pytest.mark.parametrize("given", [{}, {"endpoint": "file:///etc/passwd"}, {"endpoint": 7}, {"platform": "toaster"}])
def test_what_cannot_collect_says_why_and_breaks_nothing(
    given: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KOMPO_ENDPOINT", "FIREBASE_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    given = {"endpoint": "http://127.0.0.1:9", **given} if "platform" in given else given
    collector = AnalyticsCollector(spool=tmp_path, **given)
    collector.track_operation("ann", "trim", {}, 1, True)
    assert "There is no" in (collector.stats().problem or "")


def test_the_environment_says_what_arguments_do_not() -> None:
    environment = {
        "FIREBASE_ENDPOINT": "https://kompo.example/v1/events",
        "KOMPO_TOKEN": "secret",
        "KOMPO_PLATFORM": "komposteur",
        "KOMPO_ON_BEHALF": "true",
        "KOMPO_SPOOL": "/var/spool/kompo",
    }
    found = Configuration.of({"platform": "api"}, environment)
    assert (found.url, found.bearer()) == ("https://kompo.example/v1/events", "secret")
    assert (found.platform, found.on_behalf, found.spool) == ("api", True, Path("/var/spool/kompo"))
    newer = Configuration.of({}, {**environment, "KOMPO_ENDPOINT": "https://new.example/"})
    assert newer.url == "https://new.example/v1/events"
    assert newer.spool_folder != found.spool_folder


def test_a_wrong_setting_is_a_mistake_of_the_programmer_and_told_at_once() -> None:
    with pytest.raises(TypeError, match="endpiont"):
        AnalyticsCollector(endpiont="http://127.0.0.1:9")


def test_a_token_may_be_called_for_and_its_failure_is_only_a_delay(make: Collectors, endpoint: Endpoint) -> None:
    tokens = iter(["first", "second"])

    def fresh() -> str:
        return next(tokens)  # The third time it raises.

    collector = make(token=fresh)
    for _ in range(3):
        collector.track_operation("ann", "trim", {}, 1, True)
        collector.flush()
    assert [each.headers["Authorization"] for each in endpoint.requests] == ["Bearer first", "Bearer second"]
    stats = collector.stats()
    assert (stats.accepted, stats.spooled) == (2, 1)
    assert "no token" in (stats.problem or "")


@pytest.mark.parametrize(
    "name", ["trim", "Trim Video", "9:16", "crop-9x16", "../../etc/passwd", "", "ü", "x" * 200, "_", "LEICA_look"]
)
def test_any_name_of_an_operation_becomes_one_that_the_api_takes(
    make: Collectors, endpoint: Endpoint, name: str
) -> None:
    collector = make()
    collector.track_operation("ann", name, {}, 1, True)
    assert collector.flush()
    assert parse_event(endpoint.events[0]).operation is not None


async def _a_session(service: AnalyticsService) -> str | None:
    for operation in ("trim", "resize", "to_mp3"):
        await service.track_ffmpeg_operation(
            user_id="ann",
            operation_type=operation,
            parameters={"start": 1},
            processing_time=100,
            success=operation != "resize",
            input_format="mp4",
            output_format="mp3",
            file_size=1000,
            error_message="Conversion failed" if operation == "resize" else None,
            workflow_context={"sessionId": "s1", "sequencePosition": 1, "batchSize": 3, "workflowType": "podcast"},
        )
    found = await service.identify_operation_sequence("ann", [])
    await service.flush()
    return found


def test_the_asynchronous_service_tracks_operations_and_finds_their_sequence(
    make: Collectors, endpoint: Endpoint
) -> None:
    import asyncio

    assert asyncio.run(_a_session(AnalyticsService(make()))) == "trim->resize->to_mp3"
    operations, workflows = endpoint.events[:3], endpoint.events[3:]
    assert [event["context"]["sessionId"] for event in operations] == ["s1"] * 3
    assert operations[1]["metrics"]["errorMessage"] == "Conversion failed"
    [workflow] = workflows
    assert workflow["metrics"] == {"success": False, "processingTime": 300}


def test_one_operation_alone_is_no_sequence(make: Collectors, endpoint: Endpoint) -> None:
    import asyncio

    service = AnalyticsService(make())
    assert asyncio.run(service.identify_operation_sequence("ann", ["trim"])) is None
    assert asyncio.run(service.identify_operation_sequence("ann", ["trim", "resize"])) == "trim->resize"


def test_a_call_takes_microseconds_of_its_thread(make: Collectors) -> None:
    collector = make(flush_seconds=30.0)
    parameters = {"start": 1.5, "end": 9.25, "codec": "libx264", "crf": 20, "input": "/home/ann/x.mp4"}
    collector.track_operation("ann", "trim", parameters, 812.5, True)
    times = []
    for _ in range(500):
        started = time.thread_time_ns()
        collector.track_operation("ann", "trim", parameters, 812.5, True, {"cpu": 1.0, "memory": 2.0}, session_id="s")
        times.append(time.thread_time_ns() - started)
    assert sorted(times)[250] < 50_000
