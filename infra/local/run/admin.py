"""The Admin API's routes: requests in, resources and operations out."""

import re
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from infra.local.google_json import GoogleError, Json, errors, page, parse_duration, read_message
from infra.local.loopback import programs_only
from infra.local.run.resources import Resources, packed
from infra.local.run.runner import Runner, log_file
from infra.local.run.store import Store
from infra.local.run.templates import (
    LONGEST_WAIT,
    CancelRequest,
    JobBody,
    RunJobRequest,
    WaitRequest,
    declared,
    overridden,
)
from infra.manifest import Job

_JOB_ID = re.compile(r"[a-z]([-a-z0-9_]{0,61}[a-z0-9])?")
_LOCATION = r"/v2/{parent:projects/[^/:]+/locations/[^/:]+}"
_JOB = r"/v2/{name:projects/[^/:]+/locations/[^/:]+/jobs/[^/:]+}"
_EXECUTION = r"/v2/{name:projects/[^/:]+/locations/[^/:]+/jobs/[^/:]+/executions/[^/:]+}"
_TASK = r"/v2/{execution:projects/[^/:]+/locations/[^/:]+/jobs/[^/:]+/executions/[^/:]+}/tasks/{task}"
_OPERATION = r"/v2/{name:projects/[^/:]+/locations/[^/:]+/operations/[^/:]+}"
_LOGS = r"/logs/{name:projects/[^/:]+/locations/[^/:]+/jobs/[^/:]+/executions/[^/:]+}"


