"""A job has one worker at a time, ends once, and is never left running without anybody."""

import threading

import pytest

from shared.core import outbox
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Conflict, InvalidInput, NotFound
from shared.core.ids import new_id
from shared.events import begin_generation, find_generation
from shared.jobs import (
    Job,
    JobError,
    JobKind,
    JobState,
    Priority,
    Worker,
    cancel_job,
    create_job,
    delete_job,
    get_job,
    list_jobs,
    priority_of,
)
from shared.media.machines import machine_of
from tests.cloud import RunningCloud, wait_for
from tests.shared.jobs.working import Killed, current, die, new_job, nothing, run, succeed


@pytest.fixture
def job(cloud: RunningCloud) -> Job:
    """A queued job of a new user."""
    return new_job()


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
        begin_generation(f"render-{job.id}", "render", "ffmpeg", now())
        cancel_job(job.user_id, job.id)
        wait_for(lambda: worker.stopped, "the worker hears", seconds=2)
        worker.check()

    assert run(job, work) is JobState.CANCELLED
    assert current(job).state is JobState.CANCELLED
    generation = find_generation(f"render-{job.id}")
    assert generation is not None and generation.state == "cancelled"


def test_a_result_that_comes_after_the_cancellation_is_not_written(job: Job) -> None:
    def work(worker: Worker) -> None:
        cancel_job(job.user_id, job.id)
        worker.succeed({"assetId": "a"}, pytest.fail)

    assert run(job, work) is JobState.CANCELLED
    assert current(job).outputs == {}


def test_the_retry_of_a_dead_worker_takes_over_at_once(job: Job) -> None:
    with pytest.raises(Killed):
        run(job, die, "execution-1")
    assert current(job).state is JobState.RUNNING
    assert run(job, pytest.fail, "execution-2") is None
    assert run(job, succeed, "execution-1") is JobState.SUCCEEDED
    assert current(job).attempts == 2


def test_stages_and_the_time_that_is_left_are_told(job: Job) -> None:
    def work(worker: Worker) -> None:
        worker.plan(downloading=0.25, running=0.75)
        worker.report(1.0, "downloading")
        assert current(job).remaining_seconds is None
        began = now()

        def told() -> bool:
            worker.report((now() - began).total_seconds() / 20, "running")
            return current(job).remaining_seconds is not None

        wait_for(told, "the time left is told", seconds=10, pause=0.1)
        worker.succeed({}, nothing)

    assert run(job, work) is JobState.SUCCEEDED
    ended = current(job)
    assert [(stage.name, stage.share) for stage in ended.stages] == [("downloading", 0.25), ("running", 0.75)]
    assert (ended.stage, ended.remaining_seconds) == ("done", None)


@pytest.mark.parametrize("tasks", [1, 3])
def test_a_job_costs_the_seconds_of_its_machines(job: Job, tasks: int) -> None:
    job.reference.update({"tasks": tasks})
    seconds = []

    def work(worker: Worker) -> None:
        wait_for(lambda: worker.machine_seconds > tasks, "time passes")
        worker.succeed({}, nothing)
        seconds.append(worker.machine_seconds)

    run(job, work)
    ended = current(job)
    assert tasks < ended.machine_seconds <= seconds[0]
    assert ended.started is not None
    assert ended.finished is not None
    assert ended.machine_seconds == pytest.approx(tasks * (ended.finished - ended.started).total_seconds(), abs=0.3)
    assert ended.cost_usd == pytest.approx(ended.machine_seconds * (4 * 0.000018 + 8 * 0.000002))


def test_what_the_other_tasks_have_worked_is_added(job: Job) -> None:
    job.reference.update({"tasks": 3})

    def work(worker: Worker) -> None:
        worker.spent_by_others(3600)
        worker.succeed({}, nothing)

    run(job, work)
    assert current(job).cost_usd == pytest.approx(machine_of("render").cost(3600), rel=0.01)


def test_failed_and_cancelled_jobs_cost_too(job: Job) -> None:
    def fails(_: Worker) -> None:
        raise InvalidInput("No.")

    run(job, fails)
    assert current(job).cost_usd
    other = new_job()

    def cancelled(worker: Worker) -> None:
        cancel_job(other.user_id, other.id)
        wait_for(lambda: worker.stopped, "the worker hears", seconds=2)
        worker.check()

    run(other, cancelled)
    assert current(other).cost_usd
    assert cancel_job(other.user_id, new_job(other.user_id).id).cost_usd == 0


def test_a_job_created_twice_with_one_id_is_one_and_is_queued_once(cloud: RunningCloud) -> None:
    user = new_id()
    jobs = [create_job(user, JobKind.RENDER, {"n": n}, Priority.LOW, "same") for n in range(2)]
    assert jobs[0] == jobs[1]
    assert len(list_jobs(user, 10).items) == 1


def test_an_ended_job_cannot_be_cancelled_and_an_unknown_one_is_not_found(job: Job) -> None:
    assert run(job, succeed) is JobState.SUCCEEDED
    with pytest.raises(Conflict):
        cancel_job(job.user_id, job.id)
    with pytest.raises(NotFound):
        cancel_job(job.user_id, "nowhere")


def test_a_job_that_has_ended_can_be_struck_off_the_list(job: Job) -> None:
    with pytest.raises(Conflict, match="Cancel it first"):
        delete_job(job.user_id, job.id)
    run(job, succeed)
    part = job.reference.collection("chunks").document("1")
    part.set({"state": "done"})
    delete_job(job.user_id, job.id)
    assert not part.get().exists, "nothing is left beneath it"
    with pytest.raises(NotFound):
        get_job(job.user_id, job.id)


def test_jobs_are_listed_by_state_and_kind(cloud: RunningCloud) -> None:
    user = new_id()
    render, ended = new_job(user), new_job(user)
    operation = create_job(user, JobKind.OPERATION, {}, Priority.LOW, new_id())
    run(ended, succeed)

    def listed(state: JobState | None = None, kind: JobKind | None = None) -> list[str]:
        return [job.id for job in list_jobs(user, 10, state=state, kind=kind).items]

    assert listed() == [operation.id, ended.id, render.id]
    assert listed(kind=JobKind.RENDER) == [ended.id, render.id]
    assert listed(JobState.QUEUED) == [operation.id, render.id]
    assert listed(JobState.QUEUED, JobKind.RENDER) == [render.id]


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
