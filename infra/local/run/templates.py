"""What a job says about its executions: read from the manifest or a request, completed with the API's defaults, overridden."""

from typing import Any

from infra.local.google_json import GoogleError, Json, duration, parse_duration
from infra.manifest import Job

DEFAULT_TIMEOUT = 600
DEFAULT_RETRIES = 3
MAX_TASKS = 10_000


def declared(job: Job) -> Json:
    """The `Job` that the manifest declares; no command: the image's own, `python -m jobs`, is run."""
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
    return {"template": {"taskCount": job.max_tasks, "template": task}}


def completed(body: Json) -> Json:
    """A `Job` of a request with defaults for what it leaves out. Raises GoogleError INVALID_ARGUMENT."""
    template = _object(body, "template")
    task = _object(template, "template")
    containers = task.get("containers")
    if not isinstance(containers, list) or len(containers) != 1 or not isinstance(containers[0], dict):
        raise GoogleError("INVALID_ARGUMENT", "job.template.template.containers: exactly one container is required")
    if not containers[0].get("image"):
        raise GoogleError("INVALID_ARGUMENT", "job.template.template.containers[0].image: is required")
    if parse_duration(task.get("timeout", duration(DEFAULT_TIMEOUT))) <= 0:
        raise GoogleError("INVALID_ARGUMENT", "job.template.template.timeout: must be positive")
    task = {"maxRetries": DEFAULT_RETRIES, "timeout": duration(DEFAULT_TIMEOUT)} | task
    template = template | {"taskCount": _task_count(template.get("taskCount")), "template": task}
    kept = ("labels", "annotations", "client", "clientVersion")
    return {key: body[key] for key in kept if key in body} | {"template": template}


def overridden(template: Json, overrides: Json) -> Json:
    """The `ExecutionTemplate` with the overrides of a `jobs:run`. Raises GoogleError INVALID_ARGUMENT."""
    task = template["template"]
    container = task["containers"][0]
    containers = overrides.get("containerOverrides", [])
    if len(containers) > 1:
        raise GoogleError("INVALID_ARGUMENT", "overrides.containerOverrides: the job has one container")
    for override in containers:
        container = _override_container(container, override)
    task = task | {"containers": [container]}
    if "timeout" in overrides:
        parse_duration(overrides["timeout"])
        task |= {"timeout": overrides["timeout"]}
    return template | {
        "template": task,
        "taskCount": _task_count(overrides.get("taskCount") or template.get("taskCount")),
    }


def _override_container(container: Json, override: Json) -> Json:
    changed: Json = {}
    if override.get("clearArgs"):
        changed["args"] = []
    if override.get("args"):
        changed["args"] = override["args"]
    if override.get("env"):
        changed["env"] = [*container.get("env", []), *override["env"]]
    return container | changed


def _task_count(value: Any) -> int:
    count = int(value or 1)
    if not 1 <= count <= MAX_TASKS:
        raise GoogleError("INVALID_ARGUMENT", f"task_count: must be between 1 and {MAX_TASKS}")
    return count


def _object(parent: Json, key: str) -> Json:
    value = parent.get(key)
    if not isinstance(value, dict):
        raise GoogleError("INVALID_ARGUMENT", f"job.{key}: is required")
    return value
