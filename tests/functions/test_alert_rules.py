"""Alert rules over HTTP: operators keep them, analysts read and try them, nothing is kept that could never say anything."""

from datetime import timedelta
from typing import Any

import pytest

from shared.core.clock import now
from shared.core.ids import new_id
from tests.api import User, with_role
from tests.cloud import RunningCloud

RULE = {"name": "Failing web app", "kpi": "success_rate", "comparison": "below", "threshold": 0.9, "window": 15}


@pytest.fixture(scope="module")
def operator(suite: RunningCloud) -> User:
    return with_role(suite, "operator")


@pytest.fixture(scope="module")
def analyst(suite: RunningCloud) -> User:
    return with_role(suite, "analyst")


def body(**fields: Any) -> dict[str, Any]:
    return {**RULE, **fields}


def test_a_rule_is_created_once_read_changed_and_withdrawn(operator: User, analyst: User) -> None:
    key = {"Idempotency-Key": new_id()}
    made = operator.post("/v1/alerts/rules", body(), headers=key)
    assert (made.status_code, made.json()["version"]) == (201, 1)
    again = operator.post("/v1/alerts/rules", body(), headers=key)
    assert (again.json(), again.headers["Location"]) == (made.json(), made.headers["Location"])
    path, etag = made.headers["Location"], made.headers["ETag"]
    seen = analyst.get(path)
    assert (seen.json(), seen.headers["ETag"]) == (made.json(), etag)
    changed = operator.put(path, body(threshold=0.8), headers={"If-Match": etag})
    assert (changed.status_code, changed.json()["version"], changed.json()["threshold"]) == (200, 2, 0.8)
    assert operator.put(path, body(threshold=0.7), headers={"If-Match": etag}).status_code == 412
    assert operator.delete(path, headers={"If-Match": etag}).status_code == 412
    assert operator.delete(path, headers={"If-Match": changed.headers["ETag"]}).status_code == 204
    assert operator.get(path).status_code == 404
    versions = analyst.get(f"{path}/versions").json()["items"]
    assert [(each["version"], each["deleted"]) for each in versions] == [(3, True), (2, False), (1, False)]


def test_the_list_has_the_rules_that_every_deployment_starts_with(analyst: User) -> None:
    listed = analyst.get("/v1/alerts/rules", params={"limit": 200}).json()["items"]
    assert {"slow-generation", "low-success-rate", "queue-length"} <= {rule["id"] for rule in listed}


@pytest.mark.parametrize(
    ("fields", "pointer", "said"),
    [
        ({"kpi": "sucess_rate"}, "/kpi", "Did you mean success_rate?"),
        ({"labels": ["plattform"]}, "/labels/0", "Did you mean platform?"),
        ({"kpi": None, "sql": "DROP TABLE events"}, "/sql", "one SELECT"),
        ({"sql": "SELECT 1 AS value"}, "", "exactly one of"),
        ({"windows": 3}, "/windows", "not known"),
    ],
)
def test_what_could_never_say_anything_is_refused_with_the_reason_and_where(
    operator: User, fields: dict[str, Any], pointer: str, said: str
) -> None:
    refused = operator.post("/v1/alerts/rules", body(**fields))
    assert refused.status_code == 422, refused.text
    [error] = refused.json()["errors"]
    assert error["pointer"] == pointer
    assert said in error["detail"]


def test_a_rule_is_tried_on_history_before_it_is_kept(analyst: User) -> None:
    period = {"start": (now() - timedelta(hours=3)).isoformat(), "end": now().isoformat()}
    tried = analyst.post("/v1/alerts/rules:backtest", {"rule": body(), **period})
    assert tried.status_code == 200, tried.text
    assert tried.json()["evaluations"] >= 180
    assert {"fired", "pagesPerWeek", "byLabel", "episodes", "complete"} <= tried.json().keys()
    refused = analyst.post("/v1/alerts/rules:backtest", {"rule": body(kpi="sucess_rate"), **period})
    assert refused.json()["errors"][0]["pointer"] == "/rule/kpi"


def test_who_does_not_watch_neither_reads_nor_tries_and_an_analyst_keeps_nothing(user: User, analyst: User) -> None:
    period = {"start": (now() - timedelta(hours=3)).isoformat(), "end": now().isoformat()}
    assert user.get("/v1/alerts/rules").status_code == 403
    assert user.post("/v1/alerts/rules:backtest", {"rule": body(), **period}).status_code == 403
    assert analyst.post("/v1/alerts/rules", body()).status_code == 403
    assert analyst.put("/v1/alerts/rules/slow-generation", body()).status_code == 403
    assert analyst.delete("/v1/alerts/rules/slow-generation").status_code == 403
