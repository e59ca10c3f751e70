"""A job has one worker at a time, ends once, and is never left running without anybody."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.core import outbox
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Conflict, InvalidInput, NotFound
from shared.core.ids import new_id
from shared.jobs import (
    Job,
    JobError,
    JobKind,
    JobState,
    Priority,
    Worker,
    cancel_job,
    create_job,
    get_job,
    list_jobs,
    priority_of,
    run_leased,
    sweep_jobs,
)
from tests.cloud import RunningCloud, wait_for


@pytest.fixture
def job(cloud: RunningCloud) -> Job:
    """A queued job of a new user."""
    return create_job(new_id(), JobKind.RENDER, {"kompositionId": "k"}, Priority.HIGH, new_id())


def nothing(*_: Any) -> list[outbox.Message]:
    return []


def no_finish(_worker: Worker, _error: JobError) -> Callable[[Any], list[outbox.Message]]:
    return nothing


def current(job: Job) -> Job:
    return get_job(job.user_id, job.id)


def run(job: Job, work: Callable[[Worker], None], execution: str | None = None) -> JobState | None:
    return run_leased(job.user_id, job.id, work, no_finish, execution)


def test_progress_is_written_and_the_end_once(job: Job) -> None:
    def work(worker: Worker) -> None:
        worker.report(0.5, "half")
        wait_for(lambda: current(job).progress == 0.5, "the document follows", seconds=5)
        worker.succeed({"assetId": "a"}, nothing)

    assert run(job, work) is JobState.SUCCEEDED
    ended = current(job)
    assert (ended.state, ended.progress, ended.outputs) == (JobState.SUCCEEDED, 1.0, {"assetId": "a"})
    assert ended.finished is not None
    assert run(job, work) is None, "an ended job is not worked on again"


def test_an_error_of_the_domain_ends_the_job_with_its_reason(job: Job) -> None:
    def work(_: Worker) -> None:
        raise InvalidInput("The source is too short.", pointer="/segments/0")

    assert run(job, work) is JobState.FAILED
    error = current(job).error
    assert error == JobError(type="InvalidInput", detail="The source is too short.", pointer="/segments/0")


def test_two_workers_at_once_are_one(job: Job) -> None:
    started, release = threading.Event(), threading.Event()

    def slow(worker: Worker) -> None:
        started.set()
        assert release.wait(20)
        worker.succeed({}, nothing)

    first = threading.Thread(target=run, args=(job, slow, "execution-1"))
    first.start()
    assert started.wait(20)
    assert run(job, pytest.fail, "execution-2") is None
    release.set()
    first.join()
    assert current(job).attempts == 1


def test_a_worker_whose_job_is_cancelled_hears_of_it(job: Job) -> None:
    def work(worker: Worker) -> None:
        cancel_job(job.user_id, job.id)
        wait_for(lambda: worker.stopped, "the worker hears", seconds=2)
        worker.check()

    assert run(job, work) is JobState.CANCELLED
    assert current(job).state is JobState.CANCELLED


def test_a_result_that_comes_after_the_cancellation_is_not_written(job: Job) -> None:
    def work(worker: Worker) -> None:
        cancel_job(job.user_id, job.id)
        worker.succeed({"assetId": "a"}, pytest.fail)

    assert run(job, work) is JobState.CANCELLED
    assert current(job).outputs == {}


def test_the_retry_of_a_dead_worker_takes_over_at_once(job: Job) -> None:
    class Killed(BaseException):
        pass

    def dies(_: Worker) -> None:
        raise Killed

    with pytest.raises(Killed):
        run(job, dies, "execution-1")
    assert current(job).state is JobState.RUNNING
    assert run(job, lambda worker: worker.succeed({}, nothing), "execution-1") is JobState.SUCCEEDED
    assert current(job).attempts == 2


def lose_the_worker(job: Job) -> None:
    job.reference.update({"state": "running", "leaseOwner": "gone", "leaseExpires": now() - timedelta(seconds=1)})


def test_the_sweeper_queues_a_job_whose_worker_is_lost(job: Job) -> None:
    lose_the_worker(job)
    job.reference.update({"attempts": 1})
    sweep_jobs()
    assert current(job).state is JobState.QUEUED
    assert current(job).execution is None


def test_the_sweeper_gives_up_after_three_attempts(job: Job) -> None:
    lose_the_worker(job)
    job.reference.update({"attempts": 3})
    sweep_jobs()
    ended = current(job)
    assert ended.state is JobState.FAILED
    assert ended.error is not None
    assert ended.error.type == "worker-lost"


def test_the_sweeper_leaves_a_living_worker_alone(job: Job) -> None:
    def work(worker: Worker) -> None:
        sweep_jobs()
        worker.succeed({}, nothing)

    assert run(job, work) is JobState.SUCCEEDED


def test_a_job_created_twice_with_one_id_is_one_and_is_queued_once(cloud: RunningCloud) -> None:
    user = new_id()
    jobs = [create_job(user, JobKind.RENDER, {"n": n}, Priority.LOW, "same") for n in range(2)]
    assert jobs[0] == jobs[1]
    assert len(list_jobs(user, 10).items) == 1


def test_an_ended_job_cannot_be_cancelled_and_an_unknown_one_is_not_found(job: Job) -> None:
    assert run(job, lambda worker: worker.succeed({}, nothing)) is JobState.SUCCEEDED
    with pytest.raises(Conflict):
        cancel_job(job.user_id, job.id)
    with pytest.raises(NotFound):
        cancel_job(job.user_id, "nowhere")


@pytest.mark.parametrize(
    ("size", "bulk", "expected"),
    [
        (0, False, Priority.HIGH),
        (9_999_999, False, Priority.HIGH),
        (10_000_000, False, Priority.NORMAL),
        (99_999_999, False, Priority.NORMAL),
        (100_000_000, False, Priority.LOW),
        (1, True, Priority.LOW),
    ],
)
def test_the_queue_follows_from_the_size(size: int, bulk: bool, expected: Priority) -> None:
    assert priority_of(size, bulk=bulk) is expected


def test_a_message_left_in_the_outbox_is_published_later(cloud: RunningCloud) -> None:
    from google.cloud import firestore
    from google.cloud.pubsub_v1 import SubscriberClient

    from shared.core.settings import settings

    body = new_id().encode()

    @firestore.transactional
    def write_and_die(transaction: firestore.Transaction) -> outbox.Message:
        return outbox.enqueue(transaction, "jobs-dead", body)

    message: outbox.Message = write_and_die(firestore_client().transaction())
    reference = firestore_client().collection(outbox.COLLECTION).document(message.id)
    reference.update({"createdAt": now() - 2 * outbox.GRACE})
    assert outbox.publish_pending() >= 1
    assert not reference.get().exists
    with SubscriberClient() as subscriber:
        path = subscriber.subscription_path(settings().project, "jobs-dead")
        pulled = subscriber.pull(subscription=path, max_messages=100, timeout=10)
    assert body in [received.message.data for received in pulled.received_messages]
