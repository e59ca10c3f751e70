"""Telling events over HTTP, and seeing them in the summary."""

import gzip
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

import pytest
import requests
from firebase_admin import auth

from shared.core.clients import firebase_app
from shared.core.ids import new_id
from shared.events import Outcome, Series, Stage, live_outcomes
from tests.api import User, sign_up
from tests.cloud import RunningCloud, wait_for

GZIP = {"Content-Type": "application/json", "Content-Encoding": "gzip"}


def event(**changes: Any) -> dict[str, Any]:
    return {
        "eventId": new_id(),
        "timestamp": datetime.now(UTC).isoformat(),
        "platform": "webapp",
        "eventType": "operation",
        "operation": {"type": "trim", "parameters": {"start": 1, "input": "/home/ann/x.mp4"}},
        "metrics": {"success": True, "processingTime": 120},
        **changes,
    }


def operations(user: User) -> int:
    answer = user.get("/v1/insights/summary")
    assert answer.status_code == 200, answer.text
    return int(answer.json()["current"]["operations"])


def test_a_single_event_is_accepted_and_shows_in_the_summary_within_a_second(user: User) -> None:
    operations(user)  # Whatever is slow the first time is not what is measured.
    answer = user.post("/v1/events", event())
    started = time.monotonic()
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1)
    wait_for(lambda: operations(user) == 1, "the event shows", seconds=5)
    assert time.monotonic() - started < 1.5


def test_live_counters_have_an_event_within_a_second_of_its_acceptance(user: User) -> None:
    series = Series(Stage.INGEST, Outcome.ACCEPTED, "", "komposteur")

    def counted() -> int:
        now = datetime.now(UTC)
        return live_outcomes(now - timedelta(minutes=1))[series] + live_outcomes(now)[series]

    def seconds_until_counted() -> float:
        before = counted()
        assert user.post("/v1/events", event(platform="komposteur")).json()["accepted"] == 1
        accepted_at = time.monotonic()
        wait_for(lambda: counted() > before, "the event is counted")
        return time.monotonic() - accepted_at

    assert median(seconds_until_counted() for _ in range(5)) < 1


def test_a_batch_has_a_verdict_for_each_event_and_the_counts_add_up(user: User) -> None:
    good = event()
    batch = [good, good, event(platform="toaster"), {}, event(timestamp="1999-01-01T00:00:00Z"), 7]
    answer = user.post("/v1/events", {"events": batch})
    assert answer.status_code == 202
    receipt = answer.json()
    outcomes = [verdict["outcome"] for verdict in receipt["verdicts"]]
    assert outcomes == ["accepted", "duplicate", "invalid", "invalid", "invalid", "invalid"]
    counts = {name: receipt[name] for name in ("accepted", "filtered", "limited", "invalid", "duplicate")}
    assert counts == {"accepted": 1, "filtered": 0, "limited": 0, "invalid": 4, "duplicate": 1}
    assert sum(counts.values()) == receipt["received"] == len(batch)
    [wrong] = receipt["verdicts"][2]["errors"]
    assert wrong["pointer"] == "/events/2/platform"
    assert receipt["verdicts"][4]["errors"][0]["code"] == "timestamp_too_old"


