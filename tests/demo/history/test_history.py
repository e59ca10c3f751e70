"""A history is what it says: so many events, valid, by time, the same for the same seed, with the patterns it claims."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from demo.history import History, deliveries, load
from demo.history.load import to_row
from shared.core.clients import bigquery_client
from shared.events import Event, run_query
from shared.events.privacy import sanitise, user_key
from shared.events.rows import to_row as row_of_intake
from tests.cloud import RunningCloud

END = datetime(2026, 10, 1, tzinfo=UTC)
Told = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def history() -> History:
    return History(seed=3, events=20_000, users=300, days=30, end=END)


@pytest.fixture(scope="module")
def told(history: History) -> list[Told]:
    return list(history)


def test_it_is_the_same_for_the_same_seed_and_another_for_another(history: History, told: list[Told]) -> None:
    assert list(history) == told
    assert list(History(seed=4, events=500, users=30, days=3, end=END)) != told[:500]


def test_it_has_as_many_events_as_asked_for_by_time_within_its_days(history: History, told: list[Told]) -> None:
    times = [datetime.fromisoformat(event["timestamp"]) for _, event in told]
    assert len(told) == 20_000
    assert times == sorted(times)
    assert history.start < times[0] < times[-1] <= END


def test_every_event_is_one_that_the_api_takes(told: list[Told]) -> None:
    for _, event in told:
        Event.model_validate(event, by_name=False)
    assert len({event["eventId"] for _, event in told}) == len(told)
    assert {event["eventType"] for _, event in told} == {
        *("operation", "workflow", "generation", "error", "business", "feedback")
    }


def sessions_of(told: list[Told]) -> list[tuple[str, list[tuple[str, bool]]]]:
    """The sessions by the rule that is written down: what the client calls one, else until ten minutes are idle."""
    sessions: dict[tuple[str, object], list[tuple[str, bool]]] = defaultdict(list)
    last: dict[str, tuple[datetime, int]] = {}
    for user, event in told:
        if event["eventType"] != "operation":
            continue
        session: object = event["context"].get("sessionId")
        if session is None:
            ended = datetime.fromisoformat(event["timestamp"])
            before, number = last.get(user, (ended, 0))
            idle = ended - timedelta(milliseconds=event["metrics"]["processingTime"]) - before
            session = number + (idle > timedelta(minutes=10))
            last[user] = (ended, session)
        sessions[user, session].append((event["operation"]["type"], event["metrics"]["success"]))
    return [(user, operations) for (user, _), operations in sessions.items()]


def test_the_planted_patterns_are_there_exactly_as_often_as_it_says(history: History, told: list[Told]) -> None:
    sessions = sessions_of(told)
    assert len(history.planted) >= 10
    for planted in history.planted:
        length = len(planted.operations)
        runs = [
            (number, user, all(good for _, good in operations[i : i + length]))
            for number, (user, operations) in enumerate(sessions)
            for i in range(len(operations) - length + 1)
            if tuple(name for name, _ in operations[i : i + length]) == planted.operations
        ]
        assert len(runs) == planted.runs
        assert len({number for number, *_ in runs}) == planted.sessions
        assert len({user for _, user, _ in runs}) == planted.users
        assert sum(good for *_, good in runs) / len(runs) == pytest.approx(planted.success_rate)


def test_what_vanished_and_what_rose_is_there_only_then(history: History, told: list[Told]) -> None:
    halfway = history.start + (history.end - history.start) / 2
    looks = [t for t in told if t[1].get("operation", {}).get("type") == "vhs_look"]
    assert len(looks) > 50
    # A session that began before goes on.
    assert all(datetime.fromisoformat(event["timestamp"]) < halfway + timedelta(hours=2) for _, event in looks)
    kinds = {(anomaly.kind, anomaly.what) for anomaly in history.anomalies}
    assert {("vanished", "vanishing"), ("risen", "rising"), ("outage", "luma"), ("slow", "everything")} <= kinds


def test_bad_networks_deliver_every_event_and_more(told: list[Told]) -> None:
    delivered = list(deliveries(told[:5_000], rate=0.1, seed=5))
    good = [event["eventId"] for _, event, fault in delivered if fault in (None, "late", "reordered")]
    assert sorted(good) == sorted(event["eventId"] for _, event in told[:5_000])
    by_fault = defaultdict(list)
    for user, event, fault in delivered:
        by_fault[fault].append((user, event))
    assert set(by_fault) == {None, "duplicate", "altered", "late", "reordered", "invalid"}
    assert all(copy in told[:5_000] for copy in by_fault["duplicate"])
    for _, event in by_fault["invalid"]:
        with pytest.raises(ValueError, match="validation error"):
            Event.model_validate(event, by_name=False)


@pytest.fixture
def empty_table(cloud: RunningCloud) -> Iterator[None]:
    yield
    bigquery_client().query_and_wait("DELETE FROM kompo.events WHERE TRUE")


@pytest.mark.usefixtures("cloud")
def test_loaded_rows_are_those_that_the_intake_makes(told: list[Told]) -> None:
    for user, event in told[::97]:
        at, key = datetime.fromisoformat(event["timestamp"]), user_key(user, END)
        made = row_of_intake(sanitise(Event.model_validate(event, by_name=False)), at, *key)
        ours = to_row(key, event)
        for time in ("occurred_at", "received_at"):
            assert datetime.fromisoformat(ours.pop(time)) == datetime.fromisoformat(made.pop(time)) == at
        assert ours == made


@pytest.mark.usefixtures("empty_table")
def test_a_loaded_history_is_in_bigquery_with_its_sessions(tmp_path: Any, history: History, told: list[Told]) -> None:
    assert load(told) == len(told)
    query = tmp_path / "sessions.sql"
    query.write_text("SELECT COUNT(*) AS operations, COUNT(DISTINCT session) AS sessions FROM (${session_operations})")
    [row] = run_query(query, {"start": history.start, "end": history.end + timedelta(hours=1)})
    sessions = sessions_of(told)
    assert row == {"operations": sum(len(operations) for _, operations in sessions), "sessions": len(sessions)}
