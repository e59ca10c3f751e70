"""AnalyticsEngine: what each day was for the business, for quality and for people."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.core.clients import bigquery_client, firestore_client
from shared.core.clock import now
from shared.core.errors import InvalidInput
from shared.core.ids import new_id
from shared.events import Business, Event, EventType, Generation, Metrics, Plan, Platform
from shared.insights import AnalyticsEngine, Dimension, Period, Step, aggregate_metrics
from tests.shared.told import operation, tell

pytestmark = pytest.mark.usefixtures("cloud")

DAY = timedelta(days=1)


@pytest.fixture
def day(lonely_hour: datetime) -> datetime:
    """A day without other events, nor in the days around it."""
    return Step.DAY.floor(lonely_hour) - DAY


def document(collection: str, day: datetime) -> dict[str, Any] | None:
    found: dict[str, Any] | None = firestore_client().collection(collection).document(f"{day:%Y-%m-%d}").get().to_dict()
    return found


def event(at: datetime, kind: EventType, **fields: object) -> Event:
    return Event(event_id=new_id(), timestamp=at, platform=Platform.WEBAPP, event_type=kind, **fields)  # type: ignore[arg-type]


def bought(at: datetime, kind: str, revenue: float | None = None) -> Event:
    plan = Plan.FREE if kind == "signup" else Plan.PREMIUM
    return event(at, EventType.BUSINESS, business=Business(kind=kind, plan=plan, revenue_usd=revenue))


def generated(at: datetime, provider: str, quality: float) -> Event:
    return event(
        at,
        EventType.GENERATION,
        generation=Generation(provider=provider, quality_score=quality),
        metrics=Metrics(success=True, processing_time=1000),
    )


def test_a_day_of_business_is_compared_with_its_target_and_the_day_before(day: datetime) -> None:
    tell("ann", bought(day - DAY, "purchase", 9.0), bought(day, "upgrade", 19.0))
    tell("bob", bought(day, "signup"))
    told = AnalyticsEngine().generate_business_metrics(day + timedelta(hours=7))
    assert (told.figures["revenue"].now.value, told.figures["revenue"].before) == (19, 9)
    assert told.figures["premium_conversion"].now.value == 0.5
    kept = document("business_metrics", day)
    assert kept is not None
    assert kept["metrics"]["premium_adoption"] == {
        "value": 0.5,
        "sampleCount": 2,
        "before": 1,
        "target": 0.6,
        "onTarget": False,
    }
    assert kept["breakdowns"]["plan"] == {}


def test_a_day_that_has_not_begun_is_refused_and_nothing_written() -> None:
    tomorrow = Step.DAY.after(Step.DAY.floor(now()))
    for generate in (
        AnalyticsEngine().generate_business_metrics,
        AnalyticsEngine().generate_quality_insights,
        AnalyticsEngine().generate_user_behavior_insights,
    ):
        with pytest.raises(InvalidInput, match="has not begun"):
            generate(tomorrow + timedelta(hours=3))
    assert document("business_metrics", tomorrow) is None


def test_quality_names_the_provider_that_keeps_it_from_its_target(day: datetime) -> None:
    for number in range(5):
        tell(f"user {number}", generated(day, "runway", 9.5), generated(day, "luma", 6.5))
    tell("ann", generated(day, "pika", 1.0))
    told = AnalyticsEngine().generate_quality_insights(day)
    assert set(told.breakdowns[Dimension.PROVIDER]) == {"runway", "luma"}
    kept = document("quality_insights", day)
    assert kept is not None
    [weakness] = [each for each in kept["weaknesses"] if each["dimension"] == "provider"]
    assert (weakness["kpi"], weakness["label"], weakness["value"]) == ("quality_score", "luma", 6.5)


def test_behaviour_tells_of_segments_of_five_people_and_of_hours(day: datetime) -> None:
    for number in range(5):
        tell(f"user {number}", *(operation(day + timedelta(hours=9, minutes=n)) for n in range(2)))
    for number in range(4):
        tell(f"busy {number}", *(operation(day + timedelta(hours=20, minutes=n)) for n in range(12)))
    AnalyticsEngine().generate_user_behavior_insights(day)
    kept = document("user_behavior_insights", day)
    assert kept is not None
    assert kept["segments"] == [{"segment": "light", "people": 5, "operations": 10, "success_rate": 1.0}]
    assert {hour: count for hour, count in enumerate(kept["hours"]) if count} == {9: 10, 20: 48}


def test_days_follow_their_events_late_and_erased_ones_too(day: datetime) -> None:
    engine, at = AnalyticsEngine(), day + timedelta(hours=12)

    def up_to_date(*, known: bool = False) -> int:
        aggregate_metrics(day + DAY, timedelta(days=2))
        return engine.bring_up_to_date(day, day + DAY, known=known)

    def operations() -> float | None:
        kept = document("user_behavior_insights", day)
        return kept["metrics"]["operations"]["value"] if kept else None

    tell("ann", operation(at))
    assert up_to_date(known=True) == 0
    assert up_to_date() == 3
    assert up_to_date() == 0
    tell("ann", operation(at))
    assert (up_to_date(), operations()) == (3, 2)
    bigquery_client().query_and_wait(f"DELETE FROM kompo.events WHERE occurred_at = TIMESTAMP '{at.isoformat()}'")
    assert (up_to_date(), operations()) == (0, None)


def test_the_summary_has_every_kpi_and_says_which_miss_their_targets(day: datetime) -> None:
    tell("ann", operation(day), operation(day, success=False))
    found = AnalyticsEngine().get_analytics_summary(Period(day, day + DAY))
    assert found.figures["success_rate"].now.value == 0.5
    assert {"success_rate", "error_rate"} <= set(found.missed)
    assert "satisfaction" not in found.missed


def test_trends_are_analysed_step_by_step(day: datetime) -> None:
    tell("ann", *(operation(day + n * DAY) for n in range(-3, 1) for _ in range(4 + n)))
    [found] = AnalyticsEngine().analyze_trends(["operations"], Period(day - 3 * DAY, day + DAY))
    assert found.kpi.name == "operations"
