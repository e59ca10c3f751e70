"""How an alert moves from state to state, on a simulated clock."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.alerts import AlertInstance, AlertRule, AlertState, Comparison, Finding, Kpi
from shared.alerts.instances import step
from shared.core.errors import Conflict

START = datetime(2026, 5, 4, 12, tzinfo=UTC)
RULE = AlertRule(
    id="slow",
    name="Slow",
    kpi=Kpi.GENERATION_TIME,
    comparison=Comparison.ABOVE,
    threshold=90,
    window=15,
    hold=2,
    min_samples=5,
)


def play(*values: float | None, rule: AlertRule = RULE, samples: int = 10) -> list[AlertState | None]:
    """The state after each evaluation, a minute apart; None while there is no alert. A value of None is no data."""
    states: list[AlertState | None] = []
    alert: AlertInstance | None = None
    for minute, value in enumerate(values):
        current = alert if alert and alert.is_open else None
        _, alert = step(rule, current, START + timedelta(minutes=minute), value, samples if value is not None else 0)
        states.append(alert.state if alert else None)
    return states


P, F, R = AlertState.PENDING, AlertState.FIRING, AlertState.RESOLVED


def test_it_fires_when_it_was_bad_for_the_whole_hold() -> None:
    assert play(100, 100, 100, 100) == [P, P, F, F]


def test_without_a_hold_it_fires_at_once() -> None:
    assert play(100, rule=RULE.model_copy(update={"hold": 0})) == [F]


def test_a_good_minute_within_the_hold_starts_it_over() -> None:
    assert play(100, 100, 80, 100, 100, 100) == [P, P, R, P, P, F]


def test_a_firing_alert_resolves_when_it_is_good_again() -> None:
    assert play(100, 100, 100, 80, 80) == [P, P, F, R, None]


def test_the_threshold_itself_is_good() -> None:
    assert play(90) == [None]
    below = RULE.model_copy(update={"comparison": Comparison.BELOW, "hold": 0})
    assert play(90, 89.9, rule=below) == [None, F]


def test_too_few_samples_say_nothing() -> None:
    assert play(1000, 1000, 1000, samples=4) == [None, None, None]


def test_missing_data_end_a_pending_alert_at_once_and_a_firing_one_at_the_second_time() -> None:
    assert play(100, None) == [P, R]
    assert play(100, 100, 100, None, 100, None, None) == [P, P, F, F, F, F, R]


def test_every_transition_is_in_the_history_with_who_when_and_at_which_value() -> None:
    _, alert = step(RULE, None, START, 100, 10)
    assert alert is not None
    _, alert = step(RULE, alert, START + timedelta(minutes=2), 120, 10)
    assert alert is not None
    alert = alert.acknowledge(START + timedelta(minutes=3), "ann", "on it")
    _, alert = step(RULE, alert, START + timedelta(minutes=4), 80, 10)
    assert alert is not None
    told = [(change.before, change.after, change.by, change.value) for change in alert.history]
    assert told == [
        (None, "pending", "system", 100),
        ("pending", "firing", "system", 120),
        ("firing", "acknowledged", "ann", 120),
        ("acknowledged", "resolved", "system", 80),
    ]
    assert (alert.fired_at, alert.acknowledged_by) == (START + timedelta(minutes=2), "ann")


def test_an_acknowledged_alert_stays_so_while_it_is_bad() -> None:
    _, alert = step(RULE.model_copy(update={"hold": 0}), None, START, 100, 10)
    assert alert is not None
    finding, after = step(RULE, alert.acknowledge(START, "ann", ""), START + timedelta(minutes=9), 110, 10)
    assert finding is Finding.BREACHED
    assert after is not None
    assert after.state is AlertState.ACKNOWLEDGED


def test_only_a_firing_alert_is_acknowledged_and_a_resolved_one_is_over() -> None:
    _, pending = step(RULE, None, START, 100, 10)
    assert pending is not None
    with pytest.raises(Conflict):
        pending.acknowledge(START, "ann", "")
    with pytest.raises(Conflict):
        pending.resolve(START, "ann", "").resolve(START, "ann", "")
