"""Silences: which are refused, and what is silenced with an alert."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from shared.alerts.instances import Condition
from shared.alerts.routing import Inhibition, Silence, match_all, matchers_of, routing_labels
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
    assert Inhibitor(rules[:1], {"3": {"rule": "a"}, "2": {"rule": "a"}}).inhibited_by({"rule": "slow"}) == "2"
