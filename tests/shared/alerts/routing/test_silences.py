"""Silences: which are refused, and what is silenced with an alert."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from shared.alerts.instances import Condition
from shared.alerts.routing import Inhibition, Silence, SilenceState, match_all, matchers_of, routing_labels
from shared.alerts.routing.inhibition import Inhibitor
from shared.alerts.routing.silences import LONGEST
from tests.shared.alerts.dispatching.stage import START, at, firing_alert


def silence(*matchers: str, lasts: timedelta = timedelta(hours=1)) -> Silence:
    times: dict[str, Any] = {"starts_at": START, "ends_at": START + lasts, "created_at": START}
    return Silence.model_validate({"id": "s", "matchers": matchers, "owner": "ann", **times})


@pytest.mark.parametrize("matchers", [["rule != slow"], ["rule = "], ["rule =~ .*"], ["rule !~ a", "plan = "], []])
def test_one_that_would_silence_everything_is_refused(matchers: list[str]) -> None:
    with pytest.raises(ValidationError):
        silence(*matchers)


def test_one_matcher_that_asks_for_something_is_enough() -> None:
    assert len(silence("rule = slow", "plan != free").matchers) == 2


def test_a_silence_ends_after_it_starts_and_within_a_year() -> None:
    silence("rule = slow", lasts=LONGEST)
    assert silence("rule = slow", lasts=timedelta(0)).state_at(START) is SilenceState.EXPIRED, (
        "as one that was ended early"
    )
    for wrong in (timedelta(seconds=-1), LONGEST + timedelta(seconds=1)):
        with pytest.raises(ValidationError):
            silence("rule = slow", lasts=wrong)


def test_an_alert_is_silenced_with_those_that_follow_it_and_no_others() -> None:
    alert = firing_alert("slow", START, platform="mcp", plan="free")
    matchers = matchers_of(alert)
    others = {
        "later": firing_alert("slow", at(60), "critical", platform="mcp", plan="free"),
        "rule": firing_alert("few", START, platform="mcp", plan="free"),
        "label": firing_alert("slow", START, platform="mcp", plan="premium"),
        "condition": alert.model_copy(update={"condition": Condition.ERROR}),
    }
    assert [name for name, each in others.items() if match_all(matchers, routing_labels(each))] == ["later"]


def test_of_two_alerts_that_hold_one_back_the_first_is_named() -> None:
    rules = [Inhibition.model_validate({"source": [f"rule = {name}"], "target": ["rule = slow"]}) for name in "ab"]
    inhibitor = Inhibitor(rules, {"2": {"rule": "a"}, "1": {"rule": "b"}, "3": {"rule": "a"}})
    assert inhibitor.inhibited_by({"rule": "slow"}) == "1"
    for firing in ("32", "23"):
        assert Inhibitor(rules[:1], {each: {"rule": "a"} for each in firing}).inhibited_by({"rule": "slow"}) == "2"


def test_one_that_matches_both_sides_is_held_back_by_one_that_matches_the_source_alone() -> None:
    both = Inhibition.model_validate({"source": ["rule =~ a|b"], "target": ["rule =~ b|c"]})
    alone = Inhibitor([both], {"1": {"rule": "b"}})
    assert [alone.inhibited_by({"rule": each}) for each in "abc"] == [None, None, "1"]
    with_a = Inhibitor([both], {"1": {"rule": "b"}, "2": {"rule": "a"}})
    assert [with_a.inhibited_by({"rule": each}) for each in "abc"] == [None, "2", "1"]


def test_of_two_inhibitions_one_may_have_no_source_with_equal_labels() -> None:
    fields = {"source": ["severity = critical"], "target": ["rule = slow"]}
    rules = [Inhibition.model_validate({**fields, "equal": [label]}) for label in ("platform", "plan")]
    inhibitor = Inhibitor(rules, {"1": {"severity": "critical", "platform": "mcp", "plan": "free"}})
    labels = {"rule": "slow", "platform": "mcp", "plan": "premium"}
    assert inhibitor.inhibited_by(labels) == "1"
    assert inhibitor.inhibited_by({**labels, "platform": "api"}) is None
