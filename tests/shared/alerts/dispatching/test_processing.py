"""Looks at the alerts of a deployment: everything is kept in Firestore, and what is told is queued, once."""

import json
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

import pytest

from shared.alerts import AlertManager
from shared.alerts.dispatching.store import load_episodes
from shared.alerts.telling import Hold, NoticeKind
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Conflict, InvalidInput
from shared.notifications import Email, save_channel
from tests.shared.alerts.dispatching.settings import (
    clear,
    deliveries,
    fire,
    keep,
    mail_channel,
    nothing,
    read,
    set_contact,
    set_policy,
    set_route,
)
from tests.shared.alerts.dispatching.stage import START, at

manager = AlertManager()
pytestmark = pytest.mark.usefixtures(nothing.__name__)
OPS = [{"channel": "ops"}]


def look(*minutes: float) -> None:
    for minute in minutes:
        manager.process_escalations(at(minute))


def test_a_group_is_told_and_its_alerts_know_of_it() -> None:
    mail_channel("ops", "ops@example.com")
    set_route(notify=OPS, group_by=[])
    slow, few = fire("slow"), fire("few")
    look(0, 1)
    [delivery] = deliveries()
    assert (delivery["to"], delivery["content"]["subject"]) == ("ops@example.com", "[FIRING] Few, Slow (2)")
    for alert in (slow, few):
        [told] = read(alert).notifications
        assert (told.kind, told.to, told.at, told.key) == (NoticeKind.FIRING, ("ops",), at(1), delivery["key"])


def test_what_is_over_is_told_and_its_group_is_gone() -> None:
    mail_channel("ops", "ops@example.com")
    set_route(notify=OPS)
    slow = fire("slow")
    look(0, 1)
    manager.resolve_alert(slow.id, "ann", "bigger machines")
    look(6)
    assert [each["content"]["subject"] for each in deliveries()] == ["[FIRING] Slow", "[RESOLVED] Slow"]
    assert [told.kind.value for told in read(slow).notifications] == ["firing", "resolved"]
    assert load_episodes() == {}


def test_an_escalation_goes_on_until_somebody_answers_and_all_of_it_is_in_the_history() -> None:
    mail_channel("mail")
    set_contact("ann", {"channel": "mail", "address": "ann@example.com"})
    set_contact("bob", {"channel": "mail", "address": "bob@example.com"})
    set_policy({"targets": [{"person": "ann"}]}, {"targets": [{"person": "bob"}]}, {"targets": [{"person": "ann"}]})
    set_route(policy="video")
    slow = fire("slow")
    look(0, 1, 5, 6)
    manager.acknowledge_alert(slow.id, "bob", "on it")
    look(7, 11, 16)
    assert [each["to"] for each in deliveries()] == ["ann@example.com", "bob@example.com"]
    assert [(told.step, told.to) for told in read(slow).notifications] == [(1, ("ann/mail",)), (2, ("bob/mail",))]
    assert read(slow).history[-1].comment == "on it"


def test_a_contact_and_a_whole_channel_are_told_by_the_same_message() -> None:
    mail_channel("mail", "all@example.com")
    set_contact("ann", {"channel": "mail", "address": "ann@example.com"})
    set_route(notify=[{"channel": "mail"}, {"person": "ann"}])
    fire("slow")
    look(1)
    assert [each["to"] for each in deliveries()] == ["all@example.com", "ann@example.com"]
    assert len({each["key"] for each in deliveries()}) == 1


def test_a_channel_that_is_not_there_is_in_the_history_and_keeps_nobody_from_being_told() -> None:
    mail_channel("ops", "ops@example.com")
    set_route(notify=[{"channel": "gone"}, *OPS])
    slow = fire("slow")
    look(1)
    [told] = read(slow).notifications
    assert (told.to, told.missed) == (("ops",), ("gone has no channel that reaches it",))


def test_a_channel_that_is_switched_off_reaches_nobody_and_the_next_step_has_its_turn() -> None:
    mail_channel("mail")
    save_channel("hook", START, name="Hook", config=Email(recipients=("all@example.com",)), enabled=False)
    set_contact("ann", {"channel": "mail", "address": "ann@example.com"})
    set_policy({"targets": [{"channel": "hook"}]}, {"targets": [{"person": "ann"}]})
    set_route(policy="video")
    slow = fire("slow")
    look(1)
    why = "hook is not reached: The channel is switched off: by an operator."
    assert [(told.to, told.missed) for told in read(slow).notifications] == [((), (why,)), (("ann/mail",), ())]
    assert [(each["to"], each["state"]) for each in deliveries()] == [
        ("all@example.com", "dead"),
        ("ann@example.com", "queued"),
    ]


