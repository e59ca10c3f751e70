"""What a job says about its executions: read from the manifest or a request, completed with the API's defaults, overridden."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from infra.local.google_json import Duration, Message, duration, parse_duration
from infra.manifest import Job

MAX_TASKS = 10_000
LONGEST_WAIT = 300
"""Seconds that `operations:wait` waits at most, and without a timeout."""


def _positive(text: str) -> str:
    if parse_duration(text) <= 0:
        raise ValueError("must be positive")
    return text


Timeout = Annotated[Duration, AfterValidator(_positive)]
Count = Annotated[int, Field(ge=0, le=MAX_TASKS)]
"""How many tasks; 0 says nothing."""


class EnvVar(Message):
    """An environment variable."""

    name: str
    value: str = ""


class Container(Message):
    """The container of a task; without a command, the image's own is run."""

    image: str = Field(min_length=1)
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    env: tuple[EnvVar, ...] = ()


class TaskTemplate(Message):
    """How a task is run. `timeout` is for an attempt."""

    containers: tuple[Container, ...] = Field(min_length=1, max_length=1)
    max_retries: int = Field(default=3, ge=0, le=10)
    timeout: Timeout = "600s"


class ExecutionTemplate(Message):
    """How an execution is made. `parallelism` 0 means all tasks at once."""

    template: TaskTemplate
    task_count: Count = 1
    parallelism: Count = 0


class JobBody(Message):
    """The part of a `Job` that clients set; the rest of it is output and not read."""

    model_config = ConfigDict(extra="ignore")

    template: ExecutionTemplate
    labels: dict[str, str] = Field(default={})
    annotations: dict[str, str] = Field(default={})
    client: str = ""
    client_version: str = ""
    etag: str = Field(default="", exclude=True)


class ContainerOverride(Message):
    """What is different in the container of one execution."""

    args: tuple[str, ...] = ()
    clear_args: bool = False
    env: tuple[EnvVar, ...] = ()


class Overrides(Message):
    """What is different in one execution."""

    container_overrides: tuple[ContainerOverride, ...] = Field(default=(), max_length=1)
    task_count: Count = 0
    timeout: Timeout | None = None


class RunJobRequest(Message):
    """The body of `jobs:run`."""

    etag: str = ""
    validate_only: bool = False
    overrides: Overrides = Overrides()


class CancelRequest(Message):
    """The body of `executions:cancel`."""

    etag: str = ""
    validate_only: bool = False


class WaitRequest(Message):
    """The body of `operations:wait`."""

    timeout: Duration = f"{LONGEST_WAIT}s"


def declared(job: Job) -> JobBody:
    """The `Job` that the manifest declares; who runs it says how many tasks there are, up to `max_tasks`."""
    limits = {"cpu": str(job.cpu), "memory": job.memory}
    if job.gpu:
        limits["nvidia.com/gpu"] = str(job.gpu.count)
    task = {
        "containers": [{"image": job.image, "args": job.args, "resources": {"limits": limits}}],
        "maxRetries": job.max_retries,
        "timeout": duration(job.timeout),
    }
    if job.gpu:
        task |= {"nodeSelector": {"accelerator": job.gpu.type}, "gpuZonalRedundancyDisabled": True}
    return JobBody.model_validate({"template": {"taskCount": job.max_tasks, "template": task}})


def overridden(template: ExecutionTemplate, overrides: Overrides) -> ExecutionTemplate:
    """The template of one execution."""
    task, container = template.template, template.template.containers[0]
    for override in overrides.container_overrides:
        cleared = () if override.clear_args else container.args
        changed = {"args": override.args or cleared, "env": (*container.env, *override.env)}
        container = container.model_copy(update=changed)
    task = task.model_copy(update={"containers": (container,), "timeout": overrides.timeout or task.timeout})
    count = overrides.task_count or template.task_count or 1
    return template.model_copy(update={"template": task, "task_count": count})
