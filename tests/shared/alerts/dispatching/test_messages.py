"""What people read, and what programs are sent."""

import yaml

from shared.alerts.dispatching import Notification
from shared.alerts.dispatching.messages import MOST, message_of
from shared.alerts.instances import AlertInstance, Condition
from shared.alerts.telling import NoticeKind
from shared.notifications import Parts, sample_of
from shared.notifications.templating import render as render_by
from shared.notifications.templating.kinds import default_parts
from tests.shared.alerts.dispatching.stage import Stage, at, firing_alert
from tests.shared.alerts.dispatching.test_escalation import ANN, BOB, POLICY

URL = "https://kompo.example/alerts"


def told(
    kind: NoticeKind, firing: list[AlertInstance], resolved: list[AlertInstance] | None = None, **turn: object
) -> tuple[str, str]:
    over = resolved or []
    message = message_of(notice(kind, firing, over, **turn), {each.id: each for each in firing + over}, URL)
    return message.subject, message.text


def notice(
    kind: NoticeKind, firing: list[AlertInstance], resolved: list[AlertInstance], **turn: object
) -> Notification:
    fields = {"key": "k", "group": "g", "labels": {}, "number": 1, "at": at(75), "severity": "warning"}
    ids = {"firing": [each.id for each in firing], "resolved": [each.id for each in resolved]}
    return Notification.model_validate({**fields, **ids, "kind": kind, **turn})


def test_a_message_says_what_fires_since_when_and_what_to_do() -> None:
    slow = firing_alert("slow", at(0), platform="mcp").model_copy(update={"runbook": "https://wiki.example/slow"})
    subject, text = told(NoticeKind.FIRING, [slow])
    assert subject == "[FIRING] Slow platform=mcp"
    assert text.splitlines() == [
        "Firing:",
        "- Slow (warning) platform=mcp: generation_time is 100, alert over 90, since 2026-01-05 12:00 UTC, 1 h 15 min",
        "  https://wiki.example/slow",
        "",
        URL,
    ]


def test_a_subject_has_the_names_and_the_labels_that_all_share() -> None:
    alerts = [firing_alert(name, at(0), platform="mcp", plan=plan) for name, plan in (("a", "free"), ("b", "premium"))]
    assert told(NoticeKind.FIRING, alerts)[0] == "[FIRING] A, B (2) platform=mcp"
    many = [firing_alert(name, at(0)) for name in "abcde"]
    assert told(NoticeKind.FIRING, many)[0] == "[FIRING] A, B, C and 2 more (5)"


def test_what_is_over_and_who_has_taken_what_is_in_it() -> None:
    taken = firing_alert("few", at(0)).acknowledge(at(5), "bob", "")
    over = firing_alert("slow", at(0)).resolve(at(30), "system", "")
    lines = told(NoticeKind.FIRING, [taken], [over])[1].splitlines()
    assert "  bob takes care of it" in lines
    assert lines[lines.index("Over:") + 1].endswith("since 2026-01-05 12:00 UTC, 30 min")
    assert told(NoticeKind.RESOLVED, [], [over])[0] == "[RESOLVED] Slow"


def test_the_first_step_of_a_policy_comes_with_the_alert_and_later_ones_say_that_nobody_has_answered() -> None:
    slow = firing_alert("slow", at(0))
    first = told(NoticeKind.ESCALATION, [slow], policy="video", step=1, round=1)
    again = told(NoticeKind.ESCALATION, [slow], policy="video", step=1, round=2)
    assert (first[0], again[0]) == ("[FIRING] Slow", "[NOBODY HAS ANSWERED] Slow")
    assert again[1].startswith("Step 1 of video, round 2. Acknowledge the alert to stop it.\n")


def test_that_there_are_no_data_or_an_error_is_said() -> None:
    slow = firing_alert("slow", at(0))
    assert "there are no data" in told(NoticeKind.FIRING, [slow.model_copy(update={"condition": Condition.NO_DATA})])[1]
    failed = slow.model_copy(update={"condition": Condition.ERROR, "detail": "BigQuery does not answer"})
    assert "it cannot be evaluated: BigQuery does not answer" in told(NoticeKind.FIRING, [failed])[1]


def test_of_very_many_alerts_a_message_says_how_many_more_they_are() -> None:
    many = [firing_alert("slow", at(0), platform=str(number)) for number in range(MOST + 7)]
    text = told(NoticeKind.FIRING, many)[1]
    assert (text.count("- Slow"), "- and 7 more" in text) == (MOST, True)


def test_whatever_a_query_gives_as_labels_the_message_can_be_sent() -> None:
    many = [firing_alert("slow", at(0), reason=f"{number} {'日本語<&>' * 2000}") for number in range(MOST)]
    message = message_of(notice(NoticeKind.FIRING, many, many), {each.id: each for each in many}, URL)
    render_by(message, Parts(), default_parts("alert")).check_size()
    shown = message.text.count("- Slow")
    assert 2 <= shown < 2 * MOST
    assert f"- and {MOST - shown // 2} more" in message.text
    assert message.data["leftOut"] == 2 * MOST - shown


def test_templates_are_tried_with_what_alerts_really_send() -> None:
    stage = Stage(route={"policy": "video", "group_wait": "0s"}, policies=[POLICY], contacts=[ANN, BOB])
    stage.fire("slow-generation", 0, platform="mcp")
    [notification] = stage.look(0)
    sent = message_of(notification, {alert.id: alert for alert in stage.alerts.values()}, URL).data
    sample = sample_of("alert").data
    assert shape(dict(sample)) == shape(yaml.safe_load(yaml.safe_dump(dict(sent))))


def shape(value: object) -> object:
    """Names and kinds, without the values."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value[:1]]
    return type(value).__name__
