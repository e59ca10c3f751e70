"""Jobs: declared in the manifest, or created, changed and deleted by clients."""

import httpx
import pytest
from google.api_core import exceptions
from google.cloud import run_v2
from google.protobuf.duration_pb2 import Duration

from infra.manifest import load_suite
from tests.infra.local.run.clients import RunClients


def _job(*containers: run_v2.Container) -> run_v2.Job:
    return run_v2.Job(template={"template": {"containers": containers}})


def test_the_manifests_jobs_exist_as_declared_in_every_project_and_location(run: RunClients) -> None:
    declared = load_suite().jobs[0]
    for parent in (run.parent, "projects/another-project/locations/europe-west1"):
        job = run.jobs.get_job(name=f"{parent}/jobs/{declared.name}")
        task = job.template.template
        assert list(task.containers[0].args) == declared.args
        assert dict(task.containers[0].resources.limits) == {"cpu": str(declared.cpu), "memory": declared.memory}
        assert task.timeout.total_seconds() == declared.timeout
        assert task.max_retries == declared.max_retries
        assert job.template.task_count == declared.max_tasks
        assert job.terminal_condition.state == run_v2.Condition.State.CONDITION_SUCCEEDED


def test_what_a_client_creates_it_reads_back_with_defaults(run: RunClients) -> None:
    job = _job(run_v2.Container(image="python", command=["true"]))
    job.labels = {"made": "here"}
    created = run.jobs.create_job(parent=run.parent, job=job, job_id="created").result(timeout=5)
    assert created == run.jobs.get_job(name=f"{run.parent}/jobs/created")
    assert created.labels == {"made": "here"}
    assert created.template.task_count == 1
    assert created.template.template.max_retries == 3
    assert created.template.template.timeout.total_seconds() == 600
    assert created.name in [listed.name for listed in run.jobs.list_jobs(parent=run.parent)]


def test_an_update_replaces_the_template_and_counts_the_generation(run: RunClients) -> None:
    job = run.jobs.get_job(name=run.create("updated", "pass", max_retries=0))
    job.template.template.timeout = Duration(seconds=30)
    updated = run.jobs.update_job(job=job).result(timeout=5)
    assert (updated.generation, updated.template.template.timeout.total_seconds()) == (2, 30)
    with pytest.raises(exceptions.Conflict):  # The etag is that of the first generation.
        run.jobs.update_job(job=job)


def test_an_update_may_make_a_missing_job_when_told_so(run: RunClients) -> None:
    job = _job(run_v2.Container(image="python", command=["true"]))
    job.name = f"{run.parent}/jobs/missing-before"
    with pytest.raises(exceptions.NotFound):
        run.jobs.update_job(job=job)
    request = run_v2.UpdateJobRequest(job=job, allow_missing=True)
    assert run.jobs.update_job(request=request).result(timeout=5).generation == 1


def test_a_deleted_job_is_gone_with_its_executions(run: RunClients) -> None:
    name = run.create("deleted", "pass")
    execution = run.run(name).result(timeout=10)
    assert run.jobs.delete_job(name=name).result(timeout=5).name == name
    for get in (lambda: run.jobs.get_job(name=name), lambda: run.executions.get_execution(name=execution.name)):
        with pytest.raises(exceptions.NotFound):
            get()


def test_validating_changes_nothing(run: RunClients) -> None:
    job = _job(run_v2.Container(image="python", command=["true"]))
    run.jobs.create_job(request=run_v2.CreateJobRequest(parent=run.parent, job=job, job_id="only", validate_only=True))
    with pytest.raises(exceptions.NotFound):
        run.jobs.get_job(name=f"{run.parent}/jobs/only")


def test_lists_come_in_pages(run: RunClients) -> None:
    parent = "projects/paged/locations/us-central1"
    for index in range(5):
        job = _job(run_v2.Container(image="python", command=["true"]))
        run.jobs.create_job(parent=parent, job=job, job_id=f"job-{index}")
    pages = list(run.jobs.list_jobs(request=run_v2.ListJobsRequest(parent=parent, page_size=2)).pages)
    lengths = [len(page.jobs) for page in pages]
    assert sum(lengths) == 5 + len(load_suite().jobs)
    assert set(lengths[:-1]) == {2}
    with pytest.raises(exceptions.BadRequest):
        run.jobs.list_jobs(request=run_v2.ListJobsRequest(parent=parent, page_token="not a token"))


@pytest.mark.parametrize(
    ("job_id", "job"),
    [
        ("Upper", _job(run_v2.Container(image="python"))),
        ("no-container", _job()),
        ("no-image", _job(run_v2.Container(command=["true"]))),
        ("two", _job(run_v2.Container(image="a"), run_v2.Container(image="b"))),
    ],
)
def test_a_job_that_cannot_be_run_is_refused(run: RunClients, job_id: str, job: run_v2.Job) -> None:
    with pytest.raises(exceptions.BadRequest):
        run.jobs.create_job(parent=run.parent, job=job, job_id=job_id)


def test_a_name_is_given_once(run: RunClients) -> None:
    with pytest.raises(exceptions.Conflict):
        run.create("render", "pass")


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("jobs?jobId=bad", b"not json"),
        ("jobs?jobId=bad", b"[]"),
        ("jobs?jobId=bad", b'{"template": 1}'),
        ("jobs?jobId=bad", b'{"template": {"template": {"containers": [{"image": "i", "args": "no list"}]}}}'),
        ("jobs?jobId=bad", b'{"template": {"template": {"containers": [{"image": "i"}], "timeout": "soon"}}}'),
        ("jobs/render:run", b'{"overrides": []}'),
        ("jobs/render:run", b'{"overrides": {"containerOverrides": [{"env": [{"value": "nameless"}]}]}}'),
        ("jobs/render:run", b'{"overrides": {"timeout": "0s"}}'),
        ("jobs/render:run", b"[" * 100_000),
    ],
)
def test_a_malformed_body_is_refused_and_what_is_wrong_named(run: RunClients, method: str, body: bytes) -> None:
    answer = httpx.post(f"{run.url}/v2/{run.parent}/{method}", content=body)
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_a_body_past_the_limit_is_refused(run: RunClients) -> None:
    answer = httpx.post(f"{run.url}/v2/{run.parent}/jobs?jobId=bad", content=b" " * (2 << 20))
    assert answer.status_code == 413


def test_what_is_not_there_is_answered_as_google_does(run: RunClients) -> None:
    answer = httpx.get(f"{run.url}/v2/nothing")
    assert (answer.status_code, answer.json()["error"]["status"]) == (404, "NOT_FOUND")
