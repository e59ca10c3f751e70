"""Live values over HTTP: younger than a second, once or as server-sent events, for those who may see everybody's."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from firebase_admin import auth

from functions.resources.insights.live import LONGEST
from infra.manifest import load_suite
from shared.core.clients import firebase_app
from shared.events import LiveCounts, live_counts
from shared.insights import LiveMinute
from tests.api import User, sign_up
from tests.cloud import RunningCloud, wait_for
from tests.functions.test_events import event
from tests.functions.test_shell import assert_problem

STREAM = "/v1/insights/live/stream"
ID = "%Y-%m-%dT%H:%MZ"


@pytest.fixture(scope="module")
def watcher(suite: RunningCloud) -> User:
    """An operator."""
    user = sign_up(suite)
    auth.set_custom_user_claims(user.uid, {"roles": ["operator"]}, app=firebase_app())
    return user


def listen(user: User, seconds: int, **headers: str) -> Iterator[dict[str, Any]]:
    """The events of a stream as they arrive: `event`, `id`, `data`, and when they `came`."""
    with user.get(STREAM, params={"seconds": seconds}, stream=True, headers=headers) as answer:
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/event-stream")
        found: dict[str, Any] = {}
        for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
            name, _, value = line.partition(": ")
            if name:
                found[name] = json.loads(value) if name == "data" else value
            elif "event" in found:
                yield {**found, "came": datetime.now(UTC)}
                found = {}
            else:
                found = {}


def accepted(live: dict[str, Any]) -> int:
    return int(live["present"]["accepted"] + live["last"]["accepted"])


def test_live_values_are_there_at_once(watcher: User, user: User) -> None:
    before = watcher.get("/v1/insights/live").json()
    assert user.post("/v1/events", event()).status_code < 300
    deadline = time.monotonic() + 10
    while accepted(live := watcher.get("/v1/insights/live").json()) <= accepted(before):
        assert time.monotonic() < deadline
    assert datetime.now(UTC) - datetime.fromisoformat(live["asOf"]) < timedelta(seconds=1)
    assert live["present"]["operations"] + live["last"]["operations"] >= 1


def test_what_the_api_refuses_is_counted_as_invalid(user: User) -> None:
    minutes = [datetime.now(UTC) + timedelta(minutes=number) for number in range(2)]

    def invalid() -> int:
        return sum(live_counts(minute).invalid for minute in minutes)

    before = invalid()
    refused = [{**event(), "timestamp": "2001-01-01T00:00:00Z"} for _ in range(3)]
    assert user.post("/v1/events", {"events": refused}).json()["invalid"] == 3
    wait_for(lambda: invalid() >= before + 3, "what was refused is counted", seconds=10)


def test_rates_and_means_are_of_the_operations_that_say_so() -> None:
    counts = LiveCounts(operations=4, decided=2, failures=1, timed=2, processing_ms=100.0)
    told = LiveMinute.of(datetime.now(UTC), counts)
    assert (told.failure_rate, told.average_ms) == (0.5, 50.0)
    silent = LiveMinute.of(datetime.now(UTC), LiveCounts(operations=4))
    assert (silent.failure_rate, silent.average_ms) == (None, None)


def test_a_stream_tells_what_changes_and_ends_by_itself(watcher: User, user: User) -> None:
    told = []
    for each in listen(watcher, 4):
        told.append(each)
        if len(told) == 1:
            user.post("/v1/events", event())
    values = [each for each in told if each["event"] == "now"]
    assert told[-1]["event"] == "end"
    assert accepted(values[-1]["data"]) > accepted(values[0]["data"]), "what was told while it was open shows in it"
    assert all(each["came"] - datetime.fromisoformat(each["data"]["asOf"]) < timedelta(seconds=1) for each in values)
    last = datetime.strptime(values[-1]["id"], ID).replace(tzinfo=UTC)
    assert last == datetime.fromisoformat(values[-1]["data"]["last"]["minute"])


def test_who_comes_back_misses_no_minute(watcher: User) -> None:
    seen = (datetime.now(UTC) - timedelta(minutes=4)).replace(second=0, microsecond=0)
    told = list(listen(watcher, 1, **{"Last-Event-ID": seen.strftime(ID)}))
    minutes = [datetime.fromisoformat(each["data"]["minute"]) for each in told if each["event"] == "minute"]
    assert minutes[:3] == [seen + timedelta(minutes=n) for n in (1, 2, 3)]
    assert [each["event"] for each in told].count("now") >= 1


@pytest.mark.parametrize("last_id", ["", "yesterday", "9999-12-31T23:59Z"])
def test_an_id_that_is_none_of_ours_is_as_good_as_none(watcher: User, last_id: str) -> None:
    told = [each["event"] for each in listen(watcher, 1, **{"Last-Event-ID": last_id})]
    assert (told[0], told[-1]) == ("now", "end")


def test_live_values_are_everybodys_and_not_for_everybody(suite: RunningCloud, user: User) -> None:
    assert_problem(user.get(STREAM), 403)
    assert_problem(user.get("/v1/insights/live"), 403)
    assert_problem(requests.get(suite.url + STREAM, timeout=10), 401)


def test_a_stream_outlives_the_counters(suite: RunningCloud, watcher: User) -> None:
    told = []
    for each in listen(watcher, 8):
        told.append(each["event"])
        if len(told) == 1:
            suite.kill("firestore")
    assert "unreadable" in told
    assert (told[-2:-1], told[-1]) == (["now"], "end"), "they are there again"


def test_streams_are_few_and_their_places_are_given_back(suite: RunningCloud, watcher: User) -> None:
    def hear(_number: int) -> requests.Response:
        headers = {"Authorization": f"Bearer {watcher.token}"}
        return requests.get(suite.url + STREAM, params={"seconds": 4}, headers=headers, timeout=30)

    with ThreadPoolExecutor(40) as threads:
        answers = list(threads.map(hear, range(40)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused, "a process has threads for other requests, too"
    assert refused[0].headers["Retry-After"] == "5"
    assert all(answer.text.endswith("\n\n") for answer in answers if answer.status_code == 200)
    assert hear(0).status_code == 200


def test_a_stream_ends_before_its_request_is_ended() -> None:
    api = next(function for function in load_suite().functions if function.name == "api")
    assert api.timeout - 5 >= LONGEST
