"""The summary of a period, over events that were told a moment ago."""

import json
import statistics
from datetime import datetime, timedelta

import pytest

from shared.core.clients import bigquery_client
from shared.core.errors import InvalidInput
from shared.core.ids import new_id
from shared.events import Business, Event, EventType, Generation, Metrics, Platform, event_messages, hashes_of
from shared.insights import Summary, aggregate_metrics, get_summary
from shared.insights.kept import not_believed
from tests.shared.told import operation, tell

pytestmark = pytest.mark.usefixtures("cloud")


def summary(hour: datetime, user: str | None = None) -> Summary:
    return get_summary(hashes_of(user).values() if user else None, hour, hour + timedelta(hours=1))


def test_an_empty_period_is_all_zeros_and_unknowns(hour: datetime) -> None:
    empty = summary(hour)
    assert (empty.current.operations, empty.current.success_rate, empty.current.p95_ms) == (0, None, None)
    assert not (empty.top_operations or empty.platforms or empty.errors)
    assert empty.freshness.newest_event_at is None


def test_it_counts_times_and_rates(hour: datetime) -> None:
    times = [float(n) for n in range(100, 200)]
    tell("ann", *(operation(hour + timedelta(seconds=n), ms=ms, success=n >= 5) for n, ms in enumerate(times)))
    tell("bob", operation(hour, "render", ms=None, success=None, platform=Platform.WEBAPP))
    found = summary(hour)
    total = found.current
    assert (total.operations, total.failures, total.unique_users, total.renders) == (101, 5, 2, 1)
    assert total.success_rate == pytest.approx(0.95)
    assert total.average_ms == pytest.approx(statistics.mean(times))
    assert total.p50_ms == pytest.approx(149, rel=0.01)
    assert total.p95_ms == pytest.approx(194, rel=0.01)
    own = summary(hour, "ann")
    assert [(part.label, part.operations) for part in own.top_operations] == [("trim", 100)]
    assert [(part.label, part.operations) for part in own.platforms] == [("mcp", 100)]


def test_of_everybodys_only_what_five_people_did_is_told_apart(hour: datetime) -> None:
    for number in range(5):
        tell(f"user {number}", operation(hour), operation(hour, success=False, error_code="disk_full"))
    for number in range(4):
        tell(f"user {number}", operation(hour, "render", success=False, error_code="quota", platform=Platform.WEBAPP))
    found = summary(hour)
    assert [(part.label, part.operations, part.unique_users) for part in found.top_operations] == [("trim", 10, 5)]
    assert [part.label for part in found.platforms] == ["mcp"]
    assert [error.code for error in found.errors] == ["disk_full"]
    assert (found.current.operations, found.current.unique_users) == (14, 5)
    assert [part.label for part in summary(hour, "user 0").top_operations] == ["trim", "render"]


def test_without_any_known_outcome_the_success_rate_is_unknown(hour: datetime) -> None:
    tell("ann", operation(hour, success=None, ms=None))
    total = summary(hour).current
    assert (total.operations, total.failures, total.success_rate, total.average_ms) == (1, 0, None, None)


def test_errors_are_counted_by_their_code(hour: datetime) -> None:
    tell("ann", *(operation(hour, success=False, error_code="disk_full") for _ in range(2)))
    tell("ann", operation(hour, success=False))
    alone = Event(
        event_id="error-1",
        timestamp=hour,
        platform=Platform.API,
        event_type=EventType.ERROR,
        metrics=Metrics(error_code="quota"),
    )
    tell("ann", alone)
    found = summary(hour, "ann")
    assert [(error.code, error.count) for error in found.errors] == [("disk_full", 2), ("quota", 1), ("unknown", 1)]
    assert found.current.operations == 3


def test_others_events_do_not_show_in_ones_own_summary(hour: datetime) -> None:
    tell("ann", operation(hour))
    tell("bob", operation(hour), operation(hour))
    own, everybody = summary(hour, "ann"), summary(hour)
    assert (own.scope, own.current.operations) == ("own", 1)
    assert (everybody.scope, everybody.current.operations) == ("everybody", 3)


