"""A user's events are gone everywhere, or nobody's, and the receipt says so: whoever is killed on the way."""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from shared.core.clients import bigquery_client, firestore_client
from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import new_id
from shared.core.settings import settings
from shared.events import hash_user, ingest
from shared.insights import aggregate_metrics
from shared.privacy import (
    ErasureAction,
    PrivacyRequest,
    PrivacyRequestState,
    find_receipt,
    get_request,
    process_requests,
    request_erasure,
)
from shared.privacy.request import reference
from tests.cloud import RunningCloud, local_cloud
from tests.shared.told import operation, tell

pytestmark = pytest.mark.usefixtures("cloud")


def rows(table: str, condition: str) -> list[dict[str, Any]]:
    sql = f"SELECT * FROM kompo.{table} WHERE {condition}"
    return [dict(row.items()) for row in bigquery_client().query_and_wait(sql)]


def metric(hour: datetime, kpi: str) -> float | None:
    found = rows("metrics_hourly", f"hour = TIMESTAMP '{hour.isoformat()}' AND kpi = '{kpi}' AND label = ''")
    return found[0]["value"] if found else None


def carried_on(request: PrivacyRequest) -> PrivacyRequest:
    """The request after it was due once."""
    reference(request.id).update({"nextAttempt": datetime.now(UTC) - timedelta(seconds=1)})
    process_requests()
    return get_request(request.id)


@pytest.fixture
def ann() -> str:
    """The id of a user without events."""
    return new_id()


def told(user: str, hour: datetime) -> None:
    """Three events of a user and one of another in an hour, aggregated, and a rejected one of the user."""
    tell(user, *(operation(hour + timedelta(minutes=n)) for n in (1, 2, 3)))
    tell(new_id(), operation(hour + timedelta(minutes=4)))
    bad = {"event_id": new_id(), "user_id": hash_user(user), "surprise": 1, "occurred_at": hour.isoformat()}
    import json

    ingest(json.dumps({"events": [bad]}).encode())
    client = bigquery_client()
    served = {"served_id": new_id(), "served_at": datetime.now(UTC).isoformat(), "user_id": hash_user(user)}
    assert client.insert_rows_json(f"{client.project}.kompo.recommendations_served", [served]) == []
    aggregate_metrics(datetime.now(UTC), datetime.now(UTC) - hour + timedelta(hours=1))


def test_erased_events_are_gone_from_tables_and_metrics_and_the_receipt_says_so(ann: str, hour: datetime) -> None:
    told(ann, hour)
    assert (metric(hour, "events"), metric(hour, "unique_users")) == (4, 2)
    request = carried_on(request_erasure(new_id(), ErasureAction.ERASE, ann, user_id=ann))
    assert request.state is PrivacyRequestState.DONE
    user = hash_user(ann)
    assert rows("events", f"user_id = '{user}'") == []
    assert rows("events_rejected", f"user_id = '{user}' OR payload LIKE '%{user}%'") == []
    assert rows("recommendations_served", f"user_id = '{user}'") == []
    assert (metric(hour, "events"), metric(hour, "unique_users")) == (1, 1)
    receipt = find_receipt(request.id)
    assert receipt is not None
    assert {name: (table.removed, table.left) for name, table in receipt.tables.items()} == {
        "events": (3, 0),
        "events_rejected": (1, 0),
        "recommendations_served": (1, 0),
    }
    assert (receipt.first, receipt.salts) == (hour, ["1"])
    assert receipt.rebuilt["metrics"] >= 1
    assert {"metrics", "patterns", "recommenders", "performance"} <= receipt.rebuilt.keys()


def test_neither_receipt_nor_finished_request_names_the_user(ann: str, hour: datetime) -> None:
    tell(ann, operation(hour))
    request = carried_on(request_erasure(new_id(), ErasureAction.ERASE, "operator", user_id=ann))
    for collection in ("erasure_ledger", "privacy_requests"):
        assert ann not in str(firestore_client().collection(collection).document(request.id).get().to_dict())
    assert (request.subject, request.secret) == ({}, None)
    assert hash_user(ann) in str(find_receipt(request.id))


def test_what_was_computed_for_the_user_alone_goes_too(ann: str, hour: datetime) -> None:
    history = firestore_client().collection("operation_histories").document(hash_user(ann))
    history.set({"sessions": ["trim resize"]})
    carried_on(request_erasure(new_id(), ErasureAction.ERASE, ann, user_id=ann))
    assert not history.get().exists


def test_events_made_nobodys_still_count_and_hold_nothing_that_tells_whose_they_were(ann: str, hour: datetime) -> None:
    event = operation(hour + timedelta(minutes=7), "trim", session="session-of-ann")
    tell(ann, event, operation(hour + timedelta(minutes=8), success=False))
    aggregate_metrics(datetime.now(UTC), datetime.now(UTC) - hour + timedelta(hours=1))
    request = carried_on(request_erasure(new_id(), ErasureAction.ANONYMISE, ann, user_id=ann))
    assert request.state is PrivacyRequestState.DONE
    assert rows("events", f"user_id = '{hash_user(ann)}'") == []
    kept = rows("events", f"occurred_at = TIMESTAMP '{hour.isoformat()}'")
    assert len(kept) == 2
    for row in kept:
        assert (row["user_id"], row["salt_version"], row["operation_type"]) == (None, None, "trim")
        assert row["event_id"] != event.event_id
        assert (row["context"] or {}).get("session_id") is None
        assert row["metrics"]["processing_time"] == 100
    assert (metric(hour, "events"), metric(hour, "unique_users")) == (2, 0)


