"""An evaluator is killed at one line or another: what it has left, the next one finishes; nothing is lost, or there twice.

`KOMPO_KILL_LINES=200` kills it at as many; the default is what a test can wait for."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.alerts import AlertInstance, AlertManager, AlertRule, default_rules
from shared.alerts.history import PENDING
from shared.alerts.responses import list_responses
from shared.alerts.rulebook import Edition
from shared.core.clients import bigquery_client, firestore_client
from shared.core.settings import settings
from shared.jobs import read_controls
from tests.cloud import ROOT, RunningCloud
from tests.shared.told import operation, tell

KILLS = int(os.environ.get("KOMPO_KILL_LINES", "2"))
RULES = 3
PAUSE = {"action": "pause_provider", "provider": "nobody", "dryRun": False, "cooldown": 0, "minutes": 600}


@pytest.fixture(autouse=True)
def only_own_rules(cloud: RunningCloud) -> Iterator[None]:
    client = firestore_client()
    forget()
    for each in default_rules():
        client.collection("alert_rules").document(each.id).set(Edition(rule=each, deleted=True).document())
    for number in range(RULES):
        usual = {
            "id": f"rule-{number}",
            "name": "Any",
            "kpi": "operations",
            "comparison": "above",
            "threshold": 0,
            "window": 1440,
        }
        rule = AlertRule.model_validate({**usual, "labels": ["platform"], "responses": [PAUSE]})
        client.collection("alert_rules").document(rule.id).set(Edition(rule=rule).document())
    yield
    client.recursive_delete(client.collection("alert_rules"))
    forget()


def forget() -> None:
    """All that evaluations leave behind, but the rules."""
    client = firestore_client()
    kept = ("alert_instances", "alert_evaluator", PENDING, "alert_responses", "alert_response_cooldowns", "audit_log")
    for collection in (*kept, "controls"):
        client.recursive_delete(client.collection(collection))
    for number in range(RULES):
        rule = client.collection("alert_rules").document(f"rule-{number}")
        client.recursive_delete(rule.collection("evaluations"))


def evaluate_and_die(cloud: RunningCloud, at: datetime, line: int) -> str:
    command = [sys.executable, "-m", "tests.shared.alerts.killed_evaluator", at.isoformat(), str(line)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **cloud.env}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode in (0, 137), done.stderr
    return done.stdout


def rows(alerts: list[AlertInstance]) -> dict[str, list[tuple[str | None, str]]]:
    """What BigQuery has of these alerts."""
    ids = ", ".join(f"'{alert.id}'" for alert in alerts)
    table = f"{settings().dataset}.alert_history"
    sql = f"SELECT alert_id, `before`, after FROM {table} WHERE alert_id IN ({ids}) ORDER BY transition_id"
    told: dict[str, list[tuple[str | None, str]]] = {alert.id: [] for alert in alerts}
    for row in bigquery_client().query_and_wait(sql):
        told[row["alert_id"]].append((row["before"], row["after"]))
    return told


@pytest.mark.timeout(3600)
def test_wherever_it_is_killed_the_next_evaluations_finish_what_it_began(cloud: RunningCloud, hour: datetime) -> None:
    tell("ann", operation(hour))
    first = hour + timedelta(minutes=1)
    lines = int(evaluate_and_die(cloud, first, 0))
    assert lines > 100
    for kill in range(KILLS):
        forget()
        at = first + timedelta(minutes=5 * (kill + 1))
        line = 1 + (2 * kill + 1) * lines // (2 * KILLS)
        evaluate_and_die(cloud, at, line)
        for minute in (1, 2):
            AlertManager().check_alerts(at + timedelta(minutes=minute))
        check_everything(line)


def check_everything(line: int) -> None:
    alerts = AlertManager().list_alerts(100).items
    assert Counter(alert.rule_id for alert in alerts) == {f"rule-{number}": 1 for number in range(RULES)}, line
    assert rows(alerts) == {
        alert.id: [(change.before and change.before.value, change.after.value) for change in alert.history]
        for alert in alerts
    }, line
    assert [alert.state.value for alert in alerts] == ["firing"] * RULES, line
    assert list(firestore_client().collection(PENDING).stream()) == [], line
    responses = list_responses(100).items
    assert Counter(response.state.value for response in responses) == {"done": RULES}, line
    assert read_controls().controls.keys() == {response.id for response in responses}, line
    audited: list[Any] = list(firestore_client().collection("audit_log").stream())
    assert len(audited) == RULES, line
