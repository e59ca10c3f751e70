"""What is not told: silences, inhibition, mute times."""

from datetime import timedelta
from typing import Any

from shared.alerts.routing import Silence, Silencer
from tests.shared.alerts.dispatching.stage import OPS, Stage, at


def silence(first: float, last: float, *matchers: str) -> Silence:
    fields: dict[str, Any] = {"id": "s", "matchers": matchers or ["rule = slow"], "owner": "ann", "comment": "deploy"}
    times = {"starts_at": at(first), "ends_at": at(last), "created_at": at(first)}
    return Silence.model_validate({**fields, **times})


def holds(stage: Stage, name: str) -> list[tuple[str, str]]:
    return [(each.by.value, each.id) for each in stage.suppressions[name]]


def test_what_is_silenced_is_told_when_the_silence_ends() -> None:
    stage = Stage(silences=[silence(0, 45)])
    slow = stage.fire("slow", 0)
    assert stage.run(0, 44) == []
    assert holds(stage, slow) == [("silence", "s")]
    assert stage.run(45, 60) == ["45 firing: ops"]
    assert holds(stage, slow) == []


def test_what_ends_while_it_is_silenced_is_never_told() -> None:
    stage = Stage(silences=[silence(2, 45)])
    slow = stage.fire("slow", 0)
    assert stage.run(0, 3) == ["1 firing: ops"]
    stage.resolve(slow, 20)
    assert stage.run(20, 100) == []
    stage.fire("slow", 101)
    assert stage.run(101, 103) == ["102 firing: ops"]


def test_in_a_group_that_goes_on_what_ends_while_it_is_silenced_is_news_when_it_comes_again() -> None:
    stage = Stage(silences=[silence(2, 45)])
    slow, few = stage.fire("slow", 0), stage.fire("few", 0)
    assert stage.run(0, 3) == ["1 firing: ops"]
    stage.resolve(slow, 20)
    assert stage.run(20, 50) == []
    stage.fire("slow", 51)
    assert stage.run(51, 56) == ["55 firing: ops"]
    assert stage.names(stage.notifications[-1]) == ({slow, few}, set())


def test_what_was_told_before_it_was_silenced_is_not_told_again_when_the_silence_ends() -> None:
    stage = Stage(silences=[silence(2, 45)])
    slow, few = stage.fire("slow", 0), stage.fire("few", 0)
    assert stage.run(0, 3) == ["1 firing: ops"]
    other = stage.fire("other", 4)
    assert stage.run(4, 60) == ["6 firing: ops"]
    assert stage.names(stage.notifications[-1]) == ({few, other}, set())
    assert stage.run(61, 246) == ["246 firing: ops"]
    assert stage.names(stage.notifications[-1]) == ({slow, few, other}, set())


def test_a_silence_holds_back_only_what_matches_all_of_it() -> None:
    stage = Stage(route={**OPS, "group_by": ["..."]}, silences=[silence(0, 100, "rule = slow", "platform =~ mcp|api")])
    names = [stage.fire("slow", 0, platform=each) for each in ("mcp", "api", "webapp")] + [stage.fire("few", 0)]
    stage.look(1)
    assert [bool(holds(stage, name)) for name in names] == [True, True, False, False]
    assert len(stage.notifications) == 2


def test_the_rest_of_a_group_is_told_without_what_is_silenced() -> None:
    stage = Stage(silences=[silence(0, 3)])
    slow, few = stage.fire("slow", 0), stage.fire("few", 0)
    [told] = stage.look(1)
    assert stage.names(told) == ({few}, set())
    assert stage.run(2, 6) == ["6 firing: ops"]
    assert stage.names(stage.notifications[-1]) == ({slow, few}, set())


def test_a_repeat_that_was_held_back_comes_when_the_silence_ends() -> None:
    stage = Stage(silences=[silence(100, 300)])
    stage.fire("slow", 0)
    assert stage.run(0, 400) == ["1 firing: ops", "300 firing: ops"]


INHIBITION = {"source": ["severity = critical"], "target": ["severity != critical"], "equal": ["platform"]}


def test_an_alert_is_inhibited_while_one_with_equal_labels_fires() -> None:
    stage = Stage(route={**OPS, "group_by": ["..."]}, inhibitions=[INHIBITION])
    down = stage.fire("down", 0, "critical", platform="mcp")
    held, free = (stage.fire("slow", 0, platform=each) for each in ("mcp", "api"))
    stage.look(1)
    assert holds(stage, held) == [("inhibition", stage.alerts[down].id)]
    assert {name for each in stage.notifications for name in stage.names(each)[0]} == {down, free}
    stage.acknowledge(down, 2)
    assert stage.run(2, 3) == []
    assert holds(stage, held), "an acknowledged alert fires as well"
    stage.resolve(down, 4)
    told = stage.run(4, 6)
    assert sorted(told) == ["4 firing: ops", "6 resolved: ops"]


def test_a_label_that_neither_has_is_equal() -> None:
    stage = Stage(inhibitions=[INHIBITION])
    stage.fire("down", 0, "critical")
    slow = stage.fire("slow", 0)
    stage.look(1)
    assert holds(stage, slow)


def test_two_alerts_that_match_both_sides_do_not_silence_each_other() -> None:
    both = {"source": ["rule =~ a|b"], "target": ["rule =~ a|b|c"]}
    stage = Stage(inhibitions=[both])
    a, b, c = (stage.fire(each, 0) for each in "abc")
    stage.look(1)
    assert [bool(holds(stage, name)) for name in (a, b, c)] == [False, False, True]


def muted(**route: Any) -> Stage:
    night = {"id": "night", "zone": "Europe/Berlin", "calendars": [{"times": [{"start": "13:00", "end": "14:00"}]}]}
    child = {"matchers": ["rule = slow"], "notify": [{"channel": "video"}], **route}
    return Stage(route={**OPS, "routes": [child]}, times=[night])


def test_a_muted_route_tells_nobody_until_the_time_is_over() -> None:
    stage = muted(muteTimes=["night"])  # 12:00 UTC is 13:00 in Berlin.
    slow = stage.fire("slow", 0)
    assert stage.run(0, 59) == []
    assert holds(stage, slow) == [("mute_time", "night")]
    assert stage.run(60, 70) == ["60 firing: video"]


def test_outside_its_active_times_a_route_is_mute() -> None:
    stage = muted(activeTimes=["night"])
    stage.fire("slow", 0)
    assert stage.run(0, 5) == ["1 firing: video"]
    later = muted(activeTimes=["night"])
    slow = later.fire("slow", 60)
    assert later.run(60, 70) == []
    assert holds(later, slow) == [("mute_time", "not night")]


def test_an_alert_that_is_muted_on_one_of_two_routes_is_not_suppressed() -> None:
    stage = muted(muteTimes=["night"])
    stage.route = {**OPS, "routes": [{**stage.route["routes"][0], "continue": True}, {"matchers": ["rule = slow"]}]}
    slow = stage.fire("slow", 0)
    assert stage.run(0, 5) == ["1 firing: ops"]
    assert holds(stage, slow) == []


def test_a_silence_lasts_until_before_its_end() -> None:
    held = silence(0, 10)
    labels = {"rule": "slow"}
    edges = [held.starts_at - timedelta(seconds=1), held.starts_at, held.ends_at - timedelta(seconds=1), held.ends_at]
    assert [Silencer([held], each).silenced_by(labels) for each in edges] == [(), ("s",), ("s",), ()]
