"""Events reach the functions that the manifest declares for them, are retried as declared, and survive a killed server."""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from cloudevents.conversion import to_binary, to_structured
from cloudevents.http import CloudEvent, from_http

from infra.local.eventarc.triggers import matches
from infra.manifest import Function, load_suite
from tests.cloud import RunningCloud, local_cloud, wait_for
from tests.infra.local.eventarc.receiver import Receiver, receiver

KILLS = 8
FINALIZED = "google.cloud.storage.object.v1.finalized"
UPLOAD = next(function for function in load_suite().functions if function.trigger.storage)
PATH = f"/{UPLOAD.name}"
_ids = itertools.count()


@dataclass(frozen=True)
class Events:
    """Sends events as a storage server does, and looks at their deliveries."""

    cloud: RunningCloud
    http: httpx.Client
    bucket: str

    def event(self, **attributes: str) -> CloudEvent:
        source = f"//storage.googleapis.com/projects/_/buckets/{self.bucket}"
        usual = {"type": FINALIZED, "source": source, "id": f"event-{next(_ids)}", "bucket": self.bucket}
        return CloudEvent(usual | attributes, {"name": "users/u/video.mp4", "size": "12"})

    def send(self, event: CloudEvent) -> str:
        headers, body = to_binary(event)
        assert self.http.post("/events", headers=headers, content=body).status_code == 202
        return str(event["id"])

    def delivery(self, event_id: str, state: str) -> dict[str, Any]:
        """The delivery of that event, once it is in that state."""

        def found() -> dict[str, Any] | None:
            listed = self.http.get("/deliveries", params={"state": state}).json()["deliveries"]
            return next((one for one in listed if one["event"]["id"] == event_id), None)

        return wait_for(found, f"{event_id} is {state}")


@pytest.fixture(scope="module")
def functions() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture(scope="module")
def events(functions: Receiver) -> Iterator[Events]:
    with eventarc(functions.url, backoff="0.05") as events:
        yield events


@contextmanager
def eventarc(functions_url: str, backoff: str) -> Iterator[Events]:
    """An Eventarc server that delivers to that URL, with the shortest pause between attempts in seconds."""
    assert UPLOAD.trigger.storage
    bucket = UPLOAD.trigger.storage.bucket
    with (
        local_cloud("eventarc", KOMPO_LOCAL_FUNCTIONS=functions_url, KOMPO_LOCAL_BACKOFF_MIN=backoff) as cloud,
        httpx.Client(base_url=cloud.env["KOMPO_LOCAL_EVENTARC"]) as http,
    ):
        yield Events(cloud, http, f"{cloud.project}-{bucket}")


def _received(functions: Receiver, event_id: str) -> list[CloudEvent]:
    return [from_http(r.headers, r.body) for r in functions.at(PATH) if r.headers["ce-id"] == event_id]


def test_an_event_is_delivered_as_it_was_sent(functions: Receiver, events: Events) -> None:
    event = events.event(subject="objects/users/u/video.mp4", time="2026-01-02T03:04:05.678Z")
    events.send(event)
    delivery = events.delivery(event["id"], "delivered")
    (received,) = _received(functions, event["id"])
    assert received == event
    assert (delivery["function"], delivery["attempts"], delivery["status"]) == (UPLOAD.name, 1, 200)


def test_a_structured_event_is_delivered_in_binary_mode(functions: Receiver, events: Events) -> None:
    headers, body = to_structured(events.event())
    assert events.http.post("/events", headers=headers, content=body).status_code == 202
    sent = json.loads(body)
    events.delivery(sent["id"], "delivered")
    (received,) = _received(functions, sent["id"])
    assert (received["type"], received["bucket"], received.data) == (FINALIZED, events.bucket, sent["data"])


def test_an_event_sent_twice_is_delivered_once(functions: Receiver, events: Events) -> None:
    event = events.event()
    events.send(event)
    events.delivery(event["id"], "delivered")
    events.send(event)
    last = events.send(events.event())
    events.delivery(last, "delivered")
    assert len(_received(functions, event["id"])) == 1


@pytest.mark.parametrize(
    "attributes",
    [
        {"type": "google.cloud.storage.object.v1.deleted"},
        {"bucket": "somebody-elses-media"},
        {"type": "org.example.other"},
    ],
)
def test_an_event_that_no_trigger_matches_is_taken_and_delivered_to_nobody(
    functions: Receiver, events: Events, attributes: dict[str, str]
) -> None:
    unmatched = events.send(events.event(**attributes))
    events.delivery(events.send(events.event()), "delivered")
    assert not _received(functions, unmatched)