class Admin:
    """The handlers. Jobs of the manifest exist in every project and location that a client names."""

    def __init__(self, store: Store, runner: Runner, resources: Resources, manifest: list[Job], logs: Path) -> None:
        self._store = store
        self._runner = runner
        self._resources = resources
        self._declared = {job.name: declared(job).as_json() for job in manifest}
        self._provisioned: set[str] = set()
        self._logs = logs

    def application(self) -> web.Application:
        """The web application with every route of the API."""
        application = web.Application(middlewares=[errors, programs_only])
        application.add_routes(
            [
                web.get(f"{_LOCATION}/jobs", self.list_jobs),
                web.post(f"{_LOCATION}/jobs", self.create_job),
                web.get(_JOB, self.get_job),
                web.patch(_JOB, self.update_job),
                web.delete(_JOB, self.delete_job),
                web.post(f"{_JOB}:run", self.run_job),
                web.get(f"{_JOB}/executions", self.list_executions),
                web.get(_EXECUTION, self.get_execution),
                web.delete(_EXECUTION, self.delete_execution),
                web.post(f"{_EXECUTION}:cancel", self.cancel_execution),
                web.get(f"{_EXECUTION}/tasks", self.list_tasks),
                web.get(_TASK, self.get_task),
                web.get(f"{_LOCATION}/operations", self.list_operations),
                web.get(_OPERATION, self.get_operation),
                web.delete(_OPERATION, self.delete_operation),
                web.post(f"{_OPERATION}:wait", self.wait_operation),
                web.get(_LOGS, self.get_log),
            ]
        )
        application.on_startup.append(lambda _: self._runner.start())
        application.on_shutdown.append(lambda _: self._runner.stop())
        return application

    def provision(self, parent: str) -> None:
        """Make the manifest's jobs exist in `projects/P/locations/L`."""
        if parent not in self._provisioned:
            self._provisioned.add(parent)
            for name, body in self._declared.items():
                self._store.provision(f"{parent}/jobs/{name}", body)

    def _job_name(self, request: web.Request) -> str:
        name = request.match_info["name"]
        self.provision(_location(name))
        return name

    # Jobs

    async def list_jobs(self, request: web.Request) -> web.Response:
        """GET …/jobs"""
        parent = request.match_info["parent"]
        self.provision(parent)
        rows, token = page(request, self._store.jobs(parent))
        return _json({"jobs": [self._resources.job(row["name"]) for row in rows], "nextPageToken": token})

    async def get_job(self, request: web.Request) -> web.Response:
        """GET …/jobs/J"""
        return _json(self._resources.job(self._job_name(request)))

    async def create_job(self, request: web.Request) -> web.Response:
        """POST …/jobs?jobId=J"""
        parent, job_id = request.match_info["parent"], request.query.get("jobId", "")
        if not _JOB_ID.fullmatch(job_id):
            raise GoogleError("INVALID_ARGUMENT", f"Invalid job id {job_id!r}.")
        self.provision(parent)
        name, body = f"{parent}/jobs/{job_id}", (await read_message(request, JobBody)).as_json()
        return self._changed(request, "Job", name, lambda: self._store.create_job(name, body))

    async def update_job(self, request: web.Request) -> web.Response:
        """PATCH …/jobs/J: the job becomes what the body says; with allowMissing it may be new."""
        name, sent = self._job_name(request), await read_message(request, JobBody)
        body = sent.as_json()
        if request.query.get("allowMissing") == "true":
            return self._changed(request, "Job", name, lambda: self._store.provision(name, body))
        _check_etag(sent.etag, self._resources.job(name))
        return self._changed(request, "Job", name, lambda: self._store.replace_job(name, body))

    async def delete_job(self, request: web.Request) -> web.Response:
        """DELETE …/jobs/J: running executions are ended."""
        name = self._job_name(request)
        job = self._resources.job(name)
        _check_etag(request.query.get("etag"), job)
        executions = [row["name"] for row in self._store.executions(name)]
        return self._deleted(request, "Job", job, lambda: self._store.delete_job(name), executions)

    async def run_job(self, request: web.Request) -> web.Response:
        """POST …/jobs/J:run: an operation whose metadata is the new execution."""
        name, sent = self._job_name(request), await read_message(request, RunJobRequest)
        row = self._store.job(name)
        _check_etag(sent.etag, self._resources.job(name))
        job = JobBody.model_validate_json(row["body"])
        template = overridden(job.template, sent.overrides)
        if sent.validate_only:
            return _json(self._resources.operation(self._store.operation_done(name, {})))
        tasks, task = template.task_count, template.template
        parallelism = min(tasks, template.parallelism or tasks)
        _, operation = self._store.run(name, task.as_json(), tasks, parallelism, task.max_retries)
        self._runner.wake()
        return _json(self._resources.operation(operation))

    # Executions

    async def list_executions(self, request: web.Request) -> web.Response:
        """GET …/jobs/J/executions, newest first; J may be "-"."""
        rows, token = page(request, self._store.executions(_pattern(request.match_info["name"])))
        executions = [self._resources.execution(row["name"]) for row in rows]
        return _json({"executions": executions, "nextPageToken": token})

    async def get_execution(self, request: web.Request) -> web.Response:
        """GET …/executions/E"""
        return _json(self._resources.execution(request.match_info["name"]))

    async def cancel_execution(self, request: web.Request) -> web.Response:
        """POST …/executions/E:cancel: an operation that is done when all its tasks have ended."""
        name, sent = request.match_info["name"], await read_message(request, CancelRequest)
        _check_etag(sent.etag, self._resources.execution(name))
        if not sent.validate_only:
            self._store.cancel(name)
            self._runner.end(name)
        return _json(self._resources.operation(self._store.operation_of(name)))

    async def delete_execution(self, request: web.Request) -> web.Response:
        """DELETE …/executions/E: ended first if it is running."""
        name = request.match_info["name"]
        execution = self._resources.execution(name)
        _check_etag(request.query.get("etag"), execution)
        return self._deleted(request, "Execution", execution, lambda: self._store.delete_execution(name), [name])

    async def get_log(self, request: web.Request) -> web.Response:
        """GET the logUri of an execution or a task: what its tasks have written to stdout and stderr."""
        execution = self._store.execution(request.match_info["name"])
        wanted = request.query.get("task")
        numbers = range(execution["task_count"]) if wanted is None else [int(wanted)] if wanted.isdecimal() else []
        files = [log_file(self._logs, execution["name"], number) for number in numbers]
        return web.Response(
            body=b"".join(file.read_bytes() for file in files if file.exists()), content_type="text/plain"
        )

    # Tasks

    async def list_tasks(self, request: web.Request) -> web.Response:
        """GET …/executions/E/tasks; E, or both J and E, may be "-"."""
        rows, token = page(request, self._store.tasks(_pattern(request.match_info["name"])))
        return _json({"tasks": [self._resources.task(row) for row in rows], "nextPageToken": token})

    async def get_task(self, request: web.Request) -> web.Response:
        """GET …/tasks/T"""
        execution, task = request.match_info["execution"], request.match_info["task"]
        prefix, _, number = task.rpartition("-task")
        if prefix != execution.rpartition("/")[2] or not number.isdecimal():
            raise GoogleError("NOT_FOUND", f"Task {execution}/tasks/{task} was not found.")
        return _json(self._resources.task(self._store.task(execution, int(number))))

    # Operations

    async def list_operations(self, request: web.Request) -> web.Response:
        """GET …/operations, newest first"""
        rows, token = page(request, self._store.operations(request.match_info["parent"]))
        return _json({"operations": [self._resources.operation(row["name"]) for row in rows], "nextPageToken": token})

    async def get_operation(self, request: web.Request) -> web.Response:
        """GET …/operations/O"""
        return _json(self._resources.operation(request.match_info["name"]))

    async def delete_operation(self, request: web.Request) -> web.Response:
        """DELETE …/operations/O: what it waits for goes on."""
        self._store.delete_operation(request.match_info["name"])
        return _json({})

    async def wait_operation(self, request: web.Request) -> web.Response:
        """POST …/operations/O:wait: answers when it is done or `timeout` has passed."""
        name, sent = request.match_info["name"], await read_message(request, WaitRequest)
        execution = self._store.operation(name)["execution"]
        if execution is not None:
            await self._runner.completed(execution, min(parse_duration(sent.timeout), LONGEST_WAIT))
        return _json(self._resources.operation(name))

    # Answers

    def _changed(self, request: web.Request, kind: str, name: str, change: Callable[[], object]) -> web.Response:
        if request.query.get("validateOnly") == "true":
            return _json(self._resources.operation(self._store.operation_done(name, {})))
        change()
        resource = packed(kind, self._resources.job(name))
        done = self._store.operation_done(name, {"metadata": resource, "response": resource})
        return _json(self._resources.operation(done))

    def _deleted(
        self, request: web.Request, kind: str, resource: Json, delete: Callable[[], None], executions: list[str]
    ) -> web.Response:
        if request.query.get("validateOnly") != "true":
            delete()
            for execution in executions:
                self._runner.remove(execution)
        last = packed(kind, resource)
        done = self._store.operation_done(resource["name"], {"metadata": last, "response": last})
        return _json(self._resources.operation(done))


def _location(name: str) -> str:
    return "/".join(name.split("/")[:4])


def _pattern(name: str) -> str:
    return name.replace("/jobs/-", "/jobs/*").replace("/executions/-", "/executions/*")


def _check_etag(sent: str | None, resource: Json) -> None:
    if sent and sent != resource["etag"]:
        raise GoogleError("ABORTED", f"Conflict for resource {resource['name']!r}: the etag is not the current one.")


def _json(value: Json) -> web.Response:
    return web.json_response(value)
