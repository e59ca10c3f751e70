"""Executions: tasks as processes, retried, timed out, cancelled."""

import time
import urllib.request
from pathlib import Path

import pytest
from google.api_core import exceptions
from google.cloud import run_v2
from google.longrunning import operations_pb2
from google.protobuf.duration_pb2 import Duration

from tests.cloud import wait_for
from tests.infra.local.run.clients import RunClients, is_alive

SAY_WHICH = """
import os
names = ("JOB", "EXECUTION", "TASK_INDEX", "TASK_COUNT", "TASK_ATTEMPT")
print(*(os.environ["CLOUD_RUN_" + name] for name in names))
"""
# Starts a child in the background, says both process ids, and waits for ever.
WITH_CHILD = """
import os, pathlib, subprocess, time
child = subprocess.Popen(["sleep", "1000"])
pathlib.Path(os.environ["NOTE"]).write_text(f"{os.getpid()} {child.pid}")
time.sleep(1000)
"""
NOTE_AND_WAIT = """
import os, pathlib, time
with open(os.environ["NOTE"], "a") as note:
    note.write(os.environ["ME"] + os.linesep)
while not pathlib.Path(os.environ["NOTE"] + ".go").exists():
    time.sleep(0.01)
"""


def _env(**variables: object) -> list[dict[str, object]]:
    return [{"env": [{"name": name, "value": str(value)} for name, value in variables.items()]}]


def _log(uri: str) -> str:
    with urllib.request.urlopen(uri) as response:
        return str(response.read().decode())


def _pids(note: Path) -> list[int]:
    text = wait_for(lambda: note.exists() and note.read_text(), "the task has noted its processes")
    return [int(pid) for pid in str(text).split()]


def test_a_run_is_accepted_at_once_and_its_operation_ends_with_it(run: RunClients) -> None:
    operation = run.run(run.create("accepted", "import time; time.sleep(0.3)"))
    assert not operation.done()
    execution = run.executions.get_execution(name=operation.metadata.name)
    assert execution.reconciling
    assert operation.result(timeout=10).succeeded_count == 1
    job = run.jobs.get_job(name=f"{run.parent}/jobs/accepted")
    status = run_v2.ExecutionReference.CompletionStatus
    assert job.latest_created_execution.completion_status == status.EXECUTION_SUCCEEDED
    assert job.execution_count == 1


def test_each_task_knows_its_place(run: RunClients) -> None:
    execution = run.run(run.create("placed", SAY_WHICH), task_count=3).result(timeout=10)
    short = execution.name.rpartition("/")[2]
    assert _log(execution.log_uri).splitlines() == [f"placed {short} {index} 3 0" for index in range(3)]
    tasks = list(run.tasks.list_tasks(parent=execution.name))
    assert [task.index for task in tasks] == [0, 1, 2]
    assert run.tasks.get_task(name=tasks[1].name) == tasks[1]
    assert _log(tasks[1].log_uri) == f"placed {short} 1 3 0\n"
    assert tasks[1].last_attempt_result.status.code == 0


def test_overrides_hold_for_one_execution(run: RunClients) -> None:
    name = run.create("overridden", "print('its own')", timeout=Duration(seconds=60))
    override = {"args": ["import os; print(os.environ['COLOUR'])"], "env": [{"name": "COLOUR", "value": "red"}]}
    changed = run.run(name, container_overrides=[override], timeout=Duration(seconds=5)).result(timeout=10)
    assert (_log(changed.log_uri), changed.template.timeout.total_seconds()) == ("red\n", 5)
    unchanged = run.run(name).result(timeout=10)
    assert (_log(unchanged.log_uri), unchanged.template.timeout.total_seconds()) == ("its own\n", 60)
    cleared = run.run(name, container_overrides=[{"clear_args": True}])
    assert list(cleared.metadata.template.containers[0].args) == []