def test_an_invalid_single_event_says_where(user: User) -> None:
    answer = user.post("/v1/events", event(operation={"type": "trim", "fileSize": "big"}))
    assert (answer.status_code, answer.json()["invalid"]) == (200, 1)
    assert [wrong["pointer"] for wrong in answer.json()["verdicts"][0]["errors"]] == ["/operation/fileSize"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"events": []}, "/events"),
        ({"events": {}}, "/events"),
        ({"events": [{}] * 1001}, "/events"),
        ({"events": [{}], "user": "somebody"}, "/user"),
        ({"events": [{}], "userId": "../somebody"}, "/userId"),
        ({"events": [{}], "userId": 7}, "/userId"),
    ],
)
def test_what_is_no_batch_is_refused(user: User, body: Any, pointer: str) -> None:
    answer = user.post("/v1/events", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_an_event_sent_again_counts_once(user: User) -> None:
    same = event()
    for _ in range(3):
        receipt = user.post("/v1/events", same).json()
        assert receipt["accepted"] + receipt["duplicate"] == 1
    user.post("/v1/events", event())
    wait_for(lambda: operations(user) >= 2, "the last event shows")
    assert operations(user) == 2


def test_an_id_used_again_for_another_event_is_told_from_a_repetition(user: User) -> None:
    first = event()
    user.post("/v1/events", first)
    wait_for(lambda: operations(user) == 1, "the event is taken in")
    repeated = user.post("/v1/events", first).json()["verdicts"]
    assert [(verdict["outcome"], verdict["reason"]) for verdict in repeated] == [("duplicate", "natural_duplicate")]
    other = {**first, "operation": {"type": "reverse"}}
    verdicts = user.post("/v1/events", {"events": [other, event(), first]}).json()["verdicts"]
    assert [verdict["reason"] for verdict in verdicts] == ["synthetic_duplicate", None, "natural_duplicate"]
    wait_for(lambda: operations(user) == 2, "the new one is taken in")


def test_above_the_budget_events_are_limited_and_the_sender_is_told_when_to_send_again(user: User) -> None:
    sent, taken = 0, 0
    while sent == taken and sent < 11_000:  # A minute may end meanwhile, and another budget begin.
        answer = user.post(
            "/v1/events", {"events": [event() for _ in range(1000)]}, headers={"Idempotency-Key": str(sent)}
        )
        sent, taken = sent + 1000, taken + answer.json()["accepted"]
    receipt = answer.json()
    assert receipt["accepted"] + receipt["limited"] == receipt["received"] == 1000
    assert {verdict["reason"] for verdict in receipt["verdicts"]} <= {None, "event_budget"}
    assert 1 <= receipt["retryAfter"] <= 60
    assert answer.headers["Retry-After"] == str(receipt["retryAfter"])


@pytest.mark.parametrize("batch", [{"events": [event() for _ in range(1000)]}, event()])
def test_a_body_may_be_compressed(user: User, batch: dict[str, Any]) -> None:
    body = gzip.compress(json.dumps(batch).encode())
    receipt = user.call("POST", "/v1/events", data=body, headers=GZIP).json()
    assert receipt["accepted"] == receipt["received"] == len(batch.get("events", [batch]))


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (gzip.compress(b" " * (17 << 20)), "gzip", 413),
        (gzip.compress(b"{}")[:-3], "gzip", 400),
        (gzip.compress(b"{}") + b"more", "gzip", 400),
        (b"{}", "gzip", 400),
        (b"{}", "br", 400),
    ],
    ids=["inflates", "cut", "more", "plain", "brotli"],
)
def test_a_compressed_body_that_is_too_large_or_broken_is_refused(
    user: User, body: bytes, encoding: str, status: int
) -> None:
    answer = user.call("POST", "/v1/events", data=body, headers={**GZIP, "Content-Encoding": encoding})
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")


def test_a_user_who_opted_out_is_told_that_nothing_was_kept(user: User) -> None:
    from shared.core.clients import firestore_client

    user.get("/v1/me")
    firestore_client().collection("users").document(user.uid).update({"analyticsOptOut": True})
    answer = user.post("/v1/events", {"events": [event(), {}]})
    assert answer.status_code == 200
    assert [verdict["outcome"] for verdict in answer.json()["verdicts"]] == ["filtered", "invalid"]


def test_killed_servers_lose_and_double_no_event(suite: RunningCloud, user: User) -> None:
    over = threading.Event()

    def send() -> int:
        """Send batches until it is over; how many events were accepted."""
        sent = 0
        while not over.is_set():
            batch = [event() for _ in range(10)]
            wait_for(partial(accepted, user, batch), "the batch is accepted", seconds=60, pause=0.05)
            sent += len(batch)
        return sent

    with ThreadPoolExecutor(4) as senders:
        sending = [senders.submit(send) for _ in range(4)]
        for server in ("pubsub", "functions", "firestore", "bigquery"):
            suite.kill(server)
        over.set()
        total = sum(sent.result() for sent in sending)
    assert total > 0
    # A message whose delivery was cut short comes again after its acknowledgement deadline at the latest.
    wait_for(lambda: operations(user) >= total, "all events show", seconds=150, pause=0.5)
    assert operations(user) == total


def accepted(user: User, batch: list[dict[str, Any]]) -> bool:
    """Whether the API takes all events of a batch; False if it cannot be reached now."""
    try:
        answer = user.post("/v1/events", {"events": batch})
    except requests.RequestException:
        return False
    receipt = answer.json()
    return answer.ok and receipt["accepted"] + receipt["duplicate"] == len(batch)


def test_an_integrator_names_the_user_of_a_batch_and_nobody_else_does(suite: RunningCloud, user: User) -> None:
    integrator = sign_up(suite)
    auth.set_custom_user_claims(integrator.uid, {"role": "integrator"}, app=firebase_app())
    batch = {"userId": user.uid, "events": [event()]}
    assert sign_up(suite).post("/v1/events", batch).status_code == 403
    assert integrator.post("/v1/events", batch).json()["accepted"] == 1
    assert user.post("/v1/events", {**batch, "events": [event()]}).json()["accepted"] == 1
    wait_for(lambda: operations(user) == 2, "both are the user's", seconds=5)
    assert operations(integrator) == 0
