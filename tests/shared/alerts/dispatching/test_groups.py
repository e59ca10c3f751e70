"""Who is told what and when, by routes: groups, waits, repeats."""

from datetime import timedelta

from shared.alerts import Condition
from shared.alerts.routing import subject_of
from shared.alerts.telling import NoticeKind
from tests.shared.alerts.dispatching.stage import OPS, Stage, at, firing_alert


def test_a_new_group_waits_for_more_of_its_alerts_and_tells_of_them_together() -> None:
    stage = Stage()
    slow = stage.fire("slow", 0)
    assert stage.look(0) == []
    few = stage.fire("few", 0.25)
    [told] = stage.look(0.5)
    assert (told.kind, stage.names(told)) == (NoticeKind.FIRING, ({slow, few}, set()))


def test_what_is_over_before_it_was_told_is_never_told() -> None:
    stage = Stage()
    slow = stage.fire("slow", 0)
    stage.look(0)
    stage.resolve(slow, 0.25)
    assert stage.run(1, 600) == []
    assert stage.episodes == {}


def test_an_alert_that_has_fired_for_longer_than_its_group_waits_is_told_at_once() -> None:
    stage = Stage()
    stage.fire("slow", 0)
    assert stage.run(3, 3) == ["3 firing: ops"]


def test_what_changes_waits_for_the_interval_and_what_stays_is_repeated() -> None:
    stage = Stage()
    stage.fire("slow", 0)
    assert stage.run(0, 1) == ["1 firing: ops"]
    stage.fire("few", 2)
    assert stage.run(2, 6) == ["6 firing: ops"]
    assert stage.run(7, 500) == ["246 firing: ops", "486 firing: ops"]


def test_a_repeat_does_not_wait_for_the_interval() -> None:
    stage = Stage(route={**OPS, "group_interval": "7m", "repeat_interval": "10m"})
    stage.fire("slow", 0)
    assert stage.run(0, 31) == ["1 firing: ops", "11 firing: ops", "21 firing: ops", "31 firing: ops"]


def test_the_end_is_told_at_the_interval_with_what_goes_on_and_alone_when_all_is_over() -> None:
    stage = Stage()
    slow, few = stage.fire("slow", 0), stage.fire("few", 0)
    stage.run(0, 1)
    stage.resolve(slow, 2)
    assert stage.run(2, 6) == ["6 firing: ops"]
    assert stage.names(stage.notifications[-1]) == ({few}, {slow})
    stage.resolve(few, 7)
    assert stage.run(7, 100) == ["11 resolved: ops"]
    assert stage.names(stage.notifications[-1]) == (set(), {few})
    assert stage.episodes == {}


def test_what_ends_and_comes_back_between_two_tellings_is_not_told_again() -> None:
    stage = Stage()
    slow = stage.fire("slow", 0)
    stage.run(0, 1)
    stage.resolve(slow, 2)
    stage.look(2)
    stage.fire("slow", 3)
    assert stage.run(3, 200) == []


def test_alerts_are_grouped_by_the_labels_that_the_route_names() -> None:
    stage = Stage(route={**OPS, "group_by": ["platform"]})
    mcp = {stage.fire("slow", 0, platform="mcp"), stage.fire("few", 0, platform="mcp")}
    web = {stage.fire("slow", 0, platform="webapp")}
    told = stage.look(1)
    assert sorted((each.labels["platform"], stage.names(each)[0]) for each in told) == [("mcp", mcp), ("webapp", web)]
    assert len({each.key for each in told}) == 2
    every = Stage(route={**OPS, "group_by": ["..."]})
    every.fire("slow", 0, platform="mcp")
    every.fire("few", 0, platform="mcp")
    assert len(every.look(1)) == 2


def test_an_alert_that_arrives_at_two_routes_is_told_at_both() -> None:
    children = [
        {"matchers": ["severity = critical"], "notify": [{"channel": "pager"}], "continue": True, "groupWait": "0s"},
        {"matchers": ["rule =~ slow.*"], "notify": [{"channel": "video"}], "groupInterval": "1m"},
    ]
    stage = Stage(route={**OPS, "routes": children})
    stage.fire("slow", 0, "critical")
    stage.fire("other", 0)
    assert stage.run(0, 0) == ["0 firing: pager"]
    assert sorted(stage.run(1, 1)) == ["1 firing: ops", "1 firing: video"]


def test_an_acknowledged_alert_is_not_repeated_and_its_end_is_told() -> None:
    stage = Stage()
    slow = stage.fire("slow", 0)
    stage.run(0, 1)
    stage.acknowledge(slow, 3)
    assert stage.run(3, 1000) == []
    stage.resolve(slow, 1001)
    assert stage.run(1001, 1010) == ["1001 resolved: ops"]


def test_one_that_is_taken_before_it_was_told_is_not_told() -> None:
    stage = Stage()
    slow = stage.fire("slow", 0)
    stage.acknowledge(slow, 0)
    assert stage.run(0, 1000, 5) == []


def test_a_clock_that_jumps_ahead_tells_once_and_one_that_goes_back_does_not_tell_twice() -> None:
    stage = Stage()
    stage.fire("slow", 0)
    stage.run(0, 1)
    assert len(stage.look(60 * 24 * 30)) == 1
    assert stage.run(2, 700) == []


