"""Routes, silences, policies, schedules and contacts over HTTP: operators set them, and are told where they are wrong."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.alerts import AlertInstance, AlertManager
from shared.core.clients import firestore_client
from shared.core.clock import now
from tests.api import User, audited
from tests.cloud import RunningCloud
from tests.functions.test_alerts import with_role
from tests.shared.alerts.dispatching.settings import clear, deliveries, fire, mail_channel, set_route

COLLECTIONS = ("alert_routing", "alert_silences", "escalation_policies", "on_call_schedules", "alert_contacts")
LAYER = {"name": "Weeks", "people": ["ann", "bob"], "startsOn": "2026-01-05", "handOver": "09:00"}
SCHEDULE = {"name": "Video", "zone": "Europe/Berlin", "layers": [LAYER]}
POLICY = {
    "name": "Video",
    "steps": [{"targets": [{"schedule": "video"}], "wait": "5m"}, {"targets": [{"channel": "ops"}]}],
}
ROUTES = {
    "route": {
        "notify": [{"channel": "ops"}],
        "routes": [
            {
                "matchers": ["severity = critical"],
                "policy": "video",
                "groupBy": ["rule", "platform"],
                "groupWait": "0s",
            },
            {"matchers": ["rule =~ quality.*"], "muteTimes": ["nights"], "repeatInterval": "1d"},
        ],
    },
    "times": [
        {"id": "nights", "zone": "Europe/Berlin", "calendars": [{"times": [{"start": "20:00", "end": "24:00"}]}]}
    ],
}


@pytest.fixture(scope="module")
def operator(suite: RunningCloud) -> User:
    return with_role(suite, "operator")


@pytest.fixture(autouse=True)
def only_what_a_test_sets(suite: RunningCloud) -> Iterator[None]:
    yield
    clear(*COLLECTIONS, "notification_channels", "notification_deliveries", "alert_groups", "alert_notifications")


@pytest.fixture
def people(operator: User) -> None:
    mail_channel("ops", "ops@example.com")
    for name in ("ann", "bob"):
        ways = [{"channel": "ops", "address": f"{name}@example.com"}]
        answer = operator.put(f"/v1/alert-contacts/{name}", {"name": name.title(), "ways": ways})
        assert answer.status_code == 201, answer.text


@pytest.fixture
def everything(operator: User, people: None) -> None:
    assert operator.put("/v1/on-call-schedules/video", SCHEDULE).status_code == 201
    assert operator.put("/v1/escalation-policies/video", POLICY).status_code == 201
    answer = operator.put("/v1/alerts/routes", ROUTES)
    assert answer.status_code == 200, answer.text


def problems(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(each["pointer"], each["detail"]) for each in answer.json()["errors"]]


def test_a_fresh_deployment_groups_by_rule_and_tells_nobody(operator: User) -> None:
    answer = operator.get("/v1/alerts/routes")
    assert answer.status_code == 200
    assert answer.json()["route"]["notify"] is None
    [arrival] = operator.post("/v1/alerts/routes:match", {"labels": {"rule": "slow"}}).json()["items"]
    assert (arrival["groupLabels"], arrival["groupWait"], arrival["repeatInterval"]) == ({"rule": "slow"}, "30s", "4h")


def test_routes_come_back_as_they_were_set_and_say_where_an_alert_arrives(operator: User, everything: None) -> None:
    routes = operator.get("/v1/alerts/routes").json()
    assert routes["route"]["routes"][0]["matchers"] == ['severity="critical"']
    labels = {"rule": "slow", "severity": "critical", "platform": "mcp"}
    [arrival] = operator.post("/v1/alerts/routes:match", {"labels": labels}).json()["items"]
    assert arrival["route"] == "/route/routes/0"
    assert arrival["groupLabels"] == {"rule": "slow", "platform": "mcp"}
    assert (arrival["policy"], arrival["notify"][0]["channel"]) == ("video", "ops")


def test_two_who_change_the_routes_do_not_lose_each_others_work(operator: User, everything: None) -> None:
    etag = operator.get("/v1/alerts/routes").headers["ETag"]
    assert operator.put("/v1/alerts/routes", ROUTES, headers={"If-Match": etag}).status_code == 200
    assert operator.put("/v1/alerts/routes", ROUTES, headers={"If-Match": etag}).status_code == 412
    assert operator.delete("/v1/alerts/routes").json()["route"]["routes"] == []


@pytest.mark.parametrize(
    ("route", "pointer", "detail"),
    [
        ({"notify": [{"channel": "nowhere"}]}, "/route/notify/0/channel", "There is no channel nowhere."),
        ({"policy": "nothing"}, "/route/policy", "There is no escalation policy nothing."),
        ({"routes": [{"notify": [{"person": "zoe"}]}]}, "/route/routes/0/notify/0/person", "There is no contact zoe."),
        ({"notify": [{"person": "zoe/ann"}]}, "/route/notify/0/person", "should match"),
        ({"routes": [{"matchers": ["severity"]}]}, "/route/routes/0/matchers/0", "write a matcher like"),
        ({"routes": [{"matchers": ["rule =~ (a+)+"]}]}, "/route/routes/0/matchers/0", "a pattern repeats at most"),
        ({"groupWait": "soon"}, "/route/groupWait", "write a time like"),
        ({"repeatInterval": "1s"}, "/route/repeatInterval", "at least 1m"),
        ({"notify": [{"person": "ann", "channel": "ops"}]}, "/route/notify/0", "only one of them"),
        ({"routes": [{"muteTimes": ["never"]}]}, "", "names the times never"),
        ({"matchers": ["rule = a"]}, "", "takes every alert"),
    ],
)
def test_wrong_routes_are_refused_with_the_place(
    operator: User, people: None, route: dict[str, Any], pointer: str, detail: str
) -> None:
    found = problems(operator.put("/v1/alerts/routes", {"route": route}))
    assert any(place == pointer and detail in said for place, said in found), found


def test_a_policy_names_only_who_is_there(operator: User, people: None) -> None:
    found = problems(operator.put("/v1/escalation-policies/video", POLICY))
    assert [place for place, _ in found] == ["/steps/0/targets/0/schedule"]
    assert [place for place, _ in problems(operator.post("/v1/escalation-policies", {"name": "x", "steps": []}))] == [
        "/steps"
    ]


def test_a_schedule_says_where_it_is_wrong(operator: User, people: None) -> None:
    zone = problems(operator.put("/v1/on-call-schedules/video", {**SCHEDULE, "zone": "Europe/Nowhere"}))
    assert zone[0][0] == "/zone"
    layer = {**LAYER, "people": ["ann", "zoe"], "handOver": "25:00"}
    assert (
        problems(operator.put("/v1/on-call-schedules/video", {**SCHEDULE, "layers": [layer]}))[0][0]
        == "/layers/0/handOver"
    )
    strangers = problems(
        operator.put("/v1/on-call-schedules/video", {**SCHEDULE, "layers": [{**layer, "handOver": "09:00"}]})
    )
    assert [place for place, _ in strangers] == ["/layers/0/people/1"]
    for no_id in ("zoe/ann", "..", "", "z" * 129):
        named = problems(
            operator.put("/v1/on-call-schedules/video", {**SCHEDULE, "layers": [{**LAYER, "people": [no_id]}]})
        )
        assert named[0][0] == "/layers/0/people/0"


def test_an_address_fits_the_channel(operator: User, people: None) -> None:
    ways = [{"channel": "ops", "address": "+4915112345678"}, {"channel": "gone"}]
    found = problems(operator.put("/v1/alert-contacts/zoe", {"name": "Zoe", "ways": ways}))
    assert [place for place, _ in found] == ["/ways/1/channel", "/ways/0/address"]


@pytest.mark.parametrize(
    "address", ["zoe@exämple.de", "zöe@example.com", "<zoe@example.com>", "zoe@example.com,", None]
)
def test_an_address_that_no_message_could_go_to_is_refused_when_it_is_set(
    operator: User, people: None, address: str | None
) -> None:
    ways = [{"channel": "ops", "address": address}]
    found = problems(operator.put("/v1/alert-contacts/zoe", {"name": "Zoe", "ways": ways}))
    assert [place for place, _ in found] == ["/ways/0/address"]


def test_who_is_on_call_and_who_takes_over(operator: User, everything: None) -> None:
    answer = operator.get(
        "/v1/on-call-schedules/video/on-call", params={"at": "2026-03-30T06:59:00Z", "count": 2}
    ).json()
    assert answer["person"] == "bob", "clocks went forward the day before: 09:00 in Berlin is 07:00 in UTC"
    assert [(each["start"], each["person"]) for each in answer["handOvers"]] == [
        ("2026-03-30T07:00:00Z", "ann"),
        ("2026-04-06T07:00:00Z", "bob"),
    ]
    assert operator.get("/v1/on-call-schedules/video/on-call").json()["person"] in ("ann", "bob")


def test_somebody_stands_in(operator: User, everything: None) -> None:
    override = {"start": "2026-03-30T06:00:00Z", "end": "2026-03-30T08:00:00Z", "person": "ann"}
    assert operator.post("/v1/on-call-schedules/video/overrides", override).status_code == 201
    times = {"start": "2026-03-30T00:00:00Z", "end": "2026-03-31T00:00:00Z"}
    shifts = operator.get("/v1/on-call-schedules/video/shifts", params=times).json()["items"]
    assert [(each["start"][11:16], each["person"]) for each in shifts] == [("00:00", "bob"), ("06:00", "ann")]
    stranger = operator.post("/v1/on-call-schedules/video/overrides", {**override, "person": "zoe"})
    assert problems(stranger)[0][0] == "/person"


def test_what_is_named_is_not_deleted(operator: User, everything: None) -> None:
    refused = operator.delete("/v1/alert-contacts/ann")
    assert (refused.status_code, "the on-call schedule video" in refused.json()["detail"]) == (409, True)
    assert operator.delete("/v1/on-call-schedules/video").status_code == 409
    assert "the routes" in operator.delete("/v1/escalation-policies/video").json()["detail"]
    operator.delete("/v1/alerts/routes")
    for path in ("escalation-policies/video", "on-call-schedules/video", "alert-contacts/ann"):
        assert operator.delete(f"/v1/{path}").status_code == 204
        assert operator.get(f"/v1/{path}").status_code == 404


def test_who_changed_what_is_in_the_audit_log_but_no_address(operator: User, people: None) -> None:
    path, way = "/v1/alert-contacts/cleo", {"channel": "ops", "address": "cleo@example.com"}
    assert operator.put(path, {"name": "Cleo", "ways": [way]}).status_code == 201
    assert operator.put(path, {"name": "Cleopatra", "ways": [way]}).status_code == 200
    assert operator.delete(path).status_code == 204
    assert audited("alert_contacts/cleo") == [
        ("alert_contacts.created", operator.uid, ["id", "name", "ways"]),
        ("alert_contacts.changed", operator.uid, ["name"]),
        ("alert_contacts.deleted", operator.uid, ["id", "name", "ways"]),
    ]
    log = firestore_client().collection("audit_log").where(filter=FieldFilter("subject", "==", "alert_contacts/cleo"))
    assert "example.com" not in str([each.to_dict() for each in log.stream()])


def test_settings_are_listed_page_by_page(operator: User, everything: None) -> None:
    first = operator.get("/v1/alert-contacts", params={"limit": 1}).json()
    second = operator.get("/v1/alert-contacts", params={"limit": 1, "pageToken": first["nextPageToken"]}).json()
    assert [each["id"] for each in first["items"] + second["items"]] == ["ann", "bob"]
    assert second["nextPageToken"] is None
    for path in ("escalation-policies", "on-call-schedules"):
        assert [each["id"] for each in operator.get(f"/v1/{path}").json()["items"]] == ["video"]


def test_a_silence_is_opened_made_longer_and_ended(operator: User) -> None:
    end = now() + timedelta(hours=2)
    body = {"matchers": ["rule = slow", "platform =~ mcp|api"], "endsAt": end.isoformat(), "comment": "deploying"}
    opened = operator.post("/v1/alerts/silences", body, headers={"Idempotency-Key": "once"})
    assert opened.status_code == 201, opened.text
    silence = opened.json()
    assert (silence["owner"], silence["state"]) == (operator.uid, "active")
    assert operator.post("/v1/alerts/silences", body, headers={"Idempotency-Key": "once"}).json() == silence
    path = f"/v1/alerts/silences/{silence['id']}"
    longer = operator.call("PATCH", path, json={"endsAt": (end + timedelta(hours=1)).isoformat()})
    assert datetime.fromisoformat(longer.json()["endsAt"]).astimezone(UTC) == end + timedelta(hours=1)
    assert longer.json()["comment"] == "deploying"
    assert [each["id"] for each in operator.get("/v1/alerts/silences?current=true").json()["items"]] == [silence["id"]]
    assert operator.post(f"{path}/expire").json()["state"] == "expired"
    assert operator.get("/v1/alerts/silences?current=true").json()["items"] == []
    assert [each["state"] for each in operator.get("/v1/alerts/silences").json()["items"]] == ["expired"]
    assert operator.call("PATCH", path, json={"comment": "again"}).status_code == 409
    told = audited(f"alert_silences/{silence['id']}")
    assert [(action, by) for action, by, _ in told] == [
        (f"alert_silences.{done}", operator.uid) for done in ("created", "changed", "changed")
    ]
    assert [changed for _, _, changed in told[1:]] == [["endsAt"], ["endsAt"]]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"endsAt": "2020-01-01T00:00:00Z"}, "/endsAt"),
        ({"endsAt": "2026-01-01T00:00:00"}, "/endsAt"),
        ({"endsAt": "9999-12-31T23:59:59-12:00"}, "/endsAt"),
        ({"startsAt": "0001-01-01T00:00:00+14:00"}, "/startsAt"),
        ({"matchers": []}, "/matchers"),
        ({"matchers": ["rule != slow"]}, "/matchers"),
        ({"comment": ""}, "/comment"),
    ],
)
def test_a_silence_that_makes_no_sense_is_refused(operator: User, change: dict[str, Any], pointer: str) -> None:
    end = (now() + timedelta(hours=2)).isoformat()
    body = {"matchers": ["rule = slow"], "endsAt": end, "comment": "deploying", **change}
    assert pointer in [place for place, _ in problems(operator.post("/v1/alerts/silences", body))]


def test_an_alert_is_suppressed_and_its_history_tells_who_was_told(operator: User, everything: None) -> None:
    slow = fire(f"slow-{now():%H%M%S%f}", now() - timedelta(minutes=2), "critical")
    AlertManager().process_escalations()
    answer = operator.post(f"/v1/alerts/{slow.id}/suppress", {"minutes": 60, "comment": "known"})
    assert (answer.status_code, answer.json()["owner"]) == (201, operator.uid)
    found = {each["id"]: each for each in operator.get("/v1/alerts", params={"limit": 200}).json()["items"]}[slow.id]
    assert found["suppressedBy"] == [{"by": "silence", "id": answer.json()["id"]}]
    assert sorted(each["kind"] for each in found["notifications"]) == ["escalation", "firing"]
    assert {each["to"] for each in deliveries()} >= {"ops@example.com"}
    operator.post(f"/v1/alerts/{slow.id}/resolve", {})
    assert operator.post(f"/v1/alerts/{slow.id}/suppress", {"minutes": 5, "comment": "x"}).status_code == 409
    firestore_client().collection("alert_instances").document(slow.id).delete()


def test_every_minute_whoever_is_to_be_told_by_then_is_told(
    suite: RunningCloud, operator: User, everything: None
) -> None:
    with watched(now() - timedelta(minutes=2)) as slow:
        for _ in range(2):
            evaluate(suite)
        told = [each for each in deliveries() if slow.id in str(json.loads(each["content"]["data"])["firing"])]
        assert sorted(each["to"] for each in told)[-1] == "ops@example.com"
        assert len(told) == 2, "the channel of the route, and who is on call"


def test_a_group_that_waits_for_seconds_is_told_in_time_and_not_at_the_next_minute(
    suite: RunningCloud, people: None
) -> None:
    set_route(notify=[{"channel": "ops"}], groupWait="2s")
    with watched(now()) as slow:
        evaluate(suite)
        [told] = [each for each in deliveries() if slow.id in str(json.loads(each["content"]["data"])["firing"])]
        assert slow.fired_at is not None
        assert timedelta(seconds=2) <= told["created"] - slow.fired_at <= timedelta(seconds=20)


@contextmanager
def watched(since: datetime) -> Iterator[AlertInstance]:
    """An alert that fires since then, of a rule that finds no data and keeps it."""
    slow = fire(f"slow-{now():%H%M%S%f}", since, "critical", platform="mcp")
    rule = {
        "id": slow.rule_id,
        "name": "Slow",
        "kpi": "generation_time",
        "comparison": "above",
        "threshold": 90,
        "window": 15,
        "labels": ["platform"],
        "onNoData": "keep",
    }
    firestore_client().collection("alert_rules").document(slow.rule_id).set(rule)
    try:
        yield slow
    finally:
        firestore_client().collection("alert_rules").document(slow.rule_id).delete()
        firestore_client().collection("alert_instances").document(slow.id).delete()


def evaluate(suite: RunningCloud) -> None:
    answer = requests.post(f"{suite.env['KOMPO_LOCAL_FUNCTIONS']}/evaluate_alerts", timeout=60)
    assert answer.status_code == 200, answer.text


READS = [
    "/v1/alerts/routes",
    "/v1/alerts/silences",
    "/v1/escalation-policies",
    "/v1/on-call-schedules",
    "/v1/alert-contacts",
]


@pytest.mark.parametrize("path", READS)
def test_others_see_none_of_it(user: User, path: str) -> None:
    assert user.get(path).status_code == 403


def test_analysts_see_routes_and_silences_and_change_nothing(suite: RunningCloud) -> None:
    analyst = with_role(suite, "analyst")
    assert [analyst.get(path).status_code for path in READS] == [200, 200, 403, 403, 403]
    assert analyst.put("/v1/alerts/routes", ROUTES).status_code == 403
    assert (
        analyst.post(
            "/v1/alerts/silences", {"matchers": ["rule = a"], "endsAt": "2030-01-01T00:00:00Z", "comment": "x"}
        ).status_code
        == 403
    )
