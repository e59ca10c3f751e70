"""Routes: which trees are refused, what a child has from its parent, and where alerts arrive."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from shared.alerts.routing import Routing
from shared.alerts.routing.routes import DEEPEST, MOST_ROUTES

TIMES = [{"id": "nights", "calendars": [{"times": [{"start": "22:00", "end": "24:00"}]}]}]
OPS, VIDEO = [{"channel": "ops"}], [{"channel": "video"}]


def routing(**route: Any) -> Routing:
    return Routing.model_validate({"route": route, "times": TIMES})


def chain(depth: int) -> dict[str, Any]:
    """A route with `depth` levels in all."""
    return {"routes": [chain(depth - 1)]} if depth > 1 else {}


@pytest.mark.parametrize(
    ("route", "reason"),
    [
        ({"groupBy": ["rule", "rule"]}, "named twice"),
        ({"groupBy": ["...", "rule"]}, "name no other beside it"),
        ({"matchers": ["rule = slow"]}, "takes every alert at any time"),
        ({"continue": True}, "takes every alert at any time"),
        ({"muteTimes": ["nights"]}, "takes every alert at any time"),
        ({"activeTimes": ["nights"]}, "takes every alert at any time"),
        ({"routes": [{"muteTimes": ["days"]}]}, "/route/routes/0 names the times days"),
        ({"routes": [{}, {"routes": [{"activeTimes": ["days"]}]}]}, "/route/routes/1/routes/0 names the times days"),
        ({"groupInterval": "0s"}, "at least 1s"),
        ({"repeatInterval": "59s"}, "at least 1m"),
        ({"notify": [{"channel": "a", "person": "b"}]}, "only one of them"),
        ({"notify": [{}]}, "only one of them"),
        (chain(DEEPEST + 1), f"{DEEPEST} deep"),
        ({"routes": [{"routes": [{}] * 99}] * 5}, f"at most {MOST_ROUTES} routes"),
    ],
)
def test_a_tree_that_makes_no_sense_is_refused(route: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        routing(**route)


def test_a_tree_at_every_limit_is_taken() -> None:
    routing(**chain(DEEPEST), groupInterval="1s", repeatInterval="1m", groupWait="0s")
    routing(routes=[*({"routes": [{}] * 99},) * 4, {"routes": [{}] * 98}])


def test_two_times_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="there are two times nights"):
        Routing.model_validate({"route": {}, "times": TIMES * 2})


def test_a_route_has_from_its_parent_what_it_leaves_out_and_empty_lists_are_its_own() -> None:
    grandchild: dict[str, Any] = {"matchers": ["platform = mcp"], "notify": [], "groupBy": []}
    child = {"matchers": ["rule = slow"], "notify": VIDEO, "policy": "p", "groupWait": "0s", "muteTimes": ["nights"]}
    tree = routing(notify=OPS, repeatInterval="1h", routes=[{**child, "routes": [grandchild]}]).tree()
    [parent] = tree.destinations({"rule": "slow"})
    [here] = tree.destinations({"rule": "slow", "platform": "mcp"})
    for each in (parent, here):
        assert (each.policy, str(each.group_wait), str(each.repeat_interval)) == ("p", "0:00:00", "1:00:00")
    assert (parent.notify[0].channel, parent.group_by, parent.mute_times) == ("video", ("rule",), ("nights",))
    assert (here.notify, here.group_by, here.mute_times) == ((), (), ()), "times are a route's own"


def test_alerts_arrive_in_the_order_of_the_routes_and_no_further_than_one_without_continue() -> None:
    matchers = (["rule =~ s.*"], ["rule = slow"], ["rule != few"], ["rule = slow"])
    routes = [{"matchers": each, "continue": number != 2} for number, each in enumerate(matchers)]
    found = routing(routes=routes).tree().destinations({"rule": "slow"})
    assert [each.pointer for each in found] == ["/route/routes/0", "/route/routes/1", "/route/routes/2"]


def test_a_route_keeps_its_path_when_its_matchers_are_written_in_another_order() -> None:
    one, two = ["rule = slow", "platform = mcp"], ["platform = mcp", "rule = slow"]
    paths = [
        routing(routes=[{"matchers": each}]).tree().destinations({"rule": "slow", "platform": "mcp"})[0].path
        for each in (one, two)
    ]
    assert paths[0] == paths[1]


def test_two_routes_with_the_same_matchers_have_paths_of_their_own() -> None:
    tree = routing(routes=[{"matchers": ["rule = slow"], "continue": True}, {"matchers": ["rule = slow"]}]).tree()
    first, second = tree.destinations({"rule": "slow"})
    assert first.path != second.path
    assert [tree.at_path(each.path) for each in (first, second)] == [first, second]
    assert tree.at_path("{}/gone") is None


def test_a_label_that_an_alert_does_not_have_is_not_in_its_group() -> None:
    [here] = routing(groupBy=["platform", "rule"]).tree().destinations({})
    assert here.group_labels({"rule": "slow", "plan": "free"}) == {"rule": "slow"}


def test_outside_all_of_several_active_times_a_route_is_mute() -> None:
    days = {"id": "days", "calendars": [{"times": [{"start": "08:00", "end": "18:00"}]}]}
    child = {"matchers": ["rule = slow"], "activeTimes": ["nights", "days"]}
    made = Routing.model_validate({"route": {"routes": [child]}, "times": [*TIMES, days]})
    [here] = made.tree().destinations({"rule": "slow"})
    muted = [made.is_muted(here, datetime(2026, 1, 5, hour, tzinfo=UTC)) for hour in (7, 9, 20, 23)]
    assert muted == ["not nights, days", None, "not nights, days", None]