def test_numbers_go_up_and_keys_tell_groups_states_and_episodes_apart() -> None:
    stage = Stage(route={**OPS, "repeat_interval": "1h"})
    for start in (0, 200):
        slow = stage.fire("slow", start)
        stage.run(start, start + 61)
        stage.resolve(slow, start + 62)
        stage.run(start + 62, start + 70)
    keys = [each.key for each in stage.notifications]
    assert len(set(keys)) == len(keys) == 6
    group = stage.notifications[0].group
    assert keys[:3] == [f"{group}-{at(0):%Y%m%dT%H%M%S}-{end}" for end in ("firing-1", "firing-2", "resolved-3")]


def test_alerts_move_with_their_route_and_what_was_told_there_is_forgotten() -> None:
    stage = Stage(route={**OPS, "routes": [{"matchers": ["rule = slow"], "notify": [{"channel": "video"}]}]})
    stage.fire("slow", 0)
    assert stage.run(0, 1) == ["1 firing: video"]
    stage.route = OPS
    assert stage.run(2, 3) == ["2 firing: ops"]
    assert len(stage.episodes) == 1


def test_a_route_that_names_nobody_says_so() -> None:
    stage = Stage(route={})
    stage.fire("slow", 0)
    [told] = stage.look(1)
    assert (told.addresses, told.missed) == ((), ("the route {} names nobody",))


def test_the_waits_of_the_start_are_those_of_alertmanager() -> None:
    [destination] = Stage(route={}).plan.routing.tree().destinations({})
    waits = (destination.group_wait, destination.group_interval, destination.repeat_interval)
    assert waits == (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=4))


def test_of_two_routes_that_match_the_first_has_the_alert_unless_it_says_continue() -> None:
    children = [{"matchers": ["rule = slow"], "notify": [{"channel": each}]} for each in ("first", "second")]
    stage = Stage(route={**OPS, "routes": children})
    stage.fire("slow", 0)
    assert stage.run(0, 1) == ["1 firing: first"]


def test_what_comes_back_before_its_end_was_told_is_not_told_to_be_over() -> None:
    stage = Stage()
    slow = stage.fire("slow", 0)
    stage.run(0, 1)
    stage.resolve(slow, 2)
    stage.look(2)
    stage.fire("slow", 3)
    few = stage.fire("few", 3)
    assert stage.run(3, 6) == ["6 firing: ops"]
    assert stage.names(stage.notifications[-1]) == ({slow, few}, set())


def test_what_fires_again_after_its_end_was_told_is_told_again() -> None:
    stage = Stage()
    few, slow = stage.fire("few", 0), stage.fire("slow", 0)
    stage.run(0, 1)
    stage.resolve(slow, 2)
    assert stage.run(2, 6) == ["6 firing: ops"]
    stage.fire("slow", 7)
    assert stage.run(7, 11) == ["11 firing: ops"]
    assert stage.names(stage.notifications[-1]) == ({few, slow}, set())


def test_that_a_rule_cannot_be_evaluated_is_another_alert_than_what_it_watches() -> None:
    stage = Stage()
    slow = stage.fire("slow", 0)
    stage.run(0, 1)
    error = firing_alert("slow", at(2)).model_copy(update={"id": "e", "condition": Condition.ERROR})
    stage.alerts[subject_of(error)] = error
    assert stage.run(2, 6) == ["6 firing: ops"]
    assert stage.names(stage.notifications[-1]) == ({slow, "slow{} (error)"}, set())


def test_a_new_group_waits_from_the_first_of_its_alerts() -> None:
    stage = Stage()
    names = {stage.fire("few", 0), stage.fire("slow", 0.45)}
    assert stage.look(0.45) == []
    [told] = stage.look(0.5)
    assert stage.names(told)[0] == names


def test_a_group_waits_from_when_its_alert_fired_and_not_from_when_it_was_pending() -> None:
    stage = Stage()
    slow = stage.fire("slow", 10)
    stage.alerts[slow] = stage.alerts[slow].model_copy(update={"started_at": at(0)})
    assert stage.look(10) == []
    assert len(stage.look(10.5)) == 1


def test_what_is_over_before_it_was_told_is_not_among_what_is_told_to_be_over() -> None:
    stage = Stage()
    slow = stage.fire("slow", 0)
    stage.run(0, 1)
    few = stage.fire("few", 2)
    stage.look(2)
    stage.resolve(few, 3)
    stage.resolve(slow, 4)
    assert stage.run(4, 6) == ["6 resolved: ops"]
    assert stage.names(stage.notifications[-1]) == (set(), {slow})


def test_a_group_says_when_its_next_wait_is_over() -> None:
    policy = {"id": "p", "name": "P", "steps": [{"targets": [{"channel": "ops"}], "wait": "2m"}]}
    stage = Stage(route={**OPS, "policy": "p"}, policies=[policy])
    slow = stage.fire("slow", 0)
    stage.look(0)
    [episode] = stage.episodes.values()
    assert episode.next_at(at(0)) == at(0.5)
    assert episode.next_at(at(0.5)) is None
    stage.look(0.5)
    [episode] = stage.episodes.values()
    assert episode.next_at(at(0.5)) == at(2.5), "the turn of a step comes before the group's interval is over"
    stage.acknowledge(slow, 1)
    stage.look(1)
    [episode] = stage.episodes.values()
    assert episode.next_at(at(1)) == at(5.5)