def test_a_failing_task_is_tried_again_until_its_retries_are_spent(run: RunClients) -> None:
    execution = run.run(run.create("failing", SAY_WHICH + "raise SystemExit(7)", max_retries=2)).result(timeout=10)
    assert [line[-1] for line in _log(execution.log_uri).splitlines()] == ["0", "1", "2"]
    assert (execution.failed_count, execution.retried_count, execution.succeeded_count) == (1, 1, 0)
    assert execution.conditions[0].type_ == "Completed"
    assert execution.conditions[0].state == run_v2.Condition.State.CONDITION_FAILED
    assert execution.conditions[0].execution_reason == run_v2.Condition.ExecutionReason.NON_ZERO_EXIT_CODE
    (task,) = run.tasks.list_tasks(parent=execution.name)
    assert (task.retried, task.last_attempt_result.exit_code) == (2, 7)


def test_a_retry_that_succeeds_makes_the_execution_succeed(run: RunClients) -> None:
    code = "import os; raise SystemExit(os.environ['CLOUD_RUN_TASK_ATTEMPT'] == '0')"
    execution = run.run(run.create("recovering", code, max_retries=1), task_count=2).result(timeout=10)
    assert (execution.succeeded_count, execution.retried_count, execution.failed_count) == (2, 2, 0)
    assert execution.conditions[0].state == run_v2.Condition.State.CONDITION_SUCCEEDED


def test_a_task_past_its_timeout_is_ended_with_its_children(run: RunClients, tmp_path: Path) -> None:
    name = run.create("slow", WITH_CHILD, max_retries=0)
    operation = run.run(name, container_overrides=_env(NOTE=tmp_path / "pids"), timeout=Duration(seconds=1))
    pids = _pids(tmp_path / "pids")
    execution = run.finished(operation.metadata.name)
    assert execution.failed_count == 1
    (task,) = run.tasks.list_tasks(parent=execution.name)
    assert "timeout" in task.last_attempt_result.status.message
    wait_for(lambda: not any(is_alive(pid) for pid in pids), "no process is left")


def test_cancelling_ends_running_tasks_and_keeps_waiting_ones_from_starting(run: RunClients, tmp_path: Path) -> None:
    name = run.create("cancelled", WITH_CHILD, parallelism=1, task_count=3)
    operation = run.run(name, container_overrides=_env(NOTE=tmp_path / "pids"))
    pids = _pids(tmp_path / "pids")
    begun = time.monotonic()
    execution = run.executions.cancel_execution(name=operation.metadata.name).result(timeout=15)
    assert time.monotonic() - begun < 2
    assert (execution.cancelled_count, execution.running_count, execution.failed_count) == (3, 0, 0)
    assert execution.conditions[0].execution_reason == run_v2.Condition.ExecutionReason.CANCELLED
    wait_for(lambda: not any(is_alive(pid) for pid in pids), "no process is left")
    assert len(_pids(tmp_path / "pids")) == 2
    with pytest.raises(exceptions.BadRequest):
        run.executions.cancel_execution(name=execution.name)


def test_a_cancelled_task_hears_sigterm_first(run: RunClients, tmp_path: Path) -> None:
    code = """
import os, pathlib, signal, sys, time
def stop(*_):
    print("checkpoint kept", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
pathlib.Path(os.environ["NOTE"]).write_text(str(os.getpid()))
time.sleep(1000)
"""
    operation = run.run(run.create("polite", code), container_overrides=_env(NOTE=tmp_path / "pid"))
    _pids(tmp_path / "pid")
    execution = run.executions.cancel_execution(name=operation.metadata.name).result(timeout=15)
    assert execution.cancelled_count == 1
    assert _log(execution.log_uri) == "checkpoint kept\n"


def test_no_more_tasks_run_together_than_the_job_allows(run: RunClients, tmp_path: Path) -> None:
    note = tmp_path / "note"
    name = run.create("bounded", NOTE_AND_WAIT, parallelism=2, task_count=4)
    operation = run.run(name, container_overrides=_env(NOTE=note, ME="x"))
    wait_for(lambda: note.exists() and len(note.read_text().splitlines()) == 2, "two tasks run")
    assert run.executions.get_execution(name=operation.metadata.name).running_count == 2
    (tmp_path / "note.go").touch()
    assert run.finished(operation.metadata.name).succeeded_count == 4


