"""What users may ask of us over HTTP: to be left alone, and to be forgotten."""

import json
import uuid
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import requests
from firebase_admin import auth

from shared.core.clients import bigquery_client, firebase_app, firestore_client
from shared.events import hash_user
from shared.privacy.request import reference
from tests.api import User, sign_up
from tests.cloud import RunningCloud, wait_for
from tests.functions.test_events import event, operations
from tests.functions.test_shell import forged
from tests.shared.events.privacy.personal import TEXTS, leaks

ADDRESS = "203.0.113.77"


@pytest.fixture
def operator(suite: RunningCloud) -> User:
    """A user with the role operator, whose token the API has not seen yet."""
    user = sign_up(suite)
    auth.set_custom_user_claims(user.uid, {"roles": ["operator"]}, app=firebase_app())
    return user


def run_now(suite: RunningCloud, schedule: str) -> None:
    """Have the Scheduler call the function of a schedule."""
    parent = f"projects/{suite.project}/locations/us-central1/jobs"
    requests.post(f"{suite.env['KOMPO_LOCAL_SCHEDULER']}/v1/{parent}/{schedule}:run", timeout=30).raise_for_status()


def rows(user: User) -> int:
    sql = f"SELECT COUNT(*) AS n FROM kompo.events WHERE user_id = '{hash_user(user.uid)}'"
    return int(next(iter(bigquery_client().query_and_wait(sql)))["n"])


def test_one_opts_out_and_in_again(user: User) -> None:
    assert user.get("/v1/me").json()["analyticsOptOut"] is False
    assert user.call("PATCH", "/v1/me", json={"analyticsOptOut": True}).json()["analyticsOptOut"] is True
    assert user.post("/v1/events", event()).json()["filtered"] == 1
    assert user.call("PATCH", "/v1/me", json={"analyticsOptOut": False}).json()["analyticsOptOut"] is False
    assert user.post("/v1/events", event()).json()["accepted"] == 1


@pytest.mark.parametrize("body", [{}, {"analyticsOptOut": "yes"}, {"analyticsOptOut": True, "plan": "premium"}])
def test_nothing_else_of_oneself_is_changed_here(user: User, body: dict[str, Any]) -> None:
    assert user.call("PATCH", "/v1/me", json=body).status_code == 422