def test_a_period_leaves_what_is_outside_it(ann: str, hour: datetime) -> None:
    tell(ann, *(operation(hour + timedelta(minutes=n)) for n in (0, 10, 20)))
    period = {"start": hour + timedelta(minutes=10), "end": hour + timedelta(minutes=20)}
    carried_on(request_erasure(new_id(), ErasureAction.ERASE, ann, user_id=ann, **period))
    left = rows("events", f"user_id = '{hash_user(ann)}'")
    assert sorted(row["occurred_at"] for row in left) == [hour, hour + timedelta(minutes=20)]


def test_everybodys_events_of_a_period_go(ann: str, hour: datetime) -> None:
    told(ann, hour)
    carried_on(
        request_erasure(
            new_id(), ErasureAction.ERASE, "operator", user_id=None, start=hour, end=hour + timedelta(hours=1)
        )
    )
    within = (
        f"occurred_at BETWEEN TIMESTAMP '{hour.isoformat()}' AND TIMESTAMP '{(hour + timedelta(hours=1)).isoformat()}'"
    )
    assert rows("events", within) == []
    assert metric(hour, "events") is None


def test_everybodys_events_without_a_period_are_not_for_the_asking() -> None:
    with pytest.raises(InvalidInput, match="from when to when"):
        request_erasure(new_id(), ErasureAction.ERASE, "operator", user_id=None)
    with pytest.raises(InvalidInput, match="end after it starts"):
        moment = datetime.now(UTC)
        request_erasure(new_id(), ErasureAction.ERASE, "ann", user_id="ann", start=moment, end=moment)
    with pytest.raises(NotFound):
        get_request("none")


def test_asked_twice_under_one_id_it_is_one_request(ann: str) -> None:
    first = request_erasure(new_id(), ErasureAction.ERASE, ann, user_id=ann)
    again = request_erasure(first.id, ErasureAction.ERASE, ann, user_id=ann)
    assert again.created == first.created


def test_rows_of_a_salt_that_was_destroyed_meanwhile_are_found(ann: str, hour: datetime) -> None:
    """The request has noted the hashes that there were when it was made."""
    tell(ann, operation(hour))
    request = request_erasure(new_id(), ErasureAction.ERASE, ann, user_id=ann)
    row = rows("events", f"user_id = '{hash_user(ann)}'")[0]
    old = {
        **row,
        "user_id": "f" * 64,
        "salt_version": "0",
        "occurred_at": hour.isoformat(),
        "received_at": hour.isoformat(),
    }
    client = bigquery_client()
    assert client.insert_rows_json(f"{client.project}.{settings().dataset}.events", [old]) == []
    reference(request.id).update({"subject.0": "f" * 64})
    receipt = find_receipt(carried_on(request).id)
    assert receipt is not None
    assert receipt.tables["events"].removed == 2
    assert receipt.salts == ["0", "1"]


def test_a_request_that_is_done_is_never_taken_up_again(ann: str, hour: datetime) -> None:
    done = carried_on(request_erasure(new_id(), ErasureAction.ERASE, ann, user_id=ann))
    tell(new_id(), operation(hour))
    assert carried_on(done).attempts == 1
    assert len(rows("events", f"occurred_at = TIMESTAMP '{hour.isoformat()}'")) == 1


class Killed(BaseException):
    """What stands for SIGKILL: nobody handles it."""


def kill_at(line: int, work: Callable[[], object]) -> bool:
    """Run `work` and end it before the `line`-th line of shared.privacy that it comes to. Whether it came that far."""
    folder = str(Path(sys.modules["shared.privacy"].__file__ or "").parent)
    count = 0

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(folder):
            return None
        if event == "line":
            count += 1
            if count == line:
                raise Killed
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    except Killed:
        return True
    finally:
        sys.settrace(before)
    return False


def test_a_kill_at_any_line_loses_nothing_and_counts_nothing_twice(hour: datetime) -> None:
    line, step = 1, 37
    while True:
        ann = new_id()
        tell(ann, operation(hour), operation(hour))
        request = request_erasure(new_id(), ErasureAction.ERASE, ann, user_id=ann)
        killed = kill_at(line, lambda request=request: carried_on(request))  # type: ignore[misc]
        receipt = find_receipt(carried_on(request).id)
        assert get_request(request.id).state is PrivacyRequestState.DONE, line
        assert receipt is not None
        assert (receipt.tables["events"].removed, receipt.tables["events"].left) == (2, 0), line
        assert rows("events", f"user_id = '{hash_user(ann)}'") == []
        if not killed:
            break
        line += step
    assert line > 4 * step


@pytest.fixture
def buffered(tmp_path: Path) -> Iterator[RunningCloud]:
    """A cloud of its own whose BigQuery does not change rows for three seconds after they came in."""
    servers = ("firestore", "pubsub", "bigquery", "secrets")
    with local_cloud(*servers, data=tmp_path, KOMPO_LOCAL_STREAMING_BUFFER="3") as own, own.applied():
        yield own


def test_rows_that_came_in_just_now_are_erased_when_bigquery_lets_go_of_them(buffered: RunningCloud) -> None:
    from tests.cloud import wait_for

    tell("ann", operation(datetime.now(UTC)))
    request = carried_on(request_erasure(new_id(), ErasureAction.ERASE, "ann", user_id="ann"))
    assert (request.state, "90 minutes" in str(request.reason)) == (PrivacyRequestState.WAITING, True)
    assert request.next_attempt is not None
    assert request.next_attempt > datetime.now(UTC) + timedelta(minutes=5)
    assert len(rows("events", f"user_id = '{hash_user('ann')}'")) == 1
    wait_for(lambda: carried_on(request).state is PrivacyRequestState.DONE, "the buffer lets go", pause=0.5)
    receipt = find_receipt(request.id)
    assert receipt is not None
    assert receipt.tables["events"].removed == 1