def test_it_compares_with_the_period_before(hour: datetime) -> None:
    before = hour - timedelta(minutes=30)
    tell("ann", operation(before, ms=200), operation(before, ms=200, success=False))
    tell("ann", *(operation(hour, ms=100) for _ in range(3)))
    found = summary(hour)
    assert (found.previous.operations, found.current.operations) == (2, 3)
    assert found.change.operations == pytest.approx(0.5)
    assert found.change.average_ms == pytest.approx(-0.5)
    assert found.change.success_rate == pytest.approx(0.5)


def test_the_end_of_a_period_is_the_next_ones(hour: datetime) -> None:
    tell("ann", operation(hour + timedelta(hours=1)))
    assert summary(hour).current.operations == 0


def test_an_event_that_is_in_the_table_twice_counts_once(hour: datetime) -> None:
    [body] = event_messages("ann", [operation(hour)])
    [row] = json.loads(body)["events"]
    for insert_id in (new_id(), new_id()):
        assert bigquery_client().insert_rows_json("kompo.events", [row], row_ids=[insert_id]) == []
    assert summary(hour).current.operations == 1


def test_an_event_shows_at_once_with_its_freshness(hour: datetime) -> None:
    for count in range(1, 4):
        tell("ann", operation(hour))
        found = summary(hour)
        assert found.current.operations == count
        assert found.freshness.newest_event_at is not None
        assert found.freshness.computed_at - found.freshness.newest_event_at < timedelta(seconds=2)


def test_it_is_the_same_of_hours_that_are_kept(lonely_hour: datetime) -> None:
    first = lonely_hour - timedelta(hours=2)
    start, end = first - timedelta(minutes=30), first + timedelta(hours=2, minutes=10)
    for number in range(6):
        at = [first + timedelta(minutes=30 * step) for step in range(-4, 6)]
        paid = Generation(quality_score=number, cost_usd=0.5, satisfaction=4.0)
        tell(f"user {number}", *(operation(each, ms=125.0 * (number + 1)) for each in at))
        tell(
            f"user {number}",
            *(operation(each, "render", ms=250.0, success=False, generation=paid) for each in at[number:]),
        )
    raw = get_summary(None, start, end)
    assert len(raw.top_operations) == 2
    assert [error.code for error in raw.errors] == ["unknown"]
    aggregate_metrics(lonely_hour + timedelta(days=1), timedelta(days=2))
    assert not_believed(first, first + timedelta(hours=2)).hours == set()
    kept = get_summary(None, start, end)
    assert kept.model_dump(exclude={"freshness"}) == raw.model_dump(exclude={"freshness"})


def test_a_period_that_ends_before_it_starts_or_lasts_years_is_refused(hour: datetime) -> None:
    for length in (timedelta(0), timedelta(days=-1), timedelta(days=400)):
        with pytest.raises(InvalidInput):
            get_summary(None, hour, hour + length)


def test_it_tells_what_was_worth_what_and_the_curve_of_it(hour: datetime) -> None:
    def made(at: datetime, score: float) -> Event:
        return operation(at, "render", generation=Generation(quality_score=score, cost_usd=0.25))

    paid = Event(
        event_id=new_id(),
        timestamp=hour,
        platform=Platform.WEBAPP,
        event_type=EventType.BUSINESS,
        business=Business(kind="purchase", revenue_usd=19.0),
    )
    tell("ann", made(hour - timedelta(hours=2), 7.0), made(hour, 8.0), made(hour + timedelta(hours=1), 9.0), paid)
    tell("ann", operation(hour + timedelta(minutes=70), success=False, ms=300))
    found = get_summary(None, hour, hour + timedelta(hours=2))
    total = found.current
    assert (total.operations, total.quality_score, total.cost_usd, total.revenue_usd) == (3, 8.5, 0.5, 19.0)
    assert (found.change.quality_score, found.change.cost_usd, found.change.revenue_usd) == (1.5, 1.0, None)
    assert [(point.at, point.operations, point.success_rate) for point in found.curve] == [
        (hour, 1, 1.0),
        (hour + timedelta(hours=1), 2, 0.5),
    ]
    assert found.errors == []
