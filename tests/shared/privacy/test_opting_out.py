"""Who opts out is left alone at once: also of what is on its way."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from shared.core.clients import bigquery_client, firestore_client
from shared.core.ids import new_id
from shared.events import IngestResult, event_messages, hash_user, ingest
from shared.events.erasure import withheld_until
from shared.privacy import ErasureAction, request_erasure, set_opt_out
from tests.shared.told import operation

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def ann() -> str:
    """The id of a user with an account."""
    uid = new_id()
    firestore_client().collection("users").document(uid).set({"uid": uid, "created": datetime.now(UTC)})
    return uid


def rows(user: str) -> int:
    sql = f"SELECT COUNT(*) AS n FROM kompo.events WHERE user_id = '{hash_user(user)}'"
    return int(next(iter(bigquery_client().query_and_wait(sql)))["n"])


def test_an_event_on_its_way_is_not_kept_after_its_user_opted_out(ann: str) -> None:
    [message] = event_messages(ann, [operation(datetime.now(UTC))])
    set_opt_out(ann, True)
    assert ingest(message) == IngestResult(filtered=1)
    assert rows(ann) == 0


def test_jobs_tell_nothing_of_who_opted_out(ann: str) -> None:
    """Jobs take their messages from here, for the outbox."""
    set_opt_out(ann, True)
    assert event_messages(ann, [operation(datetime.now(UTC))]) == []


def test_who_opts_in_again_is_told_of_again(ann: str) -> None:
    set_opt_out(ann, True)
    set_opt_out(ann, False)
    user = hash_user(ann)
    [message] = event_messages(ann, [operation(datetime.now(UTC))])
    row = json.loads(message)["events"][0]
    later = {**row, "received_at": (withheld_until([user])[user] + timedelta(seconds=1)).isoformat()}
    assert ingest(json.dumps({"events": [later]}).encode()) == IngestResult(accepted=1)


def test_an_event_on_its_way_is_not_kept_after_its_users_events_were_erased(ann: str) -> None:
    [message] = event_messages(ann, [operation(datetime.now(UTC))])
    request_erasure(new_id(), ErasureAction.ERASE, ann, user_id=ann)
    assert ingest(message) == IngestResult(filtered=1)
    assert rows(ann) == 0


def test_others_are_not_concerned(ann: str) -> None:
    set_opt_out(ann, True)
    bob = new_id()
    for message in event_messages(bob, [operation(datetime.now(UTC))]):
        assert ingest(message) == IngestResult(accepted=1)
    assert rows(bob) == 1
