"""The REST API over a real server: the manifest's jobs, jobs of clients, runs by hand, Pub/Sub targets, kills."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from google.cloud import pubsub_v1

from infra.manifest import load_suite
from tests.cloud import RunningCloud, local_cloud, wait_for
from tests.infra.local.eventarc.receiver import Receiver, receiver

HTTP_JOB = {"schedule": "0 0 1 1 *", "httpTarget": {"uri": "http://127.0.0.1:1/nowhere"}}


@dataclass(frozen=True)
class Scheduler:
    """A Scheduler server. `parent` is the project and location of its jobs."""

    cloud: RunningCloud
    http: httpx.Client
    parent: str

    def create(self, job_id: str, **fields: Any) -> str:
        """Create a job; its name."""
        name = f"{self.parent}/jobs/{job_id}"
        answer = self.http.post(f"{self.parent}/jobs", json={"name": name, **HTTP_JOB, **fields})
        assert answer.status_code == 200, answer.text
        return name

    def get(self, name: str) -> dict[str, Any]:
        """A job."""
        return dict(self.http.get(name).json())

    def post(self, method: str) -> dict[str, Any]:
        """Call a custom method, such as `NAME:run`."""
        answer = self.http.post(method)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@contextmanager
def scheduler(*others: str, functions_url: str) -> Iterator[Scheduler]:
    """A Scheduler server whose manifest's jobs call that URL."""
    with (
        local_cloud("scheduler", *others, KOMPO_LOCAL_FUNCTIONS=functions_url) as cloud,
        httpx.Client(base_url=f"{cloud.env['KOMPO_LOCAL_SCHEDULER']}/v1") as http,
    ):
        yield Scheduler(cloud, http, f"projects/{cloud.project}/locations/us-central1")


@pytest.fixture(scope="module")
def functions() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture(scope="module")
def server(functions: Receiver) -> Iterator[Scheduler]:
    with scheduler("pubsub", functions_url=functions.url) as running:
        yield running


def test_the_manifests_schedules_are_jobs(server: Scheduler, functions: Receiver) -> None:
    for schedule in load_suite().schedules:
        job = server.get(f"{server.parent}/jobs/{schedule.name}")
        assert (job["schedule"], job["timeZone"], job["state"]) == (schedule.cron, schedule.timezone, "ENABLED")
        assert job["httpTarget"]["uri"] == f"{functions.url}/{schedule.function}"
        assert "scheduleTime" in job


def test_run_now_calls_the_function_as_cloud_scheduler_does(server: Scheduler, functions: Receiver) -> None:
    schedule = next(entry for entry in load_suite().schedules if entry.name == "generate-templates")
    name = f"{server.parent}/jobs/{schedule.name}"
    server.post(f"{name}:run")
    job = wait_for(lambda: "lastAttemptTime" in server.get(name) and server.get(name), "an attempt is recorded")
    (request,) = functions.at(f"/{schedule.function}")
    assert request.headers["x-cloudscheduler"] == "true"
    assert request.headers["x-cloudscheduler-jobname"] == schedule.name
    assert request.headers["x-cloudscheduler-scheduletime"].endswith("Z")
    assert job["status"] == {}


def test_a_job_is_created_listed_changed_and_deleted(server: Scheduler) -> None:
    name = server.create("made", description="first")
    assert name in [job["name"] for job in server.http.get(f"{server.parent}/jobs").json()["jobs"]]
    change = {"description": "second", "schedule": "5 5 * * *"}
    changed = server.http.patch(name, params={"updateMask": "description"}, json=change).json()
    assert (changed["description"], changed["schedule"]) == ("second", HTTP_JOB["schedule"])
    changed = server.http.patch(name, json={"timeZone": "Europe/Oslo"}).json()
    assert (changed["description"], changed["timeZone"]) == ("second", "Europe/Oslo")
    assert server.http.delete(name).json() == {}
    for answer in (server.http.get(name), server.http.delete(name), server.http.post(f"{name}:run")):
        assert (answer.status_code, answer.json()["error"]["status"]) == (404, "NOT_FOUND")


def test_what_is_sent_with_a_request_is_received(server: Scheduler, functions: Receiver) -> None:
    target = {
        "uri": f"{functions.url}/custom",
        "httpMethod": 1,
        "headers": {"Content-Type": "application/json", "X-Own": "yes"},
        "body": base64.b64encode(b'{"a": 1}').decode(),
    }
    server.post(f"{server.create('custom', httpTarget=target)}:run")
    wait_for(lambda: functions.at("/custom"), "the target is called")
    (request,) = functions.at("/custom")
    assert (request.body, request.headers["content-type"], request.headers["x-own"]) == (
        b'{"a": 1}',
        "application/json",
        "yes",
    )


