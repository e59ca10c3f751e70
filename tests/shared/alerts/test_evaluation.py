"""How an alert moves from state to state, on a simulated clock."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.alerts import (
    AlertInstance,
    AlertRule,
    AlertState,
    Comparison,
    Condition,
    Failure,
    Finding,
    OnError,
    OnNoData,
    Reading,
    Readings,
    evaluate,
)
from shared.core.errors import Conflict

START = datetime(2026, 5, 4, 12, tzinfo=UTC)
RULE = AlertRule(
    id="slow",
    name="Slow",
    kpi="generation_time",
    comparison=Comparison.ABOVE,
    threshold=90,
    window=15,
    hold=2,
    min_samples=5,
)


MCP, WEB = (("platform", "mcp"),), (("platform", "webapp"),)
BY_PLATFORM = RULE.model_copy(update={"labels": ("platform",)})


def step(
    rule: AlertRule, current: AlertInstance | None, at: datetime, value: float | None, samples: int = 10
) -> tuple[Finding, AlertInstance | None]:
    """What is found without labels, and the alert after it."""
    [found] = evaluate(rule, [current] if current else [], at, {(): Reading(value, samples)})
    return found.finding, found.after


def play(*values: float | None, rule: AlertRule = RULE, samples: int = 10) -> list[AlertState | None]:
    """The state after each evaluation, a minute apart; None while there is no alert. A value of None is no data."""
    states: list[AlertState | None] = []
    alert: AlertInstance | None = None
    for minute, value in enumerate(values):
        current = alert if alert and alert.is_open else None
        _, alert = step(rule, current, START + timedelta(minutes=minute), value, samples if value is not None else 0)
        states.append(alert.state if alert else None)
    return states


def follow(rule: AlertRule, *seen: Readings | Failure) -> list[dict[str, AlertState]]:
    """The states after each evaluation, a minute apart, of the open alerts and those that have just ended, by their subject."""
    told, alerts = [], list[AlertInstance]()
    for minute, each in enumerate(seen):
        steps = evaluate(rule, alerts, START + timedelta(minutes=minute), each)
        after = [found.after for found in steps if found.after is not None]
        alerts = [alert for alert in after if alert.is_open]
        told.append({_subject(alert): alert.state for alert in after})
    return told


def _subject(alert: AlertInstance) -> str:
    about = "" if alert.condition is Condition.BREACHED else alert.condition.value
    return " ".join(filter(None, [*alert.labels.values(), about]))


def slow(*platforms: str, value: float = 100.0) -> dict[tuple[tuple[str, str], ...], Reading]:
    return {(("platform", platform),): Reading(value, 10) for platform in platforms}


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


def test_each_label_value_has_an_alert_of_its_own() -> None:
    rule = BY_PLATFORM.model_copy(update={"hold": 1})
    both, one = slow("mcp", "webapp"), {**slow("mcp"), **slow("webapp", value=10)}
    assert follow(rule, both, one, one) == [{"mcp": P, "webapp": P}, {"mcp": F, "webapp": R}, {"mcp": F}]


def test_a_label_value_that_has_gone_while_others_are_there_resolves_at_the_second_time() -> None:
    rule = BY_PLATFORM.model_copy(update={"hold": 0, "on_no_data": OnNoData.KEEP})
    assert follow(rule, slow("mcp", "webapp"), slow("mcp"), slow("mcp")) == [
        {"mcp": F, "webapp": F},
        {"mcp": F, "webapp": F},
        {"mcp": F, "webapp": R},
    ]
    [*_, gone] = evaluate(rule, [], START, slow("mcp"))
    assert gone.finding is Finding.BREACHED
    alerts = [found.after for found in evaluate(rule, [], START, slow("mcp", "webapp")) if found.after]
    findings = {found.labels: found.finding for found in evaluate(rule, alerts, START, slow("mcp"))}
    assert findings == {MCP: Finding.BREACHED, WEB: Finding.STALE}


def test_it_goes_on_firing_until_it_was_good_for_the_whole_time() -> None:
    rule = RULE.model_copy(update={"hold": 0, "keep_firing": 3})
    assert play(100, 80, 80, 80, 80, rule=rule) == [F, F, F, F, R]
    assert play(100, 80, 80, 100, 80, 80, 80, 80, rule=rule) == [F, F, F, F, F, F, F, R], "bad again, it starts over"
    held = rule.model_copy(update={"hold": 2})
    assert play(100, 80, rule=held) == [P, R], "one that has not fired has nothing to keep"


def test_no_data_resolves_or_keeps_or_is_an_alert_itself() -> None:
    rule = RULE.model_copy(update={"hold": 0})
    nothing: Readings = {}
    bad = {(): Reading(100.0, 10)}
    assert follow(rule, bad, nothing, nothing) == [{"": F}, {"": F}, {"": R}]
    keeping = rule.model_copy(update={"on_no_data": OnNoData.KEEP})
    assert follow(keeping, bad, nothing, nothing, nothing)[-1] == {"": F}
    telling = rule.model_copy(update={"on_no_data": OnNoData.ALERT})
    assert follow(telling, nothing, nothing, bad) == [{"no_data": P}, {"no_data": F}, {"": F, "no_data": R}]
    empty: Readings = {(): Reading(None, 0)}
    assert follow(telling, empty, empty) == [{"no_data": P}, {"no_data": F}], (
        "labels without samples are no data either"
    )


def test_that_there_is_nothing_is_a_value_of_what_counts_and_is_not_called_a_lack_of_data() -> None:
    counting = RULE.model_copy(update={"hold": 0, "min_samples": 1, "on_no_data": OnNoData.KEEP})
    many, none = ({(): Reading(value, samples, counts=True)} for value, samples in ((100.0, 100), (0.0, 0)))
    assert follow(counting, many, none) == [{"": F}, {"": R}]
    few = counting.model_copy(update={"comparison": Comparison.BELOW})
    assert follow(few, many, none) == [{}, {"": F}], "nothing is less than asked for"
    asking = few.model_copy(update={"min_samples": 2})
    assert follow(asking, none) == [{}]
    telling = few.model_copy(update={"on_no_data": OnNoData.ALERT})
    assert follow(telling, none, none) == [{"no_data": P}, {"no_data": F}], "whoever wants to be told of it is"


def test_as_many_samples_as_a_rule_asks_for_are_enough() -> None:
    fewest = RULE.min_samples
    assert [play(100, samples=count) for count in (fewest - 1, fewest)] == [[None], [P]]


def test_an_error_is_an_alert_at_the_second_time_and_leaves_the_others_as_they_are() -> None:
    rule = RULE.model_copy(update={"hold": 0})
    bad, error = {(): Reading(100.0, 10)}, Failure("BigQuery does not answer")
    assert follow(rule, bad, error, error) == [{"": F}, {"": F, "error": P}, {"": F, "error": F}]
    [found] = evaluate(rule, [], START, error)
    assert found.after is not None
    assert found.after.detail == "BigQuery does not answer"
    [healed] = evaluate(rule, [found.after], START, {(): Reading(10, 10)})[1:]
    assert healed.after is not None
    assert healed.after.state is R
    quiet = rule.model_copy(update={"on_error": OnError.KEEP})
    assert follow(quiet, error, error) == [{}, {}]


@pytest.mark.parametrize("name", ["keep_firing_for", "keepFiringFor"])
def test_a_rule_may_be_told_in_words_of_prometheus(name: str) -> None:
    said = RULE.model_dump(by_alias=True, exclude={"hold", "keep_firing"})
    rule = AlertRule.model_validate({**said, "for": 3, name: "1h4m"})
    assert (rule.hold, rule.keep_firing) == (3, 64)
    assert rule == AlertRule.model_validate({**said, "hold": 3, "keepFiring": 64})
    assert AlertRule.model_validate(rule.model_dump()) == rule


@pytest.mark.parametrize("twice", [{"for": 3, "hold": 3}, {"keep_firing_for": 3, "keep_firing": 3}])
def test_a_rule_is_told_in_one_word_only(twice: dict[str, int]) -> None:
    said = RULE.model_dump(exclude={"hold", "keep_firing"})
    with pytest.raises(ValueError, match="by another name"):
        AlertRule.model_validate(said | twice)


@pytest.mark.parametrize("hold", ["90s", "soon", "", "2d"])
def test_a_rule_holds_for_whole_minutes_of_a_day_at_most(hold: str) -> None:
    with pytest.raises(ValueError, match=r"whole minutes|write a time|less than or equal to 1440"):
        AlertRule.model_validate(RULE.model_dump() | {"hold": hold})
