"""From a message to the tables: nothing is lost, nothing counts twice."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.core import settings as core_settings
from shared.core.clients import bigquery_client, firestore_client
from shared.core.errors import Unavailable
from shared.core.ids import new_id
from shared.events import Event, IngestResult, event_messages, hash_user, ingest, publish_events
from shared.events.erasure import withhold
from tests.cloud import RunningCloud, wait_for
from tests.shared.events.counting import counted
from tests.shared.events.messages import good_row, message, rows
from tests.shared.told import operation, tell

pytestmark = pytest.mark.usefixtures("cloud")


def test_an_event_becomes_a_row_with_a_hashed_user_and_no_paths(hour: datetime) -> None:
    event = Event.model_validate(
        {
            "event_id": new_id(),
            "timestamp": hour,
            "platform": "komposteur",
            "event_type": "operation",
            "operation": {"type": "trim", "parameters": {"start": 1.5, "input": "/home/ann/x.mp4"}, "file_size": 10},
            "metrics": {"success": False, "processing_time": 12, "error_message": "/home/ann/x.mp4: bad"},
            "context": {"session_id": "s1", "sequence_position": 2},
        }
    )
    tell("ann", event)
    [row] = rows("events", event.event_id)
    assert (row["occurred_at"], row["user_id"], row["salt_version"]) == (hour, hash_user("ann"), "1")
    assert (row["operation_type"], row["platform"]) == ("trim", "komposteur")
    assert row["operation"]["parameters"] == '{"start":1.5}'
    assert row["metrics"]["error_message"] == "<path> bad"
    assert row["context"]["sequence_position"] == 2


def test_a_message_that_comes_again_counts_once(hour: datetime) -> None:
    event = operation(hour)
    [body] = event_messages("ann", [event])
    assert ingest(body) == IngestResult(accepted=1)
    assert ingest(body) == IngestResult(duplicate=1)
    assert len(rows("events", event.event_id)) == 1


def test_an_event_that_comes_in_another_message_counts_once() -> None:
    row = good_row()
    assert ingest(message(row)) == IngestResult(accepted=1)
    later = {**row, "received_at": (datetime.now(UTC) + timedelta(seconds=3)).isoformat()}
    with counted() as grown:
        assert ingest(message(later, good_row())) == IngestResult(accepted=1, duplicate=1)
    assert len(rows("events", row["event_id"])) == 1
    assert (grown["accepted"], grown["duplicate"]) == (1, 1)


def test_the_same_id_of_another_user_is_another_event() -> None:
    row = good_row()
    other = good_row("bob", event_id=row["event_id"])
    assert ingest(message(row, other)) == IngestResult(accepted=2)


@pytest.mark.parametrize("together", [True, False])
def test_an_id_used_for_another_event_is_flagged_kept_in_sight_and_not_counted(together: bool) -> None:
    first = good_row()
    other = {**first, "operation_type": "reverse"}
    with counted() as grown:
        if together:
            assert ingest(message(first, other)) == IngestResult(accepted=1, duplicate=1)
        else:
            assert ingest(message(first)) == IngestResult(accepted=1)
            assert ingest(message(other)) == IngestResult(duplicate=1)
        assert ingest(message(other)) == IngestResult(duplicate=1)
    [kept] = rows("events", first["event_id"])
    [flagged] = rows("events_rejected", first["event_id"])
    assert kept["operation_type"] == "trim"
    assert (flagged["operation_type"], flagged["reason_code"]) == ("reverse", "synthetic_duplicate")
    assert (grown["accepted"], grown["invalid"], grown["duplicate"]) == (1, 0, 2)


def test_messages_with_the_same_events_at_the_same_time_count_each_event_once() -> None:
    events = [good_row() for _ in range(30)]
    messages = [message(*events[start : start + 20]) for start in (0, 5, 10)] * 2
    with counted() as grown, ThreadPoolExecutor(6) as deliveries:
        results = list(deliveries.map(ingest, messages))
    assert sum(result.accepted for result in results) == grown["accepted"] == len(events)
    assert sum(result.duplicate for result in results) == grown["duplicate"] == 6 * 20 - len(events)


def test_an_event_twice_in_a_message_counts_once() -> None:
    row = good_row()
    assert ingest(message(row, row)) == IngestResult(accepted=1, duplicate=1)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"surprise": 1}, "invalid_schema"),
        ({"metrics": {"success": "yes"}}, "invalid_schema"),
        ({"user_id": "ann@example.com"}, "invalid_schema"),
        ({"occurred_at": (datetime.now(UTC) + timedelta(days=2)).isoformat()}, "timestamp_in_future"),
        ({"occurred_at": "1999-01-01T00:00:00Z"}, "timestamp_too_old"),
    ],
)
def test_a_bad_row_is_quarantined_with_the_reason_and_its_good_fields(change: dict[str, Any], code: str) -> None:
    bad, good = good_row(**change), good_row()
    assert ingest(message(bad, good)) == IngestResult(accepted=1, invalid=1)
    [kept] = rows("events_rejected", bad["event_id"])
    assert (kept["reason_code"], kept["operation_type"]) == (code, "trim")
    assert "ann@" not in kept["payload"]
    assert json.loads(kept["payload"])["event_id"] == bad["event_id"]
    assert rows("events", bad["event_id"]) == []
    assert len(rows("events", good["event_id"])) == 1


@pytest.mark.usefixtures("tidied")
@pytest.mark.parametrize("poison", [b"\xff\x00 not json", b"[]", b'{"events": 1}', b"[" * 100_000])
def test_a_poisoned_message_is_kept_and_acknowledged(poison: bytes) -> None:
    marked = poison + new_id().encode() if poison.startswith(b"\xff") else poison
    assert ingest(marked) == IngestResult(invalid=1)
    sql = "SELECT reason_code FROM kompo.events_rejected WHERE event_id IS NULL ORDER BY received_at DESC LIMIT 1"
    [[code]] = [list(row.values()) for row in bigquery_client().query_and_wait(sql)]
    assert code in {"not_json", "not_events"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELD = st.sampled_from(
    ["event_id", "occurred_at", "received_at", "user_id", "operation", "metrics", "context", "extra"]
)


@settings(max_examples=40, deadline=None)
@example([("operation", {"type": None}), ("operation", {"type": None, "success": 1})])
@given(
    st.lists(JSON | st.tuples(FIELD, JSON | st.dictionaries(st.sampled_from(["type", "success"]), JSON)), max_size=5)
)
def test_whatever_a_message_holds_every_event_of_it_is_accounted_for(
    cloud: RunningCloud, given_rows: list[Any]
) -> None:
    rows = [good_row(**{row[0]: row[1]}) if isinstance(row, tuple) else row for row in given_rows]
    result = ingest(message(*rows, good_row()))
    assert result.accepted >= 1
    assert sum(vars(result).values()) == len(rows) + 1


def test_live_counters_add_up_and_a_redelivery_does_not_move_them() -> None:
    body = message(
        good_row(),
        good_row(metrics={"success": False, "processing_time": 5.0}),
        good_row(metrics={"cpu_usage": 50.0}),
        good_row(platform="toaster"),
    )
    with counted() as grown:
        for _ in range(3):
            ingest(body)
    assert grown == {
        "accepted": 3,
        "invalid": 1,
        "duplicate": 8,
        "operations": 3,
        "decided": 2,
        "failures": 1,
        "timed": 2,
        "processing_ms": 105.0,
    }


def test_what_a_user_sent_before_they_opted_out_is_not_kept_and_what_they_send_later_is() -> None:
    user = new_id()
    early, broken = good_row(user), good_row(user, surprise=1)
    withhold([hash_user(user)], datetime.now(UTC))
    late, strangers = good_row(user), good_row()
    with counted() as grown:
        assert ingest(message(early, broken, late, strangers)) == IngestResult(accepted=2, filtered=2)
    assert (grown["accepted"], grown["invalid"]) == (2, 0)
    assert rows("events", early["event_id"]) == rows("events_rejected", broken["event_id"]) == []


def test_an_opted_out_user_leaves_no_event() -> None:
    uid = new_id()
    firestore_client().collection("users").document(uid).set({"analyticsOptOut": True})
    assert publish_events(uid, [operation(datetime.now(UTC))]) is False


def test_with_analytics_off_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYTICS_ENABLED", "false")
    core_settings.settings.cache_clear()
    try:
        assert event_messages(None, [operation(datetime.now(UTC))]) == []
    finally:
        monkeypatch.undo()
        core_settings.settings.cache_clear()


def test_published_events_arrive_in_chunks_of_at_most_500(cloud: RunningCloud) -> None:
    from google.cloud.pubsub_v1 import SubscriberClient

    subscriber = SubscriberClient()
    name = subscriber.subscription_path(cloud.project, f"test-{new_id().lower()}")
    topic = f"projects/{cloud.project}/topics/events"
    subscriber.create_subscription(request={"name": name, "topic": topic, "ack_deadline_seconds": 60})
    events = [operation(datetime.now(UTC)) for _ in range(1001)]
    publish_events("ann", events)
    sizes: list[int] = []
    while sum(sizes) < len(events):
        pulled = subscriber.pull(request={"subscription": name, "max_messages": 10}, timeout=20)
        sizes += [len(json.loads(received.message.data)["events"]) for received in pulled.received_messages]
        subscriber.acknowledge(
            request={"subscription": name, "ack_ids": [received.ack_id for received in pulled.received_messages]}
        )
    assert sorted(sizes) == [1, 500, 500]


def test_a_killed_bigquery_loses_and_doubles_nothing(cloud: RunningCloud, hour: datetime) -> None:
    events = [operation(hour, "killed") for _ in range(100)]
    messages = [body for event in events for body in event_messages("ann", [event])]

    def deliver(body: bytes) -> None:
        wait_for(lambda: delivered(body), "the message is taken")

    def delivered(body: bytes) -> bool:
        try:
            return ingest(body) is not None
        except Unavailable:
            return False

    with ThreadPoolExecutor(4) as deliveries:
        pending = [deliveries.submit(deliver, body) for body in messages]
        wait_for(lambda: any(future.done() for future in pending), "some are taken")
        cloud.kill("bigquery")
        for future in pending:
            future.result()
    sql = "SELECT COUNT(*), COUNT(DISTINCT event_id) FROM kompo.events WHERE operation_type = 'killed'"
    [[kept, distinct]] = [list(row.values()) for row in bigquery_client().query_and_wait(sql)]
    assert distinct == len(events)
    assert kept == distinct
