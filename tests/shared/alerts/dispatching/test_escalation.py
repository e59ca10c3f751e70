"""Until somebody answers: policies gone through for groups of alerts."""

from typing import Any

from shared.alerts.escalation import Outcome
from tests.shared.alerts.dispatching.stage import OPS, Stage

ANN = {"id": "ann", "name": "Ann", "ways": [{"channel": "mail", "address": "ann@example.com"}]}
BOB = {
    "id": "bob",
    "name": "Bob",
    "ways": [{"channel": "mail", "address": "bob@example.com"}, {"channel": "sms", "severities": ["critical"]}],
}
STEPS: list[dict[str, Any]] = [
    {"targets": [{"person": "ann"}], "wait": "5m"},
    {"targets": [{"person": "bob"}, {"channel": "ops"}], "wait": "10m"},
]
POLICY = {"id": "video", "name": "Video", "steps": STEPS}


def stage(policy: dict[str, Any] = POLICY, **route: Any) -> Stage:
    return Stage(
        route={"policy": "video", "group_by": [], "group_wait": "0s", **route}, policies=[policy], contacts=[ANN, BOB]
    )


def telling(target: dict[str, Any]) -> Stage:
    """A route that tells somebody, and has no policy."""
    return Stage(route={"notify": [target], "group_by": [], "group_wait": "0s"}, contacts=[ANN, BOB])


def test_the_steps_have_their_turns_one_at_a_time_and_then_it_is_over() -> None:
    played = stage()
    played.fire("slow", 0)
    assert played.run(0, 200) == ["0 escalation: ann/mail", "5 escalation: bob/mail, ops"]
    [episode] = played.episodes.values()
    assert episode.escalation is not None
    assert episode.escalation.outcome is Outcome.EXHAUSTED


def test_it_stops_when_somebody_takes_the_alert() -> None:
    played = stage()
    slow = played.fire("slow", 0)
    played.run(0, 3)
    played.acknowledge(slow, 4)
    assert played.run(4, 600) == []
    [episode] = played.episodes.values()
    assert episode.escalation is not None
    assert episode.escalation.outcome is Outcome.ACKNOWLEDGED


def test_it_stops_when_the_alert_is_over_and_those_who_were_paged_are_told() -> None:
    played = stage()
    slow = played.fire("slow", 0)
    played.run(0, 3)
    played.resolve(slow, 4)
    assert played.run(4, 600) == ["5 resolved: ann/mail"]
    assert played.episodes == {}


def test_that_it_is_over_is_told_to_all_whom_any_step_has_told_and_those_before_it_began_again() -> None:
    played = stage()
    slow = played.fire("slow", 0)
    played.run(0, 6)
    played.acknowledge(slow, 7)
    played.look(7)
    few = played.fire("few", 8)
    assert played.run(8, 10) == ["10 escalation: ann/mail"]
    played.resolve(slow, 11)
    played.resolve(few, 11)
    assert played.run(11, 15) == ["15 resolved: ann/mail, bob/mail, ops"]


def test_the_severity_is_that_of_what_nobody_has_taken() -> None:
    played = stage()
    slow = played.fire("slow", 0, "critical")
    played.fire("few", 0)
    played.look(0)
    played.acknowledge(slow, 1)
    assert played.run(1, 5) == ["5 escalation: bob/mail, ops"], "by SMS he hears of what is critical"
    assert played.notifications[-1].severity == "warning"


def test_the_severity_is_that_of_what_fires_not_of_what_is_over() -> None:
    played = Stage()
    slow = played.fire("slow", 0, "critical")
    played.fire("few", 0)
    played.look(1)
    played.resolve(slow, 2)
    assert played.run(2, 6) == ["6 firing: ops"]
    assert played.notifications[-1].severity == "warning"
    assert len(played.notifications[-1].firing) == 1


def test_that_the_route_reaches_nobody_is_told_though_the_policy_does() -> None:
    played = stage(notify=[{"person": "zoe"}])
    played.fire("slow", 0)
    assert sorted(played.run(0, 0)) == ["0 escalation: ann/mail", "0 firing: "]
    assert [each.missed for each in played.notifications] == [("zoe is no contact",), ()]


def test_it_goes_on_until_every_alert_of_the_group_is_taken() -> None:
    played = stage()
    slow, few = played.fire("slow", 0), played.fire("few", 0)
    played.look(0)
    played.acknowledge(slow, 1)
    assert played.run(1, 6) == ["5 escalation: bob/mail, ops"]
    assert played.names(played.notifications[-1]) == ({few}, set()), "it speaks of what nobody has taken"


def test_it_loops_as_often_as_it_says() -> None:
    played = stage({**POLICY, "loops": 2})
    played.fire("slow", 0)
    told = played.run(0, 200)
    assert [line.split()[0] for line in told] == ["0", "5", "15", "20", "30", "35"]
    assert [(each.step, each.round) for each in played.notifications] == [(s, r) for r in (1, 2, 3) for s in (1, 2)]


def test_an_alert_that_comes_after_the_others_were_taken_begins_it_again() -> None:
    played = stage()
    slow = played.fire("slow", 0)
    played.look(0)
    played.acknowledge(slow, 1)
    played.look(1)
    played.fire("few", 2)
    assert played.run(2, 8) == ["5 escalation: ann/mail"]


def test_an_alert_that_was_taken_and_comes_back_begins_it_again_at_once() -> None:
    played = stage()
    slow = played.fire("slow", 0)
    played.look(0)
    played.acknowledge(slow, 1)
    played.look(1)
    played.resolve(slow, 2)
    played.look(2)
    played.fire("slow", 3)
    assert played.run(3, 4) == ["3 escalation: ann/mail"]


