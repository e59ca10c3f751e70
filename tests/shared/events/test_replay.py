"""After a fix, what was rejected comes in: once, with its metrics, and nothing that is still bad."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.core.clients import bigquery_client
from shared.core.ids import new_id
from shared.events import ingest, quarantine, replay
from shared.events.__main__ import main
from shared.events.insertion import insert_rejected
from shared.events.rows import Rejection, rejected_row
from shared.insights import aggregate_metrics
from tests.shared.events.counting import counted
from tests.shared.events.messages import good_row, message, rows

pytestmark = pytest.mark.usefixtures("cloud")


def rejected_by_mistake(code: str, row: dict[str, Any], received_at: datetime | None = None) -> None:
    """Quarantine a row that is good, as a release with a mistake would have."""
    insert_rejected([rejected_row(row, Rejection(code, "a mistake", []), received_at or datetime.now(UTC))])


@pytest.fixture
def code() -> str:
    """A reason that no other test rejects for."""
    return f"mistake_{new_id().lower()}"


def test_rows_that_are_good_now_come_in_once_and_the_others_stay(code: str) -> None:
    good, bad = [good_row() for _ in range(3)], good_row(metrics={"success": True, "cpu_usage": -1.0})
    for row in (*good, bad):
        rejected_by_mistake(code, row)
    with counted() as grown:
        first = replay(reason=code)
        second = replay(reason=code)
    assert (first.examined, first.taken, first.events, first.left) == (4, 3, 3, 1)
    assert (second.examined, second.taken) == (1, 0)
    assert [len(rows("events", row["event_id"])) for row in (*good, bad)] == [1, 1, 1, 0]
    assert (grown["accepted"], grown["duplicate"]) == (3, 0)


def test_a_row_that_came_in_otherwise_is_settled_without_counting_again(code: str) -> None:
    row = good_row()
    rejected_by_mistake(code, row)
    ingest(message(row))
    with counted() as grown:
        assert replay(reason=code).taken == 1
    assert (grown["accepted"], grown["duplicate"]) == (0, 1)
    assert len(rows("events", row["event_id"])) == 1
    assert replay(reason=code).examined == 0


def test_a_dry_run_says_what_would_be_and_changes_nothing(code: str) -> None:
    row = good_row()
    rejected_by_mistake(code, row)
    assert replay(reason=code, dry_run=True) == replay(reason=code, dry_run=True)
    assert rows("events", row["event_id"]) == []
    assert replay(reason=code).taken == 1


def test_only_what_was_received_since_is_replayed(code: str) -> None:
    old, new = good_row(), good_row()
    rejected_by_mistake(code, old, datetime.now(UTC) - timedelta(days=3))
    rejected_by_mistake(code, new)
    assert replay(reason=code, since=datetime.now(UTC) - timedelta(days=1)).taken == 1
    assert replay(reason=code).taken == 1


def test_a_synthetic_duplicate_is_never_replayed() -> None:
    first = good_row()
    ingest(message(first, {**first, "operation_type": "reverse"}))
    replay()
    [kept] = rows("events", first["event_id"])
    assert kept["operation_type"] == "trim"
    assert replay(reason="synthetic_duplicate").examined == 0


def test_a_message_quarantined_as_a_whole_gives_all_its_events(code: str) -> None:
    events = [good_row() for _ in range(3)]
    quarantine(message(*events), code, "our code crashed")
    assert replay(reason=code).events == 3
    assert [len(rows("events", row["event_id"])) for row in events] == [1, 1, 1]


def test_the_metrics_of_hours_long_past_follow(code: str, hour: datetime) -> None:
    """The schedule looks back for a week; a replay says which older hours it has touched."""
    received = hour + timedelta(minutes=1)
    row = good_row(occurred_at=hour.isoformat(), received_at=received.isoformat())
    rejected_by_mistake(code, row, received)
    replay(reason=code)
    done = aggregate_metrics(datetime.now(UTC))
    assert hour in done.hours
    sql = f"SELECT value FROM kompo.metrics_hourly WHERE hour = '{hour.isoformat()}' AND kpi = 'events' AND label = ''"
    assert [list(found.values()) for found in bigquery_client().query_and_wait(sql)] == [[1.0]]
    assert hour not in aggregate_metrics(datetime.now(UTC)).hours


def test_the_command_says_what_it_did(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    rejected_by_mistake(code, good_row())
    assert main(["replay", "--reason", code, "--dry-run"]) == 0
    assert "1 with 1 events would be taken in" in capsys.readouterr().out
    assert main(["replay", "--reason", code, "--since", "2020-01-01"]) == 0
    assert "1 rejections examined: 1 with 1 events were taken in, 0 are still bad." in capsys.readouterr().out


def test_what_is_replayed_has_no_personal_data(code: str) -> None:
    row = good_row(surprise="mail ann@example.com about /home/ann/x.mp4")
    ingest(message(row))
    [kept] = rows("events_rejected", row["event_id"])
    assert "ann" not in kept["payload"]
