"""Alerts over HTTP: operators and analysts see them, operators answer them."""

from datetime import timedelta

import pytest
import requests

from shared.alerts import AlertInstance, AlertManager, AlertRule, AlertState, Comparison
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.ids import new_id
from shared.events import event_messages, ingest
from tests.api import User, with_role
from tests.cloud import RunningCloud, wait_for
from tests.shared.told import operation


@pytest.fixture(scope="module")
def operator(suite: RunningCloud) -> User:
    return with_role(suite, "operator")


@pytest.fixture(scope="module")
def firing(suite: RunningCloud) -> AlertInstance:
    """The alert of a rule that finds every render too slow."""
    rule = AlertRule(
        id=f"any-render-{new_id()}",
        name="Any render",
        kpi="generation_time",
        comparison=Comparison.ABOVE,
        threshold=0,
        window=60,
    )
    for body in event_messages("ann", [operation(now() - timedelta(minutes=2), "render")]):
        ingest(body)
    firestore_client().collection("alert_rules").document(rule.id).set(rule.model_dump(mode="json", by_alias=True))

    def begun() -> list[AlertInstance]:
        """A minute is evaluated once: where the schedule was quicker than the rule, it is the next that finds it."""
        requests.post(f"{suite.env['KOMPO_LOCAL_FUNCTIONS']}/evaluate_alerts", timeout=60).raise_for_status()
        return [alert for alert in AlertManager().get_alert_dashboard().open if alert.rule_id == rule.id]

    [alert] = wait_for(begun, "the rule is evaluated", seconds=130, pause=2)
    assert alert.state is AlertState.FIRING
    return alert


@pytest.mark.parametrize("role", ["operator", "analyst", "admin"])
def test_those_who_watch_see_the_alert(suite: RunningCloud, firing: AlertInstance, role: str) -> None:
    answer = with_role(suite, role).get("/v1/alerts", params={"limit": 200})
    assert answer.status_code == 200, answer.text
    found = {alert["id"]: alert for alert in answer.json()["items"]}
    assert found[firing.id]["ruleId"] == firing.rule_id
    assert found[firing.id]["history"][0]["after"] == "pending"
    one = with_role(suite, role).get(f"/v1/alerts/{firing.id}").json()
    assert (one["id"], one["history"][0]) == (firing.id, found[firing.id]["history"][0])


def test_others_do_not(user: User, firing: AlertInstance) -> None:
    assert user.get("/v1/alerts").status_code == 403
    assert user.get(f"/v1/alerts/{firing.id}").status_code == 403
    assert user.post(f"/v1/alerts/{firing.id}/acknowledge", {}).status_code == 403


def test_an_analyst_sees_and_does_not_answer(suite: RunningCloud, firing: AlertInstance) -> None:
    assert with_role(suite, "analyst").post(f"/v1/alerts/{firing.id}/resolve", {}).status_code == 403


def test_an_operator_acknowledges_then_resolves(operator: User, firing: AlertInstance) -> None:
    taken = operator.post(f"/v1/alerts/{firing.id}/acknowledge", {"comment": "looking"})
    assert (taken.status_code, taken.json()["state"]) == (200, "acknowledged")
    assert taken.json()["acknowledgedBy"] == operator.uid
    assert operator.post(f"/v1/alerts/{firing.id}/acknowledge", {}).status_code == 409
    over = operator.post(f"/v1/alerts/{firing.id}/resolve", {"comment": "bigger machines"})
    assert (over.json()["state"], over.json()["history"][-1]["comment"]) == ("resolved", "bigger machines")
    assert operator.post(f"/v1/alerts/{firing.id}/resolve", {}).status_code == 409
    resolved = operator.get("/v1/alerts", params={"state": "resolved", "limit": 200}).json()["items"]
    assert firing.id in [alert["id"] for alert in resolved]


def test_an_unknown_alert_is_404(operator: User) -> None:
    assert operator.get("/v1/alerts/nothing").status_code == 404
    assert operator.post("/v1/alerts/nothing/resolve", {}).status_code == 404


def test_the_schedules_run_every_function_of_watching_and_learning(suite: RunningCloud) -> None:
    for function in ("evaluate_alerts", "aggregate_metrics", "generate_templates"):
        answer = requests.post(f"{suite.env['KOMPO_LOCAL_FUNCTIONS']}/{function}", timeout=60)
        assert answer.status_code == 200, answer.text
        assert all(isinstance(count, int) for count in answer.json().values())
