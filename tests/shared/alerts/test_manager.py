"""Rules over real events, alerts in Firestore."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.alerts import AlertManager, AlertRule, AlertState, CheckResult, Source, default_rules
from shared.alerts.checking import check_rule
from shared.alerts.readings import Failure
from shared.alerts.sql import read_sql
from shared.core.clients import firestore_client
from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import new_id
from shared.events import Business, Event, EventType, Generation, Platform
from shared.insights import Period
from tests.cloud import RunningCloud
from tests.shared.told import operation, tell

manager = AlertManager()
SEED = {"slow-generation", "low-success-rate", "quality-degradation", "user-satisfaction", "conversion-drop"}


@pytest.fixture(autouse=True)
def no_alerts(cloud: RunningCloud) -> Iterator[None]:
    """Nothing is known of rules and alerts; minutes may be skipped, and nobody is told of it."""
    client = firestore_client()
    for collection in ("alert_rules", "alert_instances", "alert_evaluator"):
        client.recursive_delete(client.collection(collection))
    [late] = [rule for rule in default_rules() if rule.source is Source.SYSTEM]
    client.collection("alert_rules").document(late.id).set(document_of(late.model_copy(update={"enabled": False})))
    yield


def document_of(rule: AlertRule) -> dict[str, Any]:
    """As a rule is kept."""
    return rule.model_dump(mode="json", by_alias=True)


def on_time() -> int:
    """How many default rules are evaluated on the hour in these tests."""
    return len([rule for rule in default_rules() if rule.source is not Source.SYSTEM])


def minutes(start: datetime, *numbers: int) -> list[CheckResult]:
    return [manager.check_alerts(start + timedelta(minutes=number)) for number in numbers]


def slow_renders(at: datetime, count: int = 5) -> None:
    tell("ann", *(operation(at + timedelta(seconds=n), "render", ms=120_000) for n in range(count)))


def told(kind: EventType, at: datetime, **fields: object) -> Event:
    return Event.model_validate(
        {"event_id": new_id(), "timestamp": at, "platform": Platform.WEBAPP, "event_type": kind, **fields}
    )


def test_a_fresh_deployment_has_the_five_rules_of_the_seed_and_those_of_the_system(hour: datetime) -> None:
    assert manager.check_alerts(hour).evaluated == on_time()
    rules = {document.id for document in firestore_client().collection("alert_rules").stream()}
    assert rules == {rule.id for rule in default_rules()}


def test_an_edited_rule_is_not_overwritten_and_a_disabled_one_not_evaluated(hour: datetime) -> None:
    manager.check_alerts(hour)
    firestore_client().collection("alert_rules").document("conversion-drop").update({"enabled": False})
    rules_of_every_minute = [rule for rule in default_rules() if rule.every == 1 and rule.source is not Source.SYSTEM]
    assert manager.check_alerts(hour + timedelta(minutes=1)).evaluated == len(rules_of_every_minute) - 1


def test_a_rule_that_makes_no_sense_does_not_stop_the_others(hour: datetime, caplog: pytest.LogCaptureFixture) -> None:
    firestore_client().collection("alert_rules").document("broken").set({"kpi": "happiness"})
    assert manager.check_alerts(hour).evaluated == on_time()
    assert "an alert rule is not valid" in caplog.text


def test_slow_renders_fire_and_resolve_when_they_leave_the_window(hour: datetime) -> None:
    slow_renders(hour)
    checks = minutes(hour, 1, 2, 3, 4, 15, 16, 17)
    changes = [[(alert.rule_id, alert.state.value) for alert in check.changed] for check in checks]
    assert changes == [
        [("slow-generation", "pending")],
        [],
        [("slow-generation", "firing")],
        [],
        [],
        [],  # The first evaluation without data is not believed …
        [("slow-generation", "resolved")],
    ]
    [alert] = manager.list_alerts(10).items
    assert (alert.value, alert.sample_count) == (120.0, 5)
    assert [change.after.value for change in alert.history] == ["pending", "firing", "resolved"]


def test_the_alert_of_a_disabled_rule_resolves(hour: datetime) -> None:
    slow_renders(hour)
    minutes(hour, 1)
    firestore_client().collection("alert_rules").document("slow-generation").update({"enabled": False})
    minutes(hour, 2)
    [alert] = manager.list_alerts(10).items
    assert (alert.state, alert.resolved_by) == (AlertState.RESOLVED, "system")


def test_a_second_run_in_the_same_minute_changes_nothing(hour: datetime) -> None:
    slow_renders(hour)
    minutes(hour, 1)
    before = [document.to_dict() for document in firestore_client().collection("alert_instances").stream()]
    again = manager.check_alerts(hour + timedelta(minutes=1, seconds=59))
    assert (again.evaluated, again.changed) == (0, ())
    assert [document.to_dict() for document in firestore_client().collection("alert_instances").stream()] == before


def test_each_default_rule_has_its_case(hour: datetime) -> None:
    some = [hour + timedelta(seconds=n) for n in range(20)]
    slow_renders(hour)
    tell("ann", *(operation(at, success=n > 1) for n, at in enumerate(some)))
    tell("ann", *(told(EventType.GENERATION, at, generation=Generation(quality_score=7.9)) for at in some))
    tell("ann", *(told(EventType.FEEDBACK, at, generation=Generation(satisfaction=3.5)) for at in some))
    for number, at in enumerate(some):
        tell(f"user {number}", told(EventType.BUSINESS, at, business=Business(kind="signup" if number else "upgrade")))
    manager.check_alerts(hour + timedelta(minutes=1))
    alerts = {alert.rule_id: alert for alert in manager.list_alerts(10).items}
    assert alerts.keys() == SEED
    assert alerts["low-success-rate"].value == pytest.approx(23 / 25)
    assert alerts["quality-degradation"].value == pytest.approx(7.9)
    assert alerts["user-satisfaction"].value == pytest.approx(3.5)
    assert alerts["conversion-drop"].value == pytest.approx(1 / 20)


def test_a_week_that_brings_less_than_the_one_before_it_is_a_decline(lonely_hour: datetime) -> None:
    [rule] = [rule for rule in default_rules() if rule.id == "revenue-decline"]
    period = Period(lonely_hour - timedelta(days=7), lonely_hour + timedelta(days=7))
    for at, usd in ((lonely_hour - timedelta(days=2), 1e6), (lonely_hour + timedelta(days=2), 6e5)):
        payments = (
            told(EventType.BUSINESS, at, business=Business(kind="purchase", revenue_usd=usd)) for _ in range(25)
        )
        tell("ann", *payments)
    check_rule(rule)
    seen = read_sql(rule.sql or "", rule.labels, period)
    assert not isinstance(seen, Failure)
    [reading] = seen.values()
    assert reading.value == pytest.approx(0.6, abs=0.001), "what other tests have sold is next to nothing"
    assert reading.samples >= 25 >= rule.min_samples
    assert rule.is_breached(reading.value)


def test_operators_acknowledge_and_resolve(hour: datetime) -> None:
    slow_renders(hour)
    minutes(hour, 1, 3)
    [alert] = manager.get_alert_dashboard().open
    acknowledged = manager.acknowledge_alert(alert.id, "ann", "looking")
    assert (acknowledged.state, acknowledged.history[-1].comment) == (AlertState.ACKNOWLEDGED, "looking")
    assert manager.resolve_alert(alert.id, "ann").resolved_by == "ann"
    assert manager.get_alert_dashboard().open == []
    [again] = manager.check_alerts(hour + timedelta(minutes=4)).changed
    assert (again.state, again.id != alert.id) == (AlertState.PENDING, True)
    with pytest.raises(NotFound):
        manager.resolve_alert("nothing", "ann")


def test_alerts_are_paged_newest_first_and_by_state(hour: datetime) -> None:
    slow_renders(hour)
    minutes(hour, 1, 3, 16, 17)
    slow_renders(hour + timedelta(hours=1))
    minutes(hour, 61)
    first = manager.list_alerts(1)
    second = manager.list_alerts(1, first.next_page_token)
    assert [alert.state.value for alert in first.items + second.items] == ["pending", "resolved"]
    assert second.next_page_token is None
    assert len(manager.list_alerts(10, state=AlertState.RESOLVED).items) == 1
    with pytest.raises(InvalidInput):
        manager.list_alerts(1, "WyJ4IiwieSJd")
