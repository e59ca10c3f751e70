"""Notifications over HTTP: operators keep channels, try them, read the log and replay it; nobody else does."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from firebase_admin import auth
from standardwebhooks import Webhook as Verifier

from shared.core.clients import firebase_app
from shared.core.clock import now
from shared.core.ids import new_id
from shared.notifications import Message, queue
from tests.api import User, audited, sign_up
from tests.cloud import RunningCloud
from tests.shared.notifications.receiver import Receiver, Reply, http_receiver
from tests.shared.notifications.secret_store import keep_secret, signing_secret

CHANNELS, DELIVERIES, TEMPLATES = (
    "/v1/notification-channels",
    "/v1/notification-deliveries",
    "/v1/notification-templates",
)
SECRET = signing_secret()


@pytest.fixture(scope="module")
def operator(suite: RunningCloud) -> User:
    user = sign_up(suite)
    auth.set_custom_user_claims(user.uid, {"roles": ["operator"]}, app=firebase_app())
    return user


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture
def hook(operator: User, receiver: Receiver) -> dict[str, Any]:
    """A webhook channel as the API tells of it."""
    config = {"kind": "webhook", "url": f"{receiver.url}/hook", "secret": keep_secret(SECRET)}
    answer = operator.post(CHANNELS, {"name": "Hook", "config": config, "maxAttempts": 1})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_an_operator_creates_changes_and_deletes_a_channel(operator: User) -> None:
    config = {"kind": "email", "recipients": ["ann@example.com"]}
    made = operator.post(CHANNELS, {"name": "On call", "config": config})
    assert made.status_code == 201, made.text
    path = f"{CHANNELS}/{made.json()['id']}"
    assert made.json()["throttle"] == [{"most": 1, "seconds": 60}]
    assert any(
        item["id"] == made.json()["id"] for item in operator.get(CHANNELS, params={"limit": 200}).json()["items"]
    )
    change = {"name": "On call", "config": config, "enabled": False}
    assert operator.put(path, change, headers={"If-Match": '"of another time"'}).status_code == 412
    changed = operator.put(path, change, headers={"If-Match": made.headers["ETag"]})
    assert (changed.status_code, changed.json()["enabled"]) == (200, False)
    assert operator.post(f"{path}:test").status_code == 409
    assert operator.delete(path).status_code == 204
    assert operator.get(path).status_code == 404
    told = audited(f"notification_channels/{made.json()['id']}")
    assert [(action, by) for action, by, _ in told] == [
        (f"notification_channels.{done}", operator.uid) for done in ("created", "changed", "deleted")
    ]
    assert told[1][2] == ["enabled"]


def test_others_see_and_do_nothing_of_it(suite: RunningCloud, user: User, hook: dict[str, Any]) -> None:
    analyst = sign_up(suite)
    auth.set_custom_user_claims(analyst.uid, {"roles": ["analyst"]}, app=firebase_app())
    path = f"{CHANNELS}/{hook['id']}"
    for nobody in (user, analyst):
        answers = [nobody.get(each).status_code for each in (CHANNELS, path, DELIVERIES, TEMPLATES)]
        answers += [nobody.post(f"{path}:{action}").status_code for action in ("test", "replay")]
        assert answers == [403] * 6
        assert nobody.put(path, {"name": "x", "config": hook["config"]}).status_code == 403
        assert nobody.put(f"{TEMPLATES}/alert", {"subject": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("config", "pointer"),
    [
        ({"kind": "webhook", "url": "https://10.0.0.1/", "secret": "notification-x"}, "/config/url"),
        ({"kind": "webhook", "url": "http://8.8.8.8/", "secret": "notification-x"}, "/config/url"),
        ({"kind": "webhook", "url": "https://a@8.8.8.8/", "secret": "notification-x"}, "/config/url"),
        ({"kind": "webhook", "url": "https://8.8.8.8/", "secret": "user-salt"}, "/config/secret"),
        ({"kind": "email", "recipients": ["a@b.example\r\nBcc: c@d.example"]}, "/config/recipients/0"),
        ({"kind": "sms", "account": "x"}, "/config/account"),
        ({"kind": "slack", "token": "notification-x"}, "/config"),
        ({"kind": "pigeon"}, "/config"),
    ],
)  # fmt: skip
def test_a_channel_that_makes_no_sense_is_refused_and_the_field_named(
    operator: User, config: dict[str, Any], pointer: str
) -> None:
    answer = operator.post(CHANNELS, {"name": "Bad", "config": config})
    assert answer.status_code == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


def test_the_test_button_says_what_came_of_it(operator: User, hook: dict[str, Any], receiver: Receiver) -> None:
    [tried] = operator.post(f"{CHANNELS}/{hook['id']}:test").json()["items"]
    assert (tried["state"], tried["attempts"][0]["answer"]) == ("delivered", "200 ok")
    [request] = receiver.requests
    assert Verifier(SECRET).verify(request.body, request.headers)["type"] == "test"
    receiver.usual = Reply(500, "down")
    [failed] = operator.post(f"{CHANNELS}/{hook['id']}:test").json()["items"]
    assert (failed["state"], failed["attempts"][0]["answer"]) == ("dead", "500 down")


def test_a_message_that_failed_is_in_the_log_and_replayed(
    suite: RunningCloud, operator: User, hook: dict[str, Any], receiver: Receiver
) -> None:
    receiver.usual = Reply(500, "down")
    [queued] = queue(Message(key=new_id(), subject="Slow", text="95 s"), [hook["id"]], at=now())
    deliver(suite)
    [dead] = operator.get(DELIVERIES, params={"channel": hook["id"], "state": "dead"}).json()["items"]
    assert (dead["id"], dead["subject"], dead["attempts"][0]["answer"]) == (queued.id, "Slow", "500 down")
    receiver.usual = Reply()
    again = operator.post(f"{DELIVERIES}/{queued.id}:replay", headers={"Idempotency-Key": new_id()})
    assert (again.status_code, again.json()["state"]) == (200, "queued")
    deliver(suite)
    assert operator.settled(f"{DELIVERIES}/{queued.id}", "state", {"delivered"})["attempts"][1]["answer"] == "200 ok"
    assert {request.headers["webhook-id"] for request in receiver.requests} == {queued.id}


def test_all_dead_letters_of_a_channel_are_replayed_at_once(
    suite: RunningCloud, operator: User, hook: dict[str, Any], receiver: Receiver
) -> None:
    receiver.usual = Reply(500)
    for _ in range(2):
        queue(Message(key=new_id(), subject="Slow", text="95 s"), [hook["id"]], at=now())
    deliver(suite)
    receiver.usual = Reply()
    assert len(operator.post(f"{CHANNELS}/{hook['id']}:replay").json()["items"]) == 2


def test_a_template_is_previewed_tried_saved_and_taken_back(operator: User) -> None:
    path = f"{TEMPLATES}/test-{int(time.time())}"
    body = {"subject": "{{ data.rank | default('no rank') }}: {{ data.who }}", "sample": {"who": "Ann"}}
    assert operator.post(f"{path}:preview", body).json()["subject"] == "no rank: Ann"
    bad = operator.put(path, {"subject": "{{ nobody }}", "html": "{% for %}"})
    assert bad.status_code == 422
    assert [error["pointer"] for error in bad.json()["errors"]] == ["/subject", "/html"]
    assert operator.get(path).status_code == 404
    saved = operator.put(path, body)
    assert (saved.status_code, saved.json()["modifiedBy"]) == (200, operator.uid)
    assert operator.get(path).json()["sample"] == {"who": "Ann"}
    assert operator.delete(path).status_code == 204
    told = audited(path.removeprefix("/v1/").replace("-", "_", 1))
    assert [(action, by) for action, by, _ in told] == [
        ("notification_templates.created", operator.uid),
        ("notification_templates.deleted", operator.uid),
    ]


def deliver(suite: RunningCloud) -> None:
    requests.post(f"{suite.env['KOMPO_LOCAL_FUNCTIONS']}/deliver_notifications", timeout=60).raise_for_status()
