"""The summary over HTTP: everybody's for those who watch, one's own for everybody else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from firebase_admin import auth

from shared.core.clients import firebase_app
from tests.api import User, sign_up
from tests.cloud import RunningCloud, wait_for
from tests.functions.test_events import event, operations


@pytest.fixture
def watched(user: User, stranger: User) -> Iterator[User]:
    """A user who has told one event, as a stranger has."""
    for teller in (user, stranger):
        teller.post("/v1/events", event())
        wait_for(partial(told_one, teller), "the event shows")
    yield user


@pytest.fixture
def fresh_user(suite: RunningCloud) -> User:
    """A user whose token the API has not seen yet, so that a role given now counts at once."""
    return sign_up(suite)


def told_one(user: User) -> bool:
    return operations(user) == 1


def summary(user: User, **params: Any) -> dict[str, Any]:
    answer = user.get("/v1/insights/summary", params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_one_sees_ones_own(watched: User) -> None:
    found = summary(watched)
    assert (found["scope"], found["current"]["operations"], found["current"]["uniqueUsers"]) == ("own", 1, 1)
    assert found["topOperations"][0]["label"] == "trim"
    assert found["freshness"]["newestEventAt"] is not None


@pytest.mark.parametrize("role", ["analyst", "operator", "admin"])
def test_those_who_watch_see_everybody(watched: User, fresh_user: User, role: str) -> None:
    auth.set_custom_user_claims(fresh_user.uid, {"roles": [role]}, app=firebase_app())
    found = summary(fresh_user)
    assert found["scope"] == "everybody"
    assert found["current"]["uniqueUsers"] >= 2


def test_a_viewer_sees_only_their_own(watched: User, fresh_user: User) -> None:
    auth.set_custom_user_claims(fresh_user.uid, {"roles": ["viewer"]}, app=firebase_app())
    assert summary(fresh_user)["current"]["operations"] == 0


def test_the_period_can_be_chosen_and_must_make_sense(watched: User) -> None:
    end = datetime.now(UTC) - timedelta(hours=1)
    start = end - timedelta(hours=1)
    assert summary(watched, start=start.isoformat(), end=end.isoformat())["current"]["operations"] == 0
    backwards = {"start": end.isoformat(), "end": start.isoformat()}
    assert watched.get("/v1/insights/summary", params=backwards).status_code == 422
    assert watched.get("/v1/insights/summary", params={"start": "yesterday"}).status_code == 422


def test_the_summary_says_how_old_it_is_and_is_nobody_elses(watched: User, stranger: User) -> None:
    end = datetime.now(UTC) - timedelta(days=8)
    params = {"start": (end - timedelta(days=1)).isoformat(), "end": end.isoformat()}
    first, again = (watched.get("/v1/insights/summary", params=params) for _ in range(2))
    anew = watched.get("/v1/insights/summary", params=params, headers={"Cache-Control": "no-cache"})
    computed = [answer.json()["freshness"]["computedAt"] for answer in (first, again, anew)]
    assert computed[0] == computed[1] < computed[2], "it is computed once, unless it is asked for anew"
    assert first.json()["freshness"]["maxAgeSeconds"] == 600, "a day of last week hardly changes any more"
    assert (again.headers["Cache-Control"], again.headers["Vary"]) == ("private, max-age=600", "Authorization")
    assert int(again.headers["Age"]) <= again.json()["freshness"]["ageSeconds"] < 60
    assert watched.get("/v1/insights/summary").headers["Cache-Control"] == "private, max-age=0"


def test_the_last_days_end_with_this_hour_and_are_asked_for_in_one_way(watched: User) -> None:
    found = summary(watched, last="7d")["current"]
    start, end = (datetime.fromisoformat(found[edge]) for edge in ("start", "end"))
    assert (end - start, end.minute) == (timedelta(days=7), 0)
    assert timedelta(0) < end - datetime.now(UTC) <= timedelta(hours=1)
    assert found["operations"] == 1
    both = watched.get("/v1/insights/summary", params={"last": "7d", "start": start.isoformat()})
    assert both.status_code == 422
    assert watched.get("/v1/insights/summary", params={"last": "soon"}).status_code == 422