def test_two_at_once_tell_once() -> None:
    mail_channel("ops", "ops@example.com")
    set_route(notify=OPS, group_by=["..."])
    alerts = [fire("slow", platform=f"p{number}") for number in range(20)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(look, [1] * 8))
    look(1)
    assert len(deliveries()) == 20
    assert all(len(read(alert).notifications) == 1 for alert in alerts)


class Killed(BaseException):
    """What a process does not survive."""


@contextmanager
def killed_at(call: int) -> Iterator[None]:
    """Stop what is within at the call of this number of a function of dispatching or notifications, as a kill would."""
    left = call

    def count(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal left
        if event == "call" and any(
            f"/shared/{each}/" in frame.f_code.co_filename for each in ("alerts", "notifications")
        ):
            left -= 1
            if left == 0:
                sys.setprofile(None)
                raise Killed

    threading.setprofile(count)
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def test_killed_anywhere_nothing_is_lost_and_nothing_is_told_twice() -> None:
    mail_channel("ops", "ops@example.com")
    set_route(notify=OPS, group_by=[])
    killed, call = True, 1
    while killed:
        alert_minute = call
        alert = fire("slow", at(alert_minute))
        try:
            with killed_at(call):
                look(alert_minute + 1)
            killed = False
        except Killed:
            call += 17
        look(alert_minute + 1.5)
        assert [told.kind.value for told in read(alert).notifications] == ["firing"]
        assert len(deliveries()) == 1
        clear("alert_instances", "alert_groups", "alert_notifications", "notification_deliveries")
    assert call > 100


def test_suppress_silences_this_alert_and_those_that_follow_and_no_other() -> None:
    mail_channel("ops", "ops@example.com")
    set_route(notify=OPS, group_by=["..."])
    current = now()
    slow, other = (fire("slow", current, platform=each) for each in ("mcp", "api"))
    silence = manager.suppress(slow.id, "ann", current + timedelta(hours=1), "deploying")
    assert (silence.owner, silence.comment) == ("ann", "deploying")
    dashboard = manager.get_alert_dashboard()
    assert dashboard.suppressed == 1
    held = {alert.id: [(each.by, each.id) for each in alert.suppressed_by] for alert in dashboard.open}
    assert held == {slow.id: [(Hold.SILENCE, silence.id)], other.id: []}
    manager.process_escalations(current + timedelta(minutes=2))
    assert [json.loads(each["content"]["data"])["firing"][0]["labels"] for each in deliveries()] == [
        {"platform": "api"}
    ]
    manager.process_escalations(current + timedelta(minutes=61))
    assert len(deliveries()) == 2
    assert manager.get_alert_dashboard().suppressed == 0


def test_what_is_over_is_not_suppressed_and_a_silence_ends_in_the_future() -> None:
    slow = fire("slow")
    with pytest.raises(InvalidInput):
        manager.suppress(slow.id, "ann", now() - timedelta(minutes=1))
    manager.resolve_alert(slow.id, "ann")
    with pytest.raises(Conflict):
        manager.suppress(slow.id, "ann", now() + timedelta(hours=1))


def test_one_group_that_cannot_be_told_keeps_no_other_from_it() -> None:
    mail_channel("ops", "ops@example.com")
    set_route(notify=OPS, group_by=["..."])
    keep(fire("large").model_copy(update={"detail": "x" * 500_000}))
    fire("slow")
    look(1)
    assert [each["content"]["subject"] for each in deliveries()] == ["[FIRING] Slow"]
    waiting = [each.get("sent") for each in firestore_client().collection("alert_notifications").stream()]
    assert sorted(waiting) == [False, True]


def test_a_setting_that_makes_no_sense_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    mail_channel("ops", "ops@example.com")
    set_route(notify=OPS)
    firestore_client().collection("escalation_policies").document("broken").set({"steps": 5})
    fire("slow", START)
    look(1)
    assert len(deliveries()) == 1
    assert "a setting is not valid" in caplog.text
