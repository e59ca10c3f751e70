"""The evaluator among all that can go wrong: rules that fail, clocks that jump, evaluators that stop, operators in between."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.alerts import AlertInstance, AlertManager, AlertRule, AlertState, Reading, default_rules, save_rule
from shared.alerts.history import carry_over, keep_history
from shared.alerts.measuring import measure
from shared.alerts.moving import move
from shared.alerts.rulebook import Edition
from shared.alerts.stored import open_alerts
from shared.alerts.turns import Turn
from shared.core.clients import bigquery_client, firestore_client
from shared.core.settings import settings
from tests.cloud import RunningCloud
from tests.shared.told import operation, tell

manager = AlertManager()
F, P, R = AlertState.FIRING, AlertState.PENDING, AlertState.RESOLVED
ALWAYS = "SELECT 2 AS value, 'mcp' AS platform FROM events WHERE occurred_at >= @start AND occurred_at < @end LIMIT 1"
"""Bad as long as there is an event in the window."""


@pytest.fixture(autouse=True)
def only_own_rules(cloud: RunningCloud) -> Iterator[None]:
    """No alerts, and no rules but those that a test makes: the default ones are withdrawn."""
    client = firestore_client()
    kept = ("alert_rules", "alert_instances", "alert_evaluator", "alert_history_pending", "alert_responses")
    for collection in kept:
        client.recursive_delete(client.collection(collection))
    for each in default_rules():
        client.collection("alert_rules").document(each.id).set(Edition(rule=each, deleted=True).document())
    yield
    client.recursive_delete(client.collection("alert_rules"))


def rule(rule_id: str, **fields: Any) -> AlertRule:
    """A rule that is kept without being checked, so that it may be one that fails."""
    watched = {} if {"sql", "system", "sequence"} & fields.keys() else {"kpi": "operations"}
    usual = {"id": rule_id, "name": rule_id, "comparison": "above", "threshold": 0, "window": 60, **watched}
    made = AlertRule.model_validate({**usual, **fields})
    firestore_client().collection("alert_rules").document(rule_id).set(Edition(rule=made).document())
    return made


def alerts() -> dict[str, AlertInstance]:
    return {alert.rule_id: alert for alert in manager.list_alerts(100).items}


def check(*moments: datetime) -> list[dict[str, str]]:
    """The changes of each check: the rules whose alerts changed, and their states."""
    return [{alert.rule_id: alert.state.value for alert in manager.check_alerts(at).changed} for at in moments]


def history(rule_id: str) -> list[tuple[str | None, str]]:
    """What BigQuery has of a rule's alerts."""
    sql = f"SELECT * FROM {settings().dataset}.alert_history WHERE rule_id = '{rule_id}' ORDER BY `at`, transition_id"
    return [(row["before"], row["after"]) for row in bigquery_client().query_and_wait(sql)]


def test_one_failing_rule_stops_no_other_and_says_so(hour: datetime) -> None:
    tell("ann", operation(hour))
    rule("gone", kpi="happiness")
    rule("strange", labels=["owner"])
    rule("no-sql", sql="SELECT x AS value FROM nothing")
    rule("twice", sql="SELECT 1 AS value UNION ALL SELECT 2 AS value FROM events WHERE @start < @end")
    rule("sound")
    rule("sound-sql", sql=ALWAYS, labels=["platform"])
    assert check(hour + timedelta(minutes=1), hour + timedelta(minutes=2))[1].keys() >= {"gone", "strange", "no-sql"}
    found = alerts()
    assert {name: (alert.condition, alert.state) for name, alert in found.items()} == {
        **dict.fromkeys(("gone", "strange", "no-sql", "twice"), ("error", F)),
        **dict.fromkeys(("sound", "sound-sql"), ("breached", F)),
    }
    assert "No KPI is named happiness" in found["gone"].detail
    assert "cannot be told by owner" in found["strange"].detail
    assert "BigQuery refuses the query" in found["no-sql"].detail
    assert "two rows" in found["twice"].detail
    assert found["sound-sql"].labels == {"platform": "mcp"}


