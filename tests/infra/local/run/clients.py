"""The official Cloud Run clients over REST, and jobs that run a line of Python."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.api_core.operation import Operation
from google.auth.credentials import AnonymousCredentials
from google.cloud import run_v2
from google.cloud.run_v2.services.executions.transports import ExecutionsRestTransport
from google.cloud.run_v2.services.jobs.transports import JobsRestTransport
from google.cloud.run_v2.services.tasks.transports import TasksRestTransport

from tests.cloud import RunningCloud, wait_for


@dataclass(frozen=True)
class RunClients:
    """The three clients of one server at `url`, and the location that their jobs are in."""

    url: str
    parent: str
    jobs: run_v2.JobsClient
    executions: run_v2.ExecutionsClient
    tasks: run_v2.TasksClient

    def create(self, job_id: str, code: str, **template: Any) -> str:
        """Create a job that runs `python -c code`; its name. `template` are fields of the task template."""
        container = run_v2.Container(image="python", command=["python", "-c"], args=[code])
        execution = {key: template.pop(key) for key in ("parallelism", "task_count") if key in template}
        job = run_v2.Job(template={**execution, "template": {"containers": [container], **template}})
        return str(self.jobs.create_job(parent=self.parent, job=job, job_id=job_id).result(timeout=5).name)

    def run(self, name: str, *args: str, **overrides: Any) -> Operation:
        """Run a job, with the arguments given in place of its own."""
        containers = [{"args": args}] if args else []
        request = {"name": name, "overrides": {"container_overrides": containers, **overrides}}
        return self.jobs.run_job(request=request)

    def finished(self, execution: str) -> run_v2.Execution:
        """The execution, once it has completed."""

        def completed() -> run_v2.Execution | None:
            found = self.executions.get_execution(name=execution)
            return found if found.completion_time else None

        return wait_for(completed, f"{execution} has completed")


def run_clients(cloud: RunningCloud) -> RunClients:
    """Clients of the cloud's Run server."""
    options: dict[str, Any] = {
        "host": cloud.env["KOMPO_RUN_ENDPOINT"].removeprefix("http://"),
        "url_scheme": "http",
        "credentials": AnonymousCredentials(),
    }
    return RunClients(
        cloud.env["KOMPO_RUN_ENDPOINT"],
        f"projects/{cloud.project}/locations/us-central1",
        run_v2.JobsClient(transport=JobsRestTransport(**options)),
        run_v2.ExecutionsClient(transport=ExecutionsRestTransport(**options)),
        run_v2.TasksClient(transport=TasksRestTransport(**options)),
    )


def is_alive(pid: int) -> bool:
    """Whether a process runs (one that has ended and only awaits its parent does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
