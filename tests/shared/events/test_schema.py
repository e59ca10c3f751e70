"""What an event may be."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from shared.events import Event, SizeCategory, timestamp_problem

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
TRIM = {
    "eventId": "e1",
    "timestamp": "2026-05-04T12:00:00Z",
    "platform": "mcp",
    "eventType": "operation",
    "operation": {"type": "trim", "inputFormat": "mp4"},
    "metrics": {"success": True, "processingTime": 120},
}


def test_the_smallest_event_is_five_fields() -> None:
    event = Event.model_validate({**TRIM, "metrics": None}, by_name=False)
    assert (event.event_id, event.schema_version) == ("e1", "1")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"surprise": 1}, ("surprise",)),
        ({"event_id": "e1"}, ("event_id",)),
        ({"eventId": "../etc"}, ("eventId",)),
        ({"platform": "toaster"}, ("platform",)),
        ({"timestamp": "2026-05-04T12:00:00"}, ("timestamp",)),
        ({"timestamp": 1777896000}, ("timestamp",)),
        ({"schemaVersion": "2"}, ("schemaVersion",)),
        ({"userId": "somebody"}, ("userId",)),
        ({"operation": {"type": "rm -rf /"}}, ("operation", "type")),
        ({"operation": {"type": "trim", "fileSize": -1}}, ("operation", "fileSize")),
        ({"metrics": {"success": "yes"}}, ("metrics", "success")),
        ({"metrics": {"processingTime": "120"}}, ("metrics", "processingTime")),
        ({"metrics": {"processingTime": float("nan")}}, ("metrics", "processingTime")),
        ({"metrics": {"gpuUsage": 101}}, ("metrics", "gpuUsage")),
        ({"operation": None}, ()),
    ],
)
def test_what_is_wrong_is_refused_where_it_is(change: dict[str, Any], where: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as invalid:
        Event.model_validate({**TRIM, **change}, by_name=False)
    assert [error["loc"] for error in invalid.value.errors()] == [where]


@pytest.mark.parametrize(
    ("late_by", "problem"),
    [
        (timedelta(0), None),
        (timedelta(days=364), None),
        (timedelta(days=366), "timestamp_too_old"),
        (timedelta(hours=-22), None),
        (timedelta(hours=-24), "timestamp_in_future"),
    ],
)
def test_a_clock_may_be_off_but_not_by_much(late_by: timedelta, problem: str | None) -> None:
    assert timestamp_problem(NOW - late_by, NOW) == problem


def test_sizes_have_three_classes() -> None:
    assert [SizeCategory.of(size) for size in (0, 10_000_000, 100_000_000)] == ["small", "medium", "large"]