@pytest.mark.parametrize(("answer", "code"), [(500, 13), (404, 5), (503, 14), (429, 8)])
def test_a_failed_attempt_leaves_its_status(server: Scheduler, functions: Receiver, answer: int, code: int) -> None:
    functions.answers[f"/failing-{answer}"] = [answer]
    name = server.create(f"failing-{answer}", httpTarget={"uri": f"{functions.url}/failing-{answer}"})
    server.post(f"{name}:run")
    wait_for(lambda: server.get(name).get("status", {}).get("code") == code, f"status {code} is recorded")


def test_a_target_that_cannot_be_reached_leaves_its_status(server: Scheduler) -> None:
    name = server.create("unreachable")
    server.post(f"{name}:run")
    wait_for(lambda: server.get(name).get("status", {}).get("code") == 14, "the attempt has failed")


def test_a_paused_job_can_still_be_run_by_hand_and_be_resumed(server: Scheduler, functions: Receiver) -> None:
    name = server.create("paused", httpTarget={"uri": f"{functions.url}/paused"})
    assert server.post(f"{name}:pause")["state"] == "PAUSED"
    server.post(f"{name}:run")
    wait_for(lambda: functions.at("/paused"), "the target is called")
    assert server.post(f"{name}:resume")["state"] == "ENABLED"


def test_a_pubsub_target_publishes_data_and_attributes(server: Scheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", server.cloud.env["PUBSUB_EMULATOR_HOST"])
    topic = f"projects/{server.cloud.project}/topics/ticks"
    subscription = f"projects/{server.cloud.project}/subscriptions/ticks"
    with pubsub_v1.PublisherClient() as publisher, pubsub_v1.SubscriberClient() as subscriber:
        publisher.create_topic(name=topic)
        subscriber.create_subscription(name=subscription, topic=topic)
        target = {"topicName": topic, "data": base64.b64encode(b"tick").decode(), "attributes": {"kind": "test"}}
        name = f"{server.parent}/jobs/publishing"
        job = {"name": name, "schedule": "0 0 1 1 *", "pubsubTarget": target}
        assert server.http.post(f"{server.parent}/jobs", json=job).status_code == 200
        server.post(f"{name}:run")
        (received,) = wait_for(
            lambda: subscriber.pull(subscription=subscription, max_messages=1).received_messages, "it is published"
        )
    assert (received.message.data, dict(received.message.attributes)) == (b"tick", {"kind": "test"})
    wait_for(lambda: server.get(name).get("status") == {}, "the attempt has succeeded")


def test_a_topic_that_is_not_there_leaves_its_status(server: Scheduler) -> None:
    name = f"{server.parent}/jobs/topicless"
    target = {"topicName": f"projects/{server.cloud.project}/topics/none", "attributes": {"a": "b"}}
    server.http.post(f"{server.parent}/jobs", json={"name": name, "schedule": "0 0 1 1 *", "pubsubTarget": target})
    server.post(f"{name}:run")
    wait_for(lambda: server.get(name).get("status", {}).get("code") == 5, "the attempt has failed")


@pytest.mark.parametrize(
    "job",
    [
        {**HTTP_JOB, "name": "projects/p/locations/elsewhere/jobs/j"},
        {"schedule": "* * * * *"},
        {**HTTP_JOB, "schedule": "every day"},
    ],
)
def test_a_job_that_is_not_well_formed_is_refused(server: Scheduler, job: dict[str, Any]) -> None:
    answer = server.http.post(f"{server.parent}/jobs", json={"name": f"{server.parent}/jobs/j"} | job)
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_a_job_without_a_name_is_given_one(server: Scheduler) -> None:
    names = {server.http.post(f"{server.parent}/jobs", json=HTTP_JOB).json()["name"] for _ in range(2)}
    assert len(names) == 2
    for name in names:
        assert server.get(name)["name"] == name
        server.http.delete(name)


def test_a_name_is_given_once(server: Scheduler) -> None:
    name = server.create("twice")
    answer = server.http.post(f"{server.parent}/jobs", json={"name": name, **HTTP_JOB})
    assert (answer.status_code, answer.json()["error"]["status"]) == (409, "ALREADY_EXISTS")


def test_jobs_their_state_and_an_accepted_run_survive_a_kill(functions: Receiver) -> None:
    with scheduler(functions_url=functions.url) as server:
        paused = f"{server.parent}/jobs/sweep-jobs"
        server.post(f"{paused}:pause")
        functions.release.clear()
        kept = server.create("kept", httpTarget={"uri": f"{functions.url}/kept"})
        server.post(f"{kept}:run")
        wait_for(lambda: functions.at("/kept"), "the first attempt is under way")
        server.cloud.kill("scheduler")
        functions.release.set()
        wait_for(lambda: server.get(kept).get("status") == {}, "the run has been made again")
        assert server.get(paused)["state"] == "PAUSED"
        assert len(functions.at("/kept")) == 2