def test_an_alert_that_somebody_else_has_changed_meanwhile_is_moved_alone(hour: datetime) -> None:
    tell("ann", operation(hour))
    watched = [rule("one"), rule("two")]
    check(hour + timedelta(minutes=1))
    seen_before = list(open_alerts())
    manager.acknowledge_alert(alerts()["one"].id, "ann", "on it")
    at = hour + timedelta(minutes=70)
    moved = move(watched, at, measure(watched, Turn(at, at, "me")), seen_before)
    assert (moved.steps.keys(), moved.failed) == ({"one", "two"}, [])
    assert alerts()["one"].acknowledged_by == "ann"
    assert alerts()["one"].state is alerts()["two"].state is R


def test_every_transition_is_a_row_of_history_once(hour: datetime) -> None:
    tell("ann", operation(hour))
    rule("told", hold=1)
    check(*(hour + timedelta(minutes=minute) for minute in (1, 2, 3)))
    manager.acknowledge_alert(alerts()["told"].id, "ann", "on it")
    check(*(hour + timedelta(minutes=minute) for minute in (4, 70, 71, 72)))
    told = [(None, "pending"), ("pending", "firing"), ("acknowledged", "resolved")]
    assert history("told") == [*told, ("firing", "acknowledged")], "acknowledged now, by the clock of the wall"
    assert list(firestore_client().collection("alert_history_pending").stream()) == []


def test_rows_that_a_killed_evaluator_has_written_and_not_struck_off_are_not_written_again(hour: datetime) -> None:
    tell("ann", operation(hour))
    rule("once")
    check(hour + timedelta(minutes=1))
    batch = firestore_client().batch()
    keep_history(batch, [(None, alerts()["once"])])
    batch.commit()
    assert carry_over() == 2
    assert history("once") == [(None, "pending"), ("pending", "firing")]


def test_that_minutes_are_skipped_is_an_alert_and_over_when_all_is_on_time(hour: datetime) -> None:
    rule("late", system="evaluation_delay", threshold=45, window=3)
    moments = [hour + timedelta(minutes=minute, seconds=2) for minute in (0, 1, 4, 5, 6, 7)]
    assert check(*moments) == [{}, {}, {"late": "firing"}, {}, {"late": "resolved"}, {}]


def test_what_was_due_in_a_skipped_minute_is_evaluated_in_the_next_and_once(hour: datetime) -> None:
    tell("ann", operation(hour))
    for name, every in (("ten", 10), ("six", 6), ("hourly", 60)):
        rule(name, every=every)
    moments = [hour + timedelta(minutes=minute, seconds=2) for minute in (9, 11, 12, 13, 25, 26)]
    assert [manager.check_alerts(at).evaluated for at in moments] == [0, 1, 1, 0, 2, 0]
    assert alerts().keys() == {"ten", "six"}, "nothing was due of a rule whose minute is to come"


def test_an_evaluator_that_has_stopped_is_told_by_another_schedule(hour: datetime) -> None:
    rule("late", system="evaluation_delay", threshold=45, window=10)
    rule("other")
    assert manager.watch_evaluation(hour).changed == (), "before the first evaluation nothing is late"
    check(hour)
    assert manager.watch_evaluation(hour + timedelta(minutes=2)).changed == ()
    [fired] = manager.watch_evaluation(hour + timedelta(minutes=4)).changed
    assert (fired.rule_id, fired.state) == ("late", F)
    assert fired.detail.startswith("3 min were not evaluated")
    assert manager.check_alerts(hour + timedelta(minutes=5)).evaluated == 2


def test_an_alert_outlives_a_clock_that_jumps_ahead_and_back(hour: datetime) -> None:
    tell("ann", operation(hour))
    rule("steady", hold=5, window=120)
    ahead = hour + timedelta(days=1)
    assert check(hour + timedelta(minutes=1), ahead, hour + timedelta(minutes=2)) == [
        {"steady": "pending"},
        {"steady": "resolved"},
        {"steady": "pending"},
    ]
    assert check(*(hour + timedelta(minutes=minute) for minute in (3, 6, 7, 8))) == [{}, {}, {"steady": "firing"}, {}]


