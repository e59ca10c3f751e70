"""PerformanceMonitor: generations from start to end, and the system against its targets."""

from datetime import datetime, timedelta

import pytest
from google.cloud.firestore import FieldFilter

from shared.core.clients import firestore_client
from shared.core.ids import new_id
from shared.events import Event, EventType, Generation, GenerationState, Metrics, Platform, find_generation
from shared.insights import PerformanceMonitor, Period, Step
from tests.shared.told import operation, tell

pytestmark = pytest.mark.usefixtures("cloud")


def generation(
    at: datetime, *, success: bool = True, ms: float = 40_000, quality: float = 9.5, provider: str = "runway"
) -> Event:
    return Event(
        event_id=new_id(),
        timestamp=at,
        platform=Platform.API,
        event_type=EventType.GENERATION,
        generation=Generation(provider=provider, quality_score=quality, cost_usd=0.2),
        metrics=Metrics(success=success, processing_time=ms, error_code=None if success else "timeout"),
    )


def test_a_generation_is_known_from_its_start_to_its_end_and_nothing_says_whose_it_was(hour: datetime) -> None:
    monitor, event = PerformanceMonitor(), generation(hour)
    monitor.record_generation_metrics(event.event_id, "render", "runway")
    running = find_generation(event.event_id)
    assert running is not None
    assert (running.state, running.seconds) == (GenerationState.RUNNING, None)
    monitor.update_generation_metrics(
        event.model_copy(update={"generation": Generation(quality_score=9.5, cost_usd=0.2)})
    )
    ended = find_generation(event.event_id)
    assert ended is not None
    assert (ended.state, ended.seconds, ended.quality_score, ended.cost_usd) == (
        GenerationState.SUCCEEDED,
        40,
        9.5,
        0.2,
    )
    assert ended.started == running.started
    assert (ended.operation, ended.provider) == ("render", "runway"), "what the event does not tell stays"
    assert event.event_id not in str(ended.model_dump())


def test_a_generation_that_fails_says_of_what(hour: datetime) -> None:
    event = generation(hour, success=False)
    PerformanceMonitor().update_generation_metrics(event)
    ended = find_generation(event.event_id)
    assert ended is not None
    assert (ended.state, ended.error) == (GenerationState.FAILED, "timeout")


def test_the_last_hour_is_measured_and_providers_that_five_people_used_are_compared(hour: datetime) -> None:
    for number in range(5):
        tell(f"user {number}", generation(hour + timedelta(minutes=number), quality=8))
    tell("ann", generation(hour, quality=6, provider="luma"))
    found = PerformanceMonitor().calculate_system_metrics(hour + timedelta(hours=1))
    assert found.figures["quality_score"].value == pytest.approx((5 * 8 + 6) / 6)
    assert {name: each["quality_score"].value for name, each in found.providers.items()} == {"runway": 8}
    stored = firestore_client().collection("system_performance_metrics").document("current").get().to_dict()
    assert stored is not None
    assert stored["metrics"]["success_rate"] == {"value": 1, "sampleCount": 6}
    assert stored["providers"]["runway"]["generation_time"] == {"value": 40, "sampleCount": 5}


def test_targets_that_are_missed_are_told_and_those_that_are_met_are_not(hour: datetime) -> None:
    tell("ann", generation(hour, quality=8.9, ms=60_000), operation(hour, success=False))
    missed = PerformanceMonitor().check_performance_alerts(hour + timedelta(hours=1))
    assert {each.kpi.name for each in missed} == {"quality_score", "success_rate", "error_rate"}
    told = (
        firestore_client()
        .collection("analytics_events")
        .where(filter=FieldFilter("at", "==", hour + timedelta(hours=1)))
        .stream()
    )
    assert {each.get("kpi") for each in told} == {"quality_score", "success_rate", "error_rate"}


def test_trends_are_those_of_performance_unless_others_are_named(hour: datetime) -> None:
    for step in range(6):
        tell("ann", *(operation(hour - timedelta(hours=step), ms=1000 + 500 * step) for _ in range(3)))
    period = Period(hour - timedelta(hours=5), hour + timedelta(hours=1))
    [found] = PerformanceMonitor().get_performance_trends(period, Step.HOUR, ["processing_time_p50"])
    assert found.kpi.name == "processing_time_p50"
