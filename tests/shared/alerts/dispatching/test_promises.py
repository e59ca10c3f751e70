"""What is so whatever happens."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.alerts import AlertState
from shared.alerts.routing import Silence
from shared.alerts.telling import NoticeKind
from tests.shared.alerts.dispatching.stage import OPS, Stage, at
from tests.shared.alerts.dispatching.test_escalation import ANN, BOB, POLICY

REPEAT, WAIT, INTERVAL = 20, 2, 6
LENGTH = 120
RULES = ("a", "b", "c")
Change = tuple[int, str, str]

changes = st.lists(
    st.tuples(st.integers(0, LENGTH), st.sampled_from(RULES), st.sampled_from(["fire", "acknowledge", "resolve"])),
    max_size=20,
)
silences = st.lists(
    st.tuples(st.integers(0, LENGTH), st.integers(1, 60), st.sampled_from(["rule = a", "rule =~ a|b", "rule =~ [bc]"])),
    max_size=3,
)
inhibitions = st.lists(
    st.sampled_from(
        [{"source": ["rule = a"], "target": ["rule = b"]}, {"source": ["rule = b"], "target": ["rule = c"]}]
    ),
    max_size=2,
)


def staged(held: list[tuple[int, int, str]], inhibited: list[dict[str, list[str]]], policy: str | None) -> Stage:
    waits = {"group_wait": f"{WAIT}m", "group_interval": f"{INTERVAL}m", "repeat_interval": f"{REPEAT}m"}
    made = {"owner": "ann", "created_at": at(0)}
    return Stage(
        route={**OPS, **waits, "policy": policy},
        inhibitions=list(inhibited),
        silences=[
            Silence.model_validate(
                {"id": f"s{n}", "matchers": [what], "starts_at": at(first), "ends_at": at(first + length), **made}
            )
            for n, (first, length, what) in enumerate(held)
        ],
        policies=[POLICY],
        contacts=[ANN, BOB],
    )


def play(stage: Stage, minute: int, events: list[Change]) -> None:
    for when, rule, what in events:
        name = f"{rule}{{}}"
        alert = stage.alerts.get(name)
        if when != minute:
            continue
        if what == "fire" and (alert is None or not alert.is_open):
            stage.fire(rule, minute)
        if what == "acknowledge" and alert is not None and alert.state is AlertState.FIRING:
            stage.acknowledge(name, minute)
        if what == "resolve" and alert is not None and alert.is_open:
            stage.resolve(name, minute)


def loud(stage: Stage) -> bool:
    """Whether an alert fires that nobody has taken and nothing holds back."""
    return any(a.state is AlertState.FIRING and not stage.suppressions[name] for name, a in stage.alerts.items())


@settings(deadline=None, max_examples=30)
@given(events=changes, held=silences, inhibited=inhibitions)
def test_nobody_waits_longer_than_the_repeat_for_news_of_what_fires(
    events: list[Change], held: list[tuple[int, int, str]], inhibited: list[dict[str, list[str]]]
) -> None:
    stage = staged(held, inhibited, None)
    silent = 0
    for minute in range(LENGTH + 1):
        play(stage, minute, events)
        told = stage.look(minute)
        silent = 0 if told or not loud(stage) else silent + 1
        assert silent <= REPEAT


@settings(deadline=None, max_examples=30)
@given(events=changes, held=silences, inhibited=inhibitions, policy=st.sampled_from([None, "video"]))
def test_what_is_told_fires_and_is_not_held_back_and_every_key_is_new(
    events: list[Change], held: list[tuple[int, int, str]], inhibited: list[dict[str, list[str]]], policy: str | None
) -> None:
    stage = staged(held, inhibited, policy)
    for minute in range(LENGTH + 1):
        play(stage, minute, events)
        for each in stage.look(minute):
            firing, resolved = stage.names(each)
            assert all(stage.alerts[name].is_open and not stage.suppressions[name] for name in firing)
            assert not any(stage.alerts[name].is_open for name in resolved)
            if each.kind is NoticeKind.ESCALATION:
                assert all(stage.alerts[name].state is AlertState.FIRING for name in firing)
    keys = [each.key for each in stage.notifications]
    assert len(set(keys)) == len(keys)


@settings(deadline=None, max_examples=30)
@given(events=changes, held=silences)
def test_a_second_look_at_the_same_time_tells_nothing(events: list[Change], held: list[tuple[int, int, str]]) -> None:
    stage = staged(held, [], "video")
    for minute in range(LENGTH + 1):
        play(stage, minute, events)
        stage.look(minute)
        assert stage.look(minute) == []


@settings(deadline=None, max_examples=30)
@given(events=changes, held=silences)
def test_an_escalation_tells_one_step_at_a_time_and_leaves_its_wait(
    events: list[Change], held: list[tuple[int, int, str]]
) -> None:
    stage = staged(held, [], "video")
    for minute in range(LENGTH + 1):
        play(stage, minute, events)
        stage.look(minute)
    pages = [each for each in stage.notifications if each.kind is NoticeKind.ESCALATION]
    for before, after in pairwise(pages):
        assert after.step in (1, (before.step or 0) + 1)
        assert after.step == 1 or after.at - before.at >= timedelta(minutes=5)


@settings(deadline=None, max_examples=30)
@given(events=changes)
def test_every_firing_that_was_told_is_told_to_be_over(events: list[Change]) -> None:
    stage = staged([], [], None)
    for minute in range(LENGTH + 1):
        play(stage, minute, events)
        stage.look(minute)
    for name, alert in stage.alerts.items():
        if alert.is_open:
            stage.resolve(name, LENGTH + 1)
    stage.run(LENGTH + 1, LENGTH + 20)
    assert stage.episodes == {}
    known: set[str] = set()
    for each in stage.notifications:
        known |= {alert_id.partition("-")[0] for alert_id in each.firing}
        known -= {alert_id.partition("-")[0] for alert_id in each.resolved}
    assert known == set()