def test_a_minute_that_comes_again_after_the_clock_was_set_back_begins_alerts_of_their_own(hour: datetime) -> None:
    tell("ann", operation(hour))
    rule("again")
    first = hour + timedelta(minutes=1)
    check(first)
    manager.resolve_alert(alerts()["again"].id, "ann")
    check(hour + timedelta(minutes=30))
    [second] = manager.get_alert_dashboard().open
    manager.resolve_alert(second.id, "ann")
    assert check(first) == [{"again": "firing"}]
    assert len(manager.list_alerts(10).items) == 3


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 29, 3, 0, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2026, 10, 25, 2, 0, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2026, 3, 1, 0, 0, tzinfo=UTC),
        datetime(2024, 2, 29, 23, 59, tzinfo=UTC),
        datetime(2025, 12, 31, 23, 59, tzinfo=UTC),
        datetime(2026, 4, 30, 18, 59, tzinfo=ZoneInfo("America/Chicago")),
    ],
    ids=["spring", "autumn", "month", "leap day", "year", "month elsewhere"],
)
def test_time_zones_and_the_ends_of_months_hold_nothing_up(moment: datetime) -> None:
    rule("every", on_no_data="alert")
    rule("quarter", every=15, on_no_data="alert")
    start = moment.astimezone(UTC)
    moments = [(start + timedelta(minutes=minute)).astimezone(moment.tzinfo) for minute in range(3)]
    assert check(*moments)[:2] == [
        {"every": "pending"} | _due(start),
        {"every": "firing"} | _due(start + timedelta(minutes=1)),
    ]


def _due(at: datetime) -> dict[str, str]:
    return {"quarter": "pending"} if at.minute % 15 == 0 else {}


def test_the_same_events_told_twice_do_not_change_what_a_rule_reads(hour: datetime) -> None:
    event = operation(hour)
    tell("ann", event, event)
    tell("ann", event)
    rule("count", threshold=0.5)
    check(hour + timedelta(minutes=1))
    assert alerts()["count"].value == 1


def test_that_nothing_is_done_any_more_is_less_than_asked_for(hour: datetime) -> None:
    tell("ann", operation(hour))
    rule("few", comparison="below", threshold=1)
    rule("nobody", kpi="unique_users", comparison="below", threshold=1)
    start = hour + timedelta(minutes=60)
    assert check(start, start + timedelta(minutes=1)) == [{}, {"few": "firing", "nobody": "firing"}]
    assert alerts()["few"].value == 0


def test_a_rule_that_is_saved_is_evaluated_from_the_next_minute_on(hour: datetime) -> None:
    tell("ann", operation(hour))
    check(hour + timedelta(minutes=1))
    usual = {"id": "fresh", "name": "Fresh", "kpi": "operations", "comparison": "above", "threshold": 0, "window": 60}
    save_rule(AlertRule.model_validate(usual), "ann")
    assert check(hour + timedelta(minutes=2)) == [{"fresh": "firing"}]


def answer_at_last(deaf: socket.socket, requests: int) -> None:
    """Refuse what waits, so that nobody waits for it any more."""
    deaf.settimeout(20)
    for _ in range(requests):
        connection, _ = deaf.accept()
        connection.recv(1 << 16)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        connection.close()


def test_bigquery_that_does_not_answer_is_an_error_of_every_rule_that_needs_it_and_not_silence(
    cloud: RunningCloud, hour: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = [rule("kpi"), rule("sql", sql=ALWAYS, labels=["platform"]), rule("self", system="evaluation_delay")]
    turn = Turn(hour, hour + timedelta(seconds=2), "me")
    with socket.create_server(("127.0.0.1", 0)) as deaf, monkeypatch.context() as elsewhere:
        elsewhere.setenv("BIGQUERY_EMULATOR_HOST", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        bigquery_client.cache_clear()
        seen = measure(rules, turn, seconds=1)
        answer_at_last(deaf, 2)
    bigquery_client.cache_clear()
    assert seen["self"] == {(): Reading(2.0, 1)}
    for minute in (0, 1):
        move(rules, hour + timedelta(minutes=minute), seen, list(open_alerts()))
    told = {name: (alert.condition, alert.state) for name, alert in alerts().items() if name != "self"}
    assert told == {"kpi": ("error", F), "sql": ("error", F)}
    assert "has not answered" in alerts()["kpi"].detail
