"""A job is started once, however often and however much at the same moment it is asked for, and with as many tasks as it has."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from google.api_core.exceptions import BadRequest
from google.cloud import run_v2

from shared.core.clients import credentials
from shared.core.ids import new_id
from shared.core.settings import settings
from shared.jobs import Job, JobKind, JobState, Priority, create_job
from shared.media.machines import machines
from tests.cloud import RunningCloud
from tests.shared.jobs.working import current, new_job, run, start, succeed


@pytest.fixture
def job(cloud: RunningCloud) -> Job:
    """A queued job of a new user."""
    return new_job()


def executions_of(job: Job) -> list[run_v2.Execution]:
    """What Cloud Run was asked to run for a job."""
    from google.cloud.run_v2.services.executions.transports import ExecutionsRestTransport

    transport = ExecutionsRestTransport(
        host=settings().run_host, url_scheme=settings().run_scheme, credentials=credentials()
    )
    name = f"projects/{settings().project}/locations/{settings().region}/jobs/{job.machine}"
    listed = run_v2.ExecutionsClient(transport=transport).list_executions(parent=name)
    return [execution for execution in listed if job.id in execution.template.containers[0].args]


def test_messages_at_the_same_moment_start_one_execution(job: Job) -> None:
    together = threading.Barrier(8)

    def message(_: int) -> str | None:
        together.wait()
        return start(job)

    with ThreadPoolExecutor(8) as pool:
        started = {name for name in pool.map(message, range(8)) if name is not None}
    [execution] = executions_of(job)
    assert started == {execution.name} == {current(job).execution}
    assert start(job) == execution.name, "a message that comes late finds it"


def test_an_ended_job_is_not_started(job: Job) -> None:
    assert run(job, succeed) is JobState.SUCCEEDED
    assert start(job) is None
    assert executions_of(job) == []


def test_a_start_that_is_refused_is_left_to_the_next_message(job: Job) -> None:
    job.reference.update({"tasks": 1_000_000})
    with pytest.raises(BadRequest):
        start(job)
    assert current(job).starting is None
    job.reference.update({"tasks": 1})
    assert start(job) is not None


def test_every_kind_of_job_has_its_machine_which_bounds_its_tasks(cloud: RunningCloud) -> None:
    assert {kind.value for kind in JobKind} == {name.removesuffix("-gpu") for name in machines()}
    with pytest.raises(ValueError, match="may have 1 tasks, not 2"):
        create_job("u", JobKind.RENDER, {}, new_job().priority, "j", tasks=2)


def test_as_many_tasks_are_started_as_the_job_has(job: Job) -> None:
    job.reference.update({"tasks": 3})
    start(job)
    [execution] = executions_of(job)
    assert execution.task_count == 3


def test_a_job_for_a_gpu_is_started_where_there_is_one_and_costs_more(cloud: RunningCloud) -> None:
    plain, fast = (
        create_job(new_id(), JobKind.TRANSCRIBE, {"params": {}}, Priority.HIGH, new_id(), gpu=gpu)
        for gpu in (False, True)
    )
    assert start(fast) is not None
    [execution] = executions_of(fast)
    assert execution.job == "transcribe-gpu"
    assert execution.template.containers[0].args[0] == "transcribe"
    assert machines()[fast.machine].cost(60) > machines()[plain.machine].cost(60)