def test_executions_past_the_machines_room_wait_in_order(run: RunClients, tmp_path: Path) -> None:
    note = tmp_path / "note"
    name = run.create("queued", NOTE_AND_WAIT)
    accepted = [run.run(name, container_overrides=_env(NOTE=note, ME=me)).metadata.name for me in range(7)]
    wait_for(lambda: note.exists() and len(note.read_text().splitlines()) == 4, "four executions run")
    status = run.executions.get_execution(name=accepted[4])
    assert status.conditions[0].state == run_v2.Condition.State.CONDITION_PENDING
    (tmp_path / "note.go").touch()
    for execution in accepted:
        run.finished(execution)
    noted = [int(line) for line in note.read_text().splitlines()]
    assert sorted(noted[:4]) == [0, 1, 2, 3]
    assert sorted(noted[4:]) == [4, 5, 6]


def test_a_command_that_does_not_exist_fails_its_task(run: RunClients) -> None:
    container = run_v2.Container(image="none", command=["/no/such/command"])
    job = run_v2.Job(template={"template": {"containers": [container], "max_retries": 0}})
    name = run.jobs.create_job(parent=run.parent, job=job, job_id="commandless").result(timeout=5).name
    execution = run.run(name).result(timeout=10)
    (task,) = run.tasks.list_tasks(parent=execution.name)
    assert task.last_attempt_result.exit_code == 127


def test_a_job_without_a_command_runs_the_images_entrypoint(run: RunClients) -> None:
    job = run_v2.Job(template={"template": {"containers": [{"image": "jobs", "args": ["--help"]}], "max_retries": 0}})
    name = run.jobs.create_job(parent=run.parent, job=job, job_id="entrypoint").result(timeout=5).name
    assert "jobs" in _log(run.run(name).result(timeout=10).log_uri)


def test_a_deleted_execution_ends(run: RunClients, tmp_path: Path) -> None:
    operation = run.run(run.create("removed", WITH_CHILD), container_overrides=_env(NOTE=tmp_path / "pids"))
    pids = _pids(tmp_path / "pids")
    run.executions.delete_execution(name=operation.metadata.name).result(timeout=5)
    with pytest.raises(exceptions.NotFound):
        run.jobs.wait_operation(operations_pb2.WaitOperationRequest(name=operation.operation.name))
    wait_for(lambda: not any(is_alive(pid) for pid in pids), "no process is left")
    with pytest.raises(exceptions.NotFound):
        run.executions.get_execution(name=operation.metadata.name)


def test_waiting_on_an_operation_answers_when_it_is_done_or_time_is_up(run: RunClients) -> None:
    operation = run.run(run.create("awaited", "import time; time.sleep(0.6)"))
    name = operation.operation.name
    early = run.jobs.wait_operation(operations_pb2.WaitOperationRequest(name=name, timeout=Duration(nanos=50_000_000)))
    assert not early.done
    assert run.jobs.wait_operation(operations_pb2.WaitOperationRequest(name=name, timeout=Duration(seconds=10))).done


def test_executions_of_all_jobs_are_listed_newest_first(run: RunClients) -> None:
    first = run.run(run.create("listed-1", "pass")).metadata.name
    second = run.run(run.create("listed-2", "pass")).metadata.name
    names = [execution.name for execution in run.executions.list_executions(parent=f"{run.parent}/jobs/-")]
    assert names.index(second) < names.index(first)
    assert [e.name for e in run.executions.list_executions(parent=f"{run.parent}/jobs/listed-1")] == [first]


@pytest.mark.parametrize("overrides", [{"task_count": 10_001}, {"container_overrides": [{}, {}]}])
def test_an_override_that_cannot_be_met_is_refused(run: RunClients, overrides: dict[str, object]) -> None:
    with pytest.raises(exceptions.BadRequest):
        run.run(f"{run.parent}/jobs/render", **overrides)


def test_running_a_job_that_is_not_there_is_refused(run: RunClients) -> None:
    with pytest.raises(exceptions.NotFound):
        run.run(f"{run.parent}/jobs/nowhere")
