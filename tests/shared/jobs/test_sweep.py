"""What has lost its worker is tried again after a pause, or given up; what can go better next time is; the rest is not."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from google.api_core.exceptions import ServiceUnavailable

from shared.core.clock import now
from shared.core.errors import Conflict, InvalidInput
from shared.core.ids import new_id
from shared.events import begin_generation, find_generation
from shared.jobs import Job, JobState, Worker, retry_job, sweep_jobs
from shared.jobs.failures import FIRST_DELAY
from shared.jobs.sweep import MOST_CALLS, QUEUED_TOO_LONG
from shared.media.machines import machine_of
from tests.cloud import RunningCloud, wait_for
from tests.shared.jobs.working import Killed, current, die, new_job, nothing, run, start, succeed


@pytest.fixture
def job(cloud: RunningCloud) -> Job:
    """A queued job of a new user."""
    return new_job()


def no_service(_: Worker) -> None:
    raise ServiceUnavailable("try again")


def end_the_pause(job: Job) -> None:
    job.reference.update({"nextAttempt": now() - timedelta(seconds=1)})


def lose_the_worker(job: Job, attempts: int) -> None:
    gone = {"leaseOwner": "gone", "leaseExpires": now() - timedelta(seconds=1), "attempts": attempts}
    began = {"attemptStarted": now() - timedelta(seconds=91)}
    job.reference.update({"state": "running", **gone, **began})


def test_two_transient_failures_and_then_success(job: Job) -> None:
    for attempt in (1, 2):
        before = now()
        assert run(job, no_service) is JobState.QUEUED
        waiting = current(job)
        assert (waiting.state, waiting.stage, waiting.attempts) == (JobState.QUEUED, "waiting-to-retry", attempt)
        assert waiting.next_attempt is not None
        assert waiting.next_attempt >= before + FIRST_DELAY * 2 ** (attempt - 1) / 2
        assert start(job) is None, "nobody starts it before its time"
        assert run(job, pytest.fail) is None
        sweep_jobs()
        assert current(job).next_attempt == waiting.next_attempt
        end_the_pause(job)
        assert sweep_jobs().retried >= 1
        assert start(job) is not None
    assert run(job, succeed) is JobState.SUCCEEDED
    ended = current(job)
    assert [(failure.attempt, failure.error.type) for failure in ended.failures] == [
        (1, "Unavailable"),
        (2, "Unavailable"),
    ]
    assert (ended.attempts, ended.error, ended.next_attempt) == (3, None, None)


def test_a_third_transient_failure_is_the_end(job: Job) -> None:
    for _ in range(2):
        assert run(job, no_service) is JobState.QUEUED
        end_the_pause(job)
        sweep_jobs()
    assert run(job, no_service) is JobState.FAILED
    ended = current(job)
    assert ended.error is not None
    assert (ended.error.type, len(ended.failures)) == ("Unavailable", 3)


def test_a_permanent_failure_is_not_tried_again(job: Job) -> None:
    def too_short(_: Worker) -> None:
        raise InvalidInput("The source is too short.")

    assert run(job, too_short) is JobState.FAILED
    sweep_jobs()
    ended = current(job)
    assert (ended.state, ended.attempts, ended.failures[0].transient) == (JobState.FAILED, 1, False)


def test_a_lost_worker_costs_what_it_worked_and_the_job_is_queued(job: Job) -> None:
    lose_the_worker(job, attempts=1)
    assert sweep_jobs().queued_again >= 1
    queued = current(job)
    assert (queued.state, queued.execution, queued.next_attempt) == (JobState.QUEUED, None, None)
    assert [failure.error.type for failure in queued.failures] == ["worker-lost"]
    assert queued.machine_seconds == pytest.approx(60, abs=0.5), "91 s ago it began, 31 s ago it was last heard of"
    assert queued.cost_usd == pytest.approx(machine_of("render").cost(queued.machine_seconds))


def test_the_pause_after_a_worker_was_lost_begins_at_its_death(job: Job) -> None:
    lose_the_worker(job, attempts=3)
    job.reference.update({"maxAttempts": 9})
    sweep_jobs()
    queued = current(job)
    assert queued.next_attempt is None or queued.next_attempt <= now() + timedelta(seconds=10), "30 of 20–40 s are over"


def test_the_sweeper_gives_up_after_three_attempts(job: Job) -> None:
    lose_the_worker(job, attempts=3)
    begin_generation(f"render-{job.telling_id}", "render", "ffmpeg", now())
    assert sweep_jobs().failed >= 1
    ended = current(job)
    generation = find_generation(f"render-{job.telling_id}")
    assert generation is not None
    assert (generation.state, generation.error) == ("failed", "worker-lost"), "it does not run for ever"
    assert (ended.state, ended.error and ended.error.type) == (JobState.FAILED, "worker-lost")
    assert ended.cost_usd


@pytest.fixture
def told(cloud: RunningCloud) -> Iterator[Callable[[str], dict[str, Any]]]:
    """The event of an id, once it has been told."""
    from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient

    from shared.core.settings import settings

    with SubscriberClient() as subscriber:
        path = subscriber.subscription_path(settings().project, f"told-{new_id()}")
        subscriber.create_subscription(name=path, topic=PublisherClient.topic_path(settings().project, "events"))

        def find(event_id: str) -> dict[str, Any] | None:
            pulled = subscriber.pull(subscription=path, max_messages=10, timeout=10).received_messages
            rows = [row for each in pulled for row in json.loads(each.message.data)["events"]]
            return next((row for row in rows if row["event_id"] == event_id), None)

        yield lambda event_id: wait_for(lambda: find(event_id), f"{event_id} is told of") or {}
        subscriber.delete_subscription(subscription=path)


def test_a_job_that_is_given_up_is_told_of_and_again_when_its_owner_has_it_tried_again(
    job: Job, told: Callable[[str], dict[str, Any]]
) -> None:
    """The worker that was killed cannot."""
    for event_id in (f"render-{job.id}", f"render-{job.id}-retry-1"):
        lose_the_worker(job, attempts=3)
        sweep_jobs()
        event = told(event_id)
        assert (event["event_type"], event["operation_type"]) == ("generation", "render")
        assert event["metrics"]["error_code"] == "worker-lost"
        retry_job(job.user_id, job.id)


def test_so_does_a_worker_that_comes_too_late(job: Job) -> None:
    lose_the_worker(job, attempts=3)
    assert run(job, pytest.fail) is None
    assert current(job).state is JobState.FAILED


def test_the_sweeper_leaves_a_living_worker_alone(job: Job) -> None:
    def work(worker: Worker) -> None:
        sweep_jobs()
        worker.succeed({}, nothing)

    assert run(job, work) is JobState.SUCCEEDED


def test_a_job_that_no_machine_takes_up_for_a_day_is_given_up_and_can_be_retried(job: Job) -> None:
    def lose_the_message() -> Job:
        job.reference.update({"queuedAt": now() - QUEUED_TOO_LONG - timedelta(seconds=1)})
        sweep_jobs()
        return current(job)

    assert lose_the_message().calls == 1
    assert lose_the_message().calls == 2
    job.reference.update({"calls": MOST_CALLS - 1})
    assert lose_the_message().state is JobState.QUEUED
    ended = lose_the_message()
    assert (ended.state, ended.error and ended.error.type) == (JobState.FAILED, "never-started")
    retried = retry_job(job.user_id, job.id)
    assert (retried.state, retried.calls) == (JobState.QUEUED, 0)


def test_whoever_died_while_starting_a_job_is_replaced(job: Job) -> None:
    job.reference.update({"starting": now() - timedelta(seconds=100)})
    sweep_jobs()
    assert start(job) is not None


def test_a_failed_job_gets_new_attempts_when_its_owner_wants(job: Job) -> None:
    with pytest.raises(Conflict, match="queued"):
        retry_job(job.user_id, job.id)
    lose_the_worker(job, attempts=3)
    sweep_jobs()
    cost = current(job).cost_usd
    assert cost
    again = retry_job(job.user_id, job.id)
    assert (again.state, again.attempts, again.error, again.finished) == (JobState.QUEUED, 0, None, None)
    assert start(job) is not None
    assert run(job, succeed) is JobState.SUCCEEDED
    ended = current(job)
    assert [failure.error.type for failure in ended.failures] == ["worker-lost"]
    assert ended.cost_usd is not None
    assert ended.cost_usd >= cost


def test_an_attempt_after_a_kill_says_what_became_of_the_one_before(job: Job) -> None:
    with pytest.raises(Killed):
        run(job, die, "execution-1")
    assert run(job, succeed, "execution-1") is JobState.SUCCEEDED
    assert [failure.error.type for failure in current(job).failures] == ["worker-lost"]