def test_a_failed_delivery_is_tried_again_later_and_later(functions: Receiver, events: Events) -> None:
    functions.answers[PATH] = [500, 503, 429]
    begun = time.monotonic()
    event_id = events.send(events.event())
    delivery = events.delivery(event_id, "delivered")
    assert delivery["attempts"] == len(_received(functions, event_id)) == 4
    assert time.monotonic() - begun > 0.05 + 0.1 + 0.2


def test_a_pending_delivery_says_what_is_wrong_and_can_be_hurried(functions: Receiver) -> None:
    with eventarc(functions.url, backoff="600") as events:
        functions.answers[PATH] = [500]
        event_id = events.send(events.event())
        wait_for(lambda: events.delivery(event_id, "pending")["attempts"], "one attempt has failed")
        delivery = events.delivery(event_id, "pending")
        assert delivery["status"] == 500
        assert delivery["error"].startswith("500 ")
        assert events.http.post(f"/deliveries/{delivery['id']}:retry").status_code == 200
        events.delivery(event_id, "delivered")


def test_no_more_events_are_delivered_together_than_the_function_takes(functions: Receiver, events: Events) -> None:
    functions.release.clear()
    functions.most_together = 0
    sent = [events.send(events.event()) for _ in range(UPLOAD.concurrency * 3)]
    wait_for(lambda: functions.most_together >= UPLOAD.concurrency, "the function is busy")
    functions.release.set()
    for event_id in sent:
        events.delivery(event_id, "delivered")
    assert functions.most_together == UPLOAD.concurrency


def test_connections_are_kept(functions: Receiver, events: Events) -> None:
    sent = []
    for _ in range(UPLOAD.concurrency * 3):
        sent.append(events.send(events.event()))
        events.delivery(sent[-1], "delivered")
    connections = {r.connection for r in functions.at(PATH) if r.headers["ce-id"] in sent}
    assert len(connections) <= UPLOAD.concurrency


def test_events_wait_for_functions_that_are_not_served_yet(functions: Receiver) -> None:
    with receiver() as gone:
        pass
    with eventarc(gone.url, backoff="0.05") as events:
        event_id = events.send(events.event())
        wait_for(lambda: events.delivery(event_id, "pending")["attempts"], "an attempt has been made")
        assert events.delivery(event_id, "pending")["status"] is None


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b"{}"),
        ({"ce-id": "1", "ce-source": "s", "ce-specversion": "1.0"}, b""),
        ({"content-type": "application/cloudevents+json"}, b"not json"),
        ({"content-type": "application/cloudevents+json"}, b"[]"),
        ({"content-type": "application/cloudevents+json"}, b'{"id": "1", "source": "s", "specversion": "1.0"}'),
    ],
)
def test_what_is_no_event_is_refused(events: Events, headers: dict[str, str], body: bytes) -> None:
    answer = events.http.post("/events", headers=headers, content=body)
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_unknown_states_and_deliveries_are_refused(events: Events) -> None:
    assert events.http.get("/deliveries", params={"state": "lost"}).status_code == 400
    assert events.http.post("/deliveries/999999:retry").status_code == 404


def test_a_trigger_takes_only_its_own_kind_of_event() -> None:
    deleted = UPLOAD.model_copy(
        update={"trigger": UPLOAD.trigger.model_validate({"storage": {"bucket": "media", "event": "deleted"}})}
    )
    scheduled = next(function for function in load_suite().functions if function.trigger.schedule)

    def taken(function: Function, kind: str) -> bool:
        return matches(function, {"type": f"google.cloud.storage.object.v1.{kind}", "bucket": "p-media"}, "p")

    assert [taken(function, "deleted") for function in (UPLOAD, deleted, scheduled)] == [False, True, False]


def test_every_event_taken_is_delivered_though_the_server_is_killed_again_and_again(functions: Receiver) -> None:
    with eventarc(functions.url, backoff="0.05") as events:
        taken: list[str] = []
        over = threading.Event()
        load = threading.Thread(target=_send_until, args=(over, events, taken))
        load.start()
        for _ in range(KILLS):
            before = len(taken)
            wait_for(lambda before=before: len(taken) > before, "more events are taken")
            events.cloud.kill("eventarc")
        over.set()
        load.join()
        wait_for(lambda: not events.http.get("/deliveries?state=pending").json()["deliveries"], "none is pending")
        assert len(taken) >= KILLS
        assert set(taken) <= {request.headers["ce-id"] for request in functions.at(PATH)}


def _send_until(over: threading.Event, events: Events, taken: list[str]) -> None:
    while not over.wait(0.005):
        try:
            taken.append(events.send(events.event()))
        except httpx.TransportError:
            continue
