"""Hourly metrics follow the events, whenever those come."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.core.clients import bigquery_client, firestore_client
from shared.events import run_sql
from shared.insights import Step, aggregate_metrics
from shared.insights.kept import not_believed
from tests.shared.told import operation, tell

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def hour(lonely_hour: datetime) -> datetime:
    """An hour whose week holds no other events: those would be aggregated too."""
    return lonely_hour


def stored(hour: datetime) -> dict[tuple[str, str], float]:
    sql = f"SELECT label, kpi, value FROM kompo.metrics_hourly WHERE hour = TIMESTAMP '{hour.isoformat()}'"
    return {(row["label"], row["kpi"]): row["value"] for row in bigquery_client().query_and_wait(sql)}


def document(hour: datetime) -> dict[str, Any] | None:
    name = hour.strftime("%Y-%m-%dT%H:00Z")
    found: dict[str, Any] | None = (
        firestore_client().collection("system_performance_metrics").document(name).get().to_dict()
    )
    return found


def test_an_hour_becomes_rows_and_a_document(hour: datetime) -> None:
    tell("ann", operation(hour, "render", ms=40_000), operation(hour, "render", ms=60_000, success=False))
    tell("bob", operation(hour + timedelta(minutes=59), "trim"))
    done = aggregate_metrics(hour + timedelta(hours=2))
    assert done.hours == [hour]
    rows = stored(hour)
    assert rows["", "operations"] == 3
    assert rows["", "unique_users"] == 2
    assert rows["", "success_rate"] == pytest.approx(2 / 3)
    assert rows["", "error_rate"] == pytest.approx(1 / 3)
    assert rows["", "generation_time"] == 50
    assert rows["", "generation_time_p95"] == pytest.approx(60, rel=0.01)
    assert rows["operation=render", "success_rate"] == 0.5
    assert rows["operation=trim", "operations"] == 1
    assert ("operation=trim", "generation_time") not in rows
    told = document(hour)
    assert told is not None
    assert told["hour"] == hour
    assert told["metrics"]["operations"] == {"value": 3, "sampleCount": 3}


def test_a_second_run_finds_nothing_to_do(hour: datetime) -> None:
    tell("ann", operation(hour))
    aggregate_metrics(hour + timedelta(hours=1))
    before = stored(hour)
    assert aggregate_metrics(hour + timedelta(hours=1, minutes=5)).hours == []
    assert stored(hour) == before


def test_a_late_event_recomputes_its_hour_and_no_other(hour: datetime) -> None:
    tell("ann", operation(hour), operation(hour + timedelta(hours=1)))
    aggregate_metrics(hour + timedelta(hours=2))
    tell("ann", operation(hour))
    assert aggregate_metrics(hour + timedelta(hours=3)).hours == [hour]
    assert stored(hour)["", "operations"] == 2


def test_what_other_definitions_of_kpis_gave_is_not_believed_and_computed_again_day_by_day(hour: datetime) -> None:
    days = [hour - timedelta(days=1), hour]
    tell("ann", *(operation(each) for each in days))
    aggregate_metrics(hour + timedelta(hours=1), timedelta(days=2))
    before = "UPDATE kompo.metrics_hourly SET definitions = 'before', value = 7 WHERE hour >= @start AND hour <= @end"
    run_sql(before, {"start": days[0], "end": hour})
    assert not_believed(days[0], hour + timedelta(hours=1)).hours == {*days}
    # Further on other tests tell events, in whichever order the tests come.
    later, looked_back = Step.DAY.after(hour) + timedelta(hours=1), timedelta(hours=1)
    for each in reversed(days):
        assert aggregate_metrics(later, looked_back).hours == [each]
        assert stored(each)["", "operations"] == 1
        told = document(each)
        assert told is not None
        assert told["metrics"]["operations"] == {"value": 1, "sampleCount": 1}
    assert aggregate_metrics(later, looked_back).hours == []
    run_sql("UPDATE kompo.metrics_daily SET definitions = 'before' WHERE day = @day", {"day": Step.DAY.floor(hour)})
    assert Step.DAY.floor(hour) in not_believed(days[0], hour + timedelta(days=1)).days
    assert aggregate_metrics(later, looked_back).hours == [Step.DAY.floor(hour)]
    assert Step.DAY.floor(hour) not in not_believed(days[0], hour + timedelta(days=1)).days


def test_an_erased_hour_leaves_no_metrics(hour: datetime) -> None:
    tell("ann", operation(hour, "erased"))
    aggregate_metrics(hour + timedelta(hours=1))
    erase = f"DELETE FROM kompo.events WHERE occurred_at = TIMESTAMP '{hour.isoformat()}'"
    bigquery_client().query_and_wait(erase)
    assert aggregate_metrics(hour + timedelta(hours=1)).hours == [hour]
    assert stored(hour) == {}
    assert document(hour) is None


def test_an_hour_whose_document_was_not_written_gets_it_at_the_next_run(hour: datetime) -> None:
    tell("ann", operation(hour))
    aggregate_metrics(hour + timedelta(hours=1))
    firestore_client().collection("system_performance_metrics").document(hour.strftime("%Y-%m-%dT%H:00Z")).delete()
    aggregate_metrics(hour + timedelta(hours=1, minutes=5))
    assert document(hour) is not None
