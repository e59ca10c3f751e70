"""Rules over what people do one after another: a pattern that is new, or gone, is an alert with sessions to look at."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.alerts import AlertManager, AlertRule, AlertState, InvalidRule, check_rule, default_rules
from shared.alerts.rulebook import Edition
from shared.core.clients import firestore_client
from shared.patterns import Example, open_session
from tests.cloud import RunningCloud
from tests.shared.patterns.histories import session
from tests.shared.told import tell_all

WINDOW = timedelta(days=2)
USUAL = {
    "name": "Patterns",
    "comparison": "above",
    "threshold": 20,
    "window": WINDOW // timedelta(minutes=1),
    "labels": ["pattern"],
}
_EXAMPLE = re.compile(r"([0-9a-f]{64}) at (\S+Z)")


def rule(rule_id: str, **fields: Any) -> AlertRule:
    return AlertRule.model_validate({"id": rule_id, **USUAL, **fields})


@pytest.fixture(autouse=True)
def three_rules(cloud: RunningCloud) -> Iterator[None]:
    """Only the three rules over patterns."""
    client = firestore_client()
    for collection in ("alert_rules", "alert_instances", "alert_evaluator"):
        client.recursive_delete(client.collection(collection))
    editions = [Edition(rule=each, deleted=True) for each in default_rules()]
    editions += [Edition(rule=rule("fresh", sequence="new")), Edition(rule=rule("gone", sequence="vanished"))]
    editions.append(Edition(rule=rule("drift", sequence="drifting", threshold=0.5)))
    for edition in editions:
        client.collection("alert_rules").document(edition.rule.id).set(edition.document())
    yield
    client.recursive_delete(client.collection("alert_rules"))


def worked(name: str, start: datetime, operations: str, sessions: int) -> None:
    """So many sessions of the same operations within a day and a half, by twenty people in turn."""
    steps: list[tuple[str, dict[str, Any]]] = [(each, {}) for each in operations.split()]
    tell_all(
        (f"{name} {n % 20}", session(f"{name}{n}", start + WINDOW * 0.75 * n / sessions, steps))
        for n in range(sessions)
    )


def test_what_is_new_gone_or_run_otherwise_fires_with_sessions_to_open(lonely_hour: datetime) -> None:
    split = lonely_hour
    for number, start in enumerate((split - WINDOW, split)):
        worked(f"usual{number}", start, "trim resize", 60)
    worked("old", split - WINDOW, "blur rotate", 40)
    worked("new", split, "crop fade to_gif", 40)
    worked("few", split - WINDOW, "mute reverse", 10)
    worked("many", split, "mute reverse", 60)
    changed = AlertManager().check_alerts(split + WINDOW).changed
    told = {(alert.rule_id, alert.labels["pattern"]): alert for alert in changed}
    assert set(told) == {("fresh", "crop->fade->to_gif"), ("gone", "blur->rotate"), ("drift", "mute->reverse")}
    assert {alert.state for alert in changed} == {AlertState.FIRING}
    assert told["fresh", "crop->fade->to_gif"].value == 40
    found = _EXAMPLE.findall(told["fresh", "crop->fade->to_gif"].detail)
    assert len(found) == 3
    for operation, at in found:
        opened = open_session(Example(operation, datetime.fromisoformat(at)))
        assert [each.operation for each in opened] == ["crop", "fade", "to_gif"]
    assert {alert.rule_id for alert in AlertManager().get_alert_dashboard().open} == {"fresh", "gone", "drift"}


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [({"labels": ["platform"]}, "/labels"), ({"window": 60}, "/window"), ({"on_no_data": "alert"}, "/onNoData")],
)
def test_a_rule_over_patterns_that_makes_no_sense_is_refused(fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidRule) as refused:
        check_rule(rule("odd", sequence="new", **fields))
    assert [error.pointer for error in refused.value.errors] == [pointer]