def test_one_that_nobody_answered_begins_again_when_the_group_is_repeated() -> None:
    played = stage(repeat_interval="1h")
    played.fire("slow", 0)
    told = played.run(0, 130)
    assert [line.split()[0] for line in told] == ["0", "5", "60", "65", "120", "125"]


def test_the_group_is_told_to_the_route_besides() -> None:
    played = stage(notify=[{"channel": "log"}])
    slow = played.fire("slow", 0)
    assert played.run(0, 2) == ["0 firing: log", "0 escalation: ann/mail"]
    played.resolve(slow, 3)
    assert played.run(3, 10) == ["5 resolved: log, ann/mail"]


def test_people_are_told_by_the_ways_that_they_prefer_for_the_severity() -> None:
    played = stage({**POLICY, "steps": [{"targets": [{"person": "bob"}]}]})
    played.fire("slow", 0, "critical")
    assert played.run(0, 0) == ["0 escalation: bob/mail, bob/sms"]
    assert [each.recipient for each in played.notifications[0].addresses] == ["bob@example.com", None]


def test_that_all_is_over_is_told_to_those_who_were_on_call_when_it_fired() -> None:
    layer = {"name": "days", "people": ["ann", "bob"], "unit": "day", "starts_on": "2026-01-04", "hand_over": "12:04"}
    played = telling({"schedule": "duty"})
    played.schedules = [{"id": "duty", "name": "Duty", "layers": [layer]}]
    slow = played.fire("slow", 0)
    assert played.run(0, 4) == ["0 firing: ann/mail"]
    played.resolve(slow, 5)
    assert played.run(5, 12) == ["5 resolved: bob/mail, ann/mail"]


def test_that_all_is_over_is_told_by_the_ways_of_the_severest_that_fired() -> None:
    played = telling({"person": "bob"})
    slow, few = played.fire("slow", 0, "critical"), played.fire("few", 0)
    assert played.run(0, 0) == ["0 firing: bob/mail, bob/sms"]
    played.resolve(slow, 1)
    assert played.run(1, 5) == ["5 firing: bob/mail"]
    played.resolve(few, 6)
    assert played.run(6, 10) == ["10 resolved: bob/mail, bob/sms"]


def test_a_step_that_reaches_nobody_costs_no_time() -> None:
    played = stage({**POLICY, "steps": [{"targets": [{"person": "zoe"}, {"schedule": "none"}]}, *STEPS]})
    played.fire("slow", 0)
    assert played.run(0, 4) == ["0 escalation: ", "0 escalation: ann/mail"]
    assert played.notifications[0].missed == ("zoe is no contact", "there is no schedule none")


def test_a_step_whose_channels_are_switched_off_costs_no_time_but_is_told_all_the_same() -> None:
    played = stage({**POLICY, "steps": [{"targets": [{"channel": "gone"}, {"channel": "off"}]}, *STEPS]})
    played.channels = ["mail", "ops"]
    played.fire("slow", 0)
    assert played.run(0, 5) == ["0 escalation: gone, off", "0 escalation: ann/mail", "5 escalation: bob/mail, ops"]


def test_a_policy_that_reaches_nobody_ends_at_once_and_says_so() -> None:
    played = stage({**POLICY, "loops": 20, "steps": [{"targets": [{"person": "zoe"}]}] * 3})
    played.fire("slow", 0)
    assert len(played.run(0, 100)) == 3
    assert {each.missed for each in played.notifications} == {("zoe is no contact",)}


def test_who_is_on_call_at_the_time_of_the_step_is_told() -> None:
    layer = {"name": "days", "people": ["ann", "bob"], "unit": "day", "starts_on": "2026-01-04", "hand_over": "12:04"}
    played = stage({**POLICY, "steps": [{"targets": [{"schedule": "duty"}]}] * 2})
    played.schedules = [{"id": "duty", "name": "Duty", "layers": [layer]}]
    played.fire("slow", 0)
    assert played.run(0, 6) == ["0 escalation: ann/mail", "5 escalation: bob/mail"]


def test_while_all_is_silenced_it_waits() -> None:
    from tests.shared.alerts.dispatching.test_holding import silence

    played = stage()
    played.silences = [silence(3, 40)]
    played.fire("slow", 0)
    assert played.run(0, 60) == ["0 escalation: ann/mail", "40 escalation: bob/mail, ops"]


def test_a_policy_that_changes_meanwhile_is_followed_as_it_is_and_one_that_is_gone_ends() -> None:
    played = stage()
    played.fire("slow", 0)
    played.look(0)
    played.policies = [{**POLICY, "steps": STEPS[:1]}]
    assert played.run(1, 10) == []
    gone = stage(notify=[{"channel": "log"}])
    gone.fire("slow", 0)
    gone.look(0)
    gone.policies = []
    assert gone.run(1, 20) == []


def test_another_policy_begins_at_its_first_step() -> None:
    played = stage()
    played.fire("slow", 0)
    played.look(0)
    played.policies.append({"id": "other", "name": "Other", "steps": STEPS[1:]})
    played.route = {**played.route, "policy": "other"}
    assert played.run(1, 3) == ["1 escalation: bob/mail, ops"]


def test_the_route_of_the_group_may_also_be_the_one_that_tells() -> None:
    played = Stage(route={**OPS, "policy": "video"}, policies=[POLICY], contacts=[ANN, BOB])
    played.fire("slow", 0)
    assert played.run(0, 5) == ["1 firing: ops", "1 escalation: ann/mail"]


def test_a_clock_that_jumps_ahead_skips_no_step() -> None:
    played = stage()
    played.fire("slow", 0)
    assert played.run(0, 100, 50) == ["0 escalation: ann/mail", "50 escalation: bob/mail, ops"]