def test_ones_own_events_are_erased_on_request_and_the_receipt_is_there(suite: RunningCloud, user: User) -> None:
    user.post("/v1/events", {"events": [event(), event()]})
    wait_for(lambda: operations(user) == 2, "the events show")
    key = {"Idempotency-Key": uuid.uuid4().hex}
    answers = [user.post("/v1/privacy/erasure", {}, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    path = answers[0].headers["Location"]
    assert path == answers[1].headers["Location"] == f"/v1/privacy/requests/{answers[0].json()['id']}"
    run_now(suite, "process-privacy-requests")
    done = user.settled(path, "state", {"done"})
    assert done["receipt"]["tables"]["events"] == {"removed": 2, "left": 0}
    assert done["receipt"]["salts"] == ["1"]
    assert user.uid not in json.dumps(done["receipt"])
    assert rows(user) == operations(user) == 0


def test_other_peoples_events_are_for_operators(
    suite: RunningCloud, user: User, stranger: User, operator: User
) -> None:
    period = {"everybody": True, "start": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z"}
    for body in ({"userId": stranger.uid}, period):
        assert user.post("/v1/privacy/erasure", body).status_code == 403
        answer = operator.post("/v1/privacy/erasure", body)
        assert answer.status_code == 202, answer.text
        path = answer.headers["Location"]
        assert (operator.get(path).status_code, user.get(path).status_code) == (200, 404)
    assert operator.post("/v1/privacy/erasure", {"everybody": True}).status_code == 422


def test_all_that_is_ones_own_is_made_into_one_file_also_for_a_suspended_user(user: User, stranger: User) -> None:
    user.get("/v1/me")
    firestore_client().document(f"users/{user.uid}").update({"status": "suspended"})
    answer = user.post("/v1/privacy/export")
    assert answer.status_code == 202, answer.text
    path = answer.headers["Location"]
    made = user.settled(path, "state", {"succeeded", "failed"})
    assert (made["state"], made["error"]) == ("succeeded", None)
    with zipfile.ZipFile(BytesIO(requests.get(made["url"], timeout=10).content)) as archive:
        assert user.uid in archive.read("profile.jsonl").decode()
        assert f"{len(archive.namelist()) - 2}" == str(len(json.loads(archive.read("index.json"))["lines"]))
    assert stranger.get(path).status_code == 404
    assert user.get(path.replace("privacy", "insights")).status_code == 404


def test_an_account_is_closed_when_its_erasure_is_asked_for_and_gone_when_it_is_done(
    suite: RunningCloud, user: User, operator: User
) -> None:
    assert user.post("/v1/projects", {"name": "Mine"}).status_code == 201
    answer = user.post("/v1/privacy/erasure", {"account": True}, headers={"Idempotency-Key": "once"})
    assert answer.status_code == 202, answer.text
    path, fresh = answer.headers["Location"], User(user.origin, user.uid, forged(user.token, fresh=True))
    assert fresh.get("/v1/me").status_code == 401
    assert operator.get(path).json()["state"] == "accepted"
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    reference(path.rpartition("/")[2]).update({"closed": long_ago, "nextAttempt": long_ago})
    run_now(suite, "process-privacy-requests")
    done = operator.settled(path, "state", {"done", "waiting"})
    assert (done["state"], done["reason"]) == ("done", None)
    left = {name: place["left"] for name, place in done["receipt"]["places"].items()}
    assert left == {"files": 0, "documents": 0, "mentions": 0, "signIn": 0}
    assert user.uid not in json.dumps(done)
    assert not firestore_client().document(f"users/{user.uid}").get().exists


def test_an_account_is_erased_whole_or_not_at_all(user: User, stranger: User) -> None:
    body = {"account": True, "start": "2026-01-01T00:00:00Z"}
    assert user.post("/v1/privacy/erasure", body).status_code == 422
    assert user.post("/v1/privacy/erasure", {"account": "yes"}).status_code == 422
    assert user.post("/v1/privacy/erasure", {"account": True, "userId": stranger.uid}).status_code == 403
    assert user.get("/v1/me").status_code == stranger.get("/v1/me").status_code == 200


def test_a_salt_is_turned_by_the_schedule_when_it_is_due(suite: RunningCloud) -> None:
    """It is not: all that can be seen is that it does not fail."""
    answer = requests.post(f"{suite.env['KOMPO_LOCAL_FUNCTIONS']}/rotate_salt", timeout=30)
    assert answer.json() == {"made": [], "destroyed": []}


def test_no_log_of_the_suite_and_no_document_holds_what_callers_told_or_their_address(
    suite: RunningCloud, user: User
) -> None:
    headers = {
        "X-Forwarded-For": ADDRESS,
        "Forwarded": f"for={ADDRESS}",
        "X-Real-Ip": ADDRESS,
        "Authorization": "Bearer x",
    }
    assert requests.get(f"{suite.url}/v1/me", headers=headers, timeout=10).status_code == 401
    broken = [
        event(operation={"type": "trim", "parameters": {text: text, "title": text}, "fileSize": text}) for text in TEXTS
    ]
    failed = [event(metrics={"success": False, "errorMessage": text}) for text in TEXTS]
    answer = user.post("/v1/events", {"events": [*broken, *failed]}, headers={"X-Forwarded-For": ADDRESS})
    assert answer.json()["received"] == len(broken) + len(failed)
    wait_for(lambda: rows(user) == len(failed), "the events are there")
    for log in (suite.data / "logs").iterdir():
        assert leaks(log.read_text(errors="replace")) == [], log.name
    for collection in ("rate_limits", "live_counters", "withheld_events"):
        assert leaks(str([found.to_dict() for found in firestore_client().collection(collection).stream()])) == []
