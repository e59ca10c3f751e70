"""What an alert does by itself when it fires: once, not too soon again, written down, and ended with it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.alerts import AlertRule, Failure, InvalidRule, Reading, Readings, check_rule
from shared.alerts.moving import move
from shared.alerts.responses import ResponseRecord, carry_out, end_response, list_responses
from shared.alerts.routing import silences_in_force
from shared.alerts.stored import change_alert, open_alerts
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Conflict, NotFound
from shared.jobs import read_controls
from tests.cloud import RunningCloud

START = datetime(2026, 4, 30, 23, 50, tzinfo=UTC)
BAD: Readings = {(("provider", "ffmpeg"),): Reading(200.0, 10)}
GOOD: Readings = {(("provider", "ffmpeg"),): Reading(20.0, 10)}
PAUSE = {"action": "pause_provider", "dryRun": False}


@pytest.fixture(autouse=True)
def nothing_is_known(cloud: RunningCloud) -> Iterator[None]:
    client = firestore_client()
    kept = (
        "alert_rules",
        "alert_instances",
        "alert_responses",
        "alert_response_cooldowns",
        "alert_silences",
        "audit_log",
    )
    for collection in (*kept, "controls"):
        client.recursive_delete(client.collection(collection))
    yield
    client.recursive_delete(client.collection("controls"))


def rule(*responses: dict[str, Any]) -> AlertRule:
    fields = {
        "id": "slow",
        "name": "Slow",
        "kpi": "generation_time",
        "comparison": "above",
        "threshold": 90,
        "window": 15,
    }
    return AlertRule.model_validate({**fields, "labels": ["provider"], "responses": list(responses)})


def evaluated(of: AlertRule, at: datetime, seen: Readings | Failure) -> None:
    """An evaluation, as a killed evaluator leaves it: nothing that is due is done yet."""
    assert move([of], at, {of.id: seen}, list(open_alerts())).failed == []


def states() -> list[str]:
    return sorted(record.state.value for record in list_responses(20).items)


def after(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def test_an_alert_that_fires_pauses_the_provider_that_it_is_about_once() -> None:
    evaluated(rule(PAUSE), START, BAD)
    assert states() == ["due"]
    assert [carry_out(START), carry_out(START), carry_out(after(1))] == [1, 0, 0]
    assert read_controls().pause_of("ffmpeg", after(59)) == after(60)
    assert read_controls().pause_of("other", after(1)) is None
    [record] = list_responses(20).items
    assert (record.state, record.detail) == ("done", "Pause ffmpeg for 60 min.")


def test_it_ends_when_the_alert_does_or_its_time_is_over() -> None:
    evaluated(rule(PAUSE), START, BAD)
    carry_out(START)
    evaluated(rule(PAUSE), after(5), GOOD)
    assert carry_out(after(5)) == 1
    assert (states(), read_controls().pause_of("ffmpeg", after(5))) == (["ended"], None)
    stays = rule({**PAUSE, "endsWithAlert": False, "cooldown": 0})
    evaluated(stays, after(6), BAD)
    carry_out(after(6))
    evaluated(stays, after(7), GOOD)
    assert carry_out(after(7)) == 0
    assert read_controls().pause_of("ffmpeg", after(8)) == after(66)
    assert carry_out(after(66)) == 1
    assert states() == ["ended", "ended"]


def test_two_alerts_that_want_the_same_do_not_end_each_others() -> None:
    both = {**BAD, (("provider", "other"),): Reading(200.0, 10)}
    named = rule({**PAUSE, "provider": "ffmpeg", "cooldown": 0})
    evaluated(named, START, both)
    carry_out(START)
    evaluated(named, after(1), {**GOOD, (("provider", "other"),): Reading(200.0, 10)})
    carry_out(after(1))
    assert states() == ["done", "ended"]
    assert read_controls().pause_of("ffmpeg", after(2)) == after(60)


def test_a_dry_run_says_what_it_would_have_done_and_does_nothing() -> None:
    evaluated(rule({"action": "raise_job_limits", "free": 5}), START, BAD)
    carry_out(START)
    [record] = list_responses(20).items
    told = "Would have been done: Let a user have 5 (free) jobs at work at once for 60 min."
    assert (record.state, record.detail) == ("dry_run", told)
    assert read_controls().slots("free", START) == 2


def test_it_is_not_done_again_too_soon() -> None:
    for minute, seen in ((0, BAD), (1, GOOD), (30, BAD), (31, GOOD), (60, BAD)):
        evaluated(rule(PAUSE), after(minute), seen)
        carry_out(after(minute))
    assert states() == ["cooling_down", "done", "ended"]


def test_that_one_provider_was_paused_does_not_keep_another_from_it() -> None:
    evaluated(rule(PAUSE), START, {**BAD, (("provider", "other/one"),): Reading(200.0, 10)})
    carry_out(START)
    assert states() == ["done", "done"]
    controls = read_controls()
    assert [controls.pause_of(name, after(1)) for name in ("ffmpeg", "other/one")] == [after(60)] * 2


def test_limits_are_raised_and_never_lowered_and_a_device_is_preferred() -> None:
    raised = {"action": "raise_job_limits", "free": 1, "premium": 20, "dryRun": False}
    evaluated(rule(raised, {"action": "prefer_device", "device": "cpu", "dryRun": False}), START, BAD)
    assert carry_out(START) == 2
    controls = read_controls()
    assert [controls.slots(plan, START) for plan in ("free", "premium")] == [2, 20]
    assert (controls.device(START), controls.device(after(60))) == ("cpu", None)


def test_a_silence_is_opened_and_ends_with_the_alert() -> None:
    at = now().replace(second=0, microsecond=0)
    silence = rule({"action": "open_silence", "matchers": ["platform = mcp"], "dryRun": False})
    evaluated(silence, at, BAD)
    carry_out(at)
    [opened] = silences_in_force(now())
    assert [str(matcher) for matcher in opened.matchers] == ['platform="mcp"']
    assert opened.ends_at == at + timedelta(minutes=60)
    evaluated(silence, at + timedelta(minutes=1), GOOD)
    carry_out(at + timedelta(minutes=1))
    assert silences_in_force(now()) == ()
    assert states() == ["ended"]


def test_a_silence_that_a_killed_evaluator_did_not_open_is_opened_by_the_next() -> None:
    at = now().replace(second=0, microsecond=0)
    evaluated(rule({"action": "open_silence", "matchers": ["platform = mcp"], "dryRun": False}), at, BAD)
    carry_out(at)
    firestore_client().recursive_delete(firestore_client().collection("alert_silences"))
    carry_out(at + timedelta(minutes=1))
    assert len(silences_in_force(now())) == 1


def test_everything_is_in_the_audit_log_once() -> None:
    evaluated(rule(PAUSE, {"action": "prefer_device", "device": "cpu"}), START, BAD)
    for minute in (0, 0, 1, 60, 61):
        carry_out(after(minute))
    entries = [entry.to_dict() or {} for entry in firestore_client().collection("audit_log").stream()]
    told = sorted((entry["action"], entry["state"], entry["by"]) for entry in entries)
    assert told == [
        ("response.pause_provider", "done", "system"),
        ("response.pause_provider", "ended", "system"),
        ("response.prefer_device", "dry_run", "system"),
    ]


def test_an_alert_that_is_pending_or_about_missing_data_does_nothing() -> None:
    held = rule(PAUSE).model_copy(update={"hold": 5})
    evaluated(held, START, BAD)
    evaluated(held, after(1), Failure("no answer"))
    evaluated(held, after(2), Failure("no answer"))
    assert states() == []


@pytest.mark.parametrize(
    ("response", "pointer"),
    [
        ({"action": "open_silence", "matchers": ["platform is mcp"]}, "/responses/0/matchers/0"),
        ({"action": "pause_provider"}, "/responses/0/provider"),
    ],
)
def test_a_response_that_could_not_be_carried_out_is_refused(response: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidRule) as refused:
        check_rule(rule(response).model_copy(update={"labels": ("platform",)}))
    assert [error.pointer for error in refused.value.errors] == [pointer]


@pytest.mark.parametrize(
    "response",
    [
        {"action": "prefer_device"},
        {"action": "raise_job_limits", "device": "cpu"},
        {"action": "open_silence"},
        {"action": "pause_provider", "minutes": 0},
        {"action": "reboot"},
    ],
)
def test_a_response_that_makes_no_sense_is_no_response(response: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="responses"):
        rule(response)


def test_an_operator_who_resolves_the_alert_ends_it() -> None:
    evaluated(rule(PAUSE), START, BAD)
    carry_out(START)
    [alert] = [stored.alert for stored in open_alerts()]
    change_alert(alert.id, lambda found: found.resolve(after(1), "ann", "mended"))
    carry_out(after(2))
    assert (states(), read_controls().controls) == (["ended"], {})
    assert isinstance(list_responses(1).items[0], ResponseRecord)


def test_an_operator_ends_what_was_carried_out_and_nothing_else() -> None:
    evaluated(rule(PAUSE, {"action": "prefer_device", "device": "cpu"}), START, BAD)
    carry_out(START)
    by_state = {record.state.value: record.id for record in list_responses(10).items}
    assert end_response(by_state["done"], "ann").ended_by == "ann"
    assert read_controls().controls == {}
    for record_id, error in ((by_state["done"], Conflict), (by_state["dry_run"], Conflict), ("nothing", NotFound)):
        with pytest.raises(error):
            end_response(record_id, "ann")
