"""/v1/jobs: how far long work is, and stopping it."""

from typing import Any

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import IdPath, PageQuery, WireModel, answer
from functions.http.authentication import principal
from functions.http.idempotency import idempotent
from functions.http.openapi import resource
from shared import jobs
from shared.jobs import JobKind, JobState, Priority

api = resource("jobs")


class JobError(WireModel):
    """Why a job failed."""

    type: str
    detail: str
    pointer: str | None = None


class Job(WireModel):
    """A job as its owner sees it. Times are RFC 3339."""

    id: str
    kind: JobKind
    state: JobState
    priority: Priority
    progress: float = Field(description="0 to 1")
    stage: str
    attempts: int
    error: JobError | None
    inputs: dict[str, JsonValue]
    outputs: dict[str, JsonValue]
    created: str
    started: str | None
    finished: str | None

    @classmethod
    def of(cls, job: jobs.Job) -> "Job":
        """The wire form of a job."""
        fields: dict[str, Any] = job.model_dump(mode="json", include=set(cls.model_fields))
        return cls.model_validate(fields)


class JobList(WireModel):
    """A page of jobs, newest first."""

    items: list[Job]
    next_page_token: str | None


class JobsQuery(PageQuery):
    """Which jobs."""

    state: JobState | None = None


@api.get("/v1/jobs", responses={200: JobList})
def list_jobs(query: JobsQuery) -> Response:
    """Your jobs, newest first"""
    page = jobs.list_jobs(principal().uid, query.limit, query.page_token, query.state)
    return answer(JobList(items=[Job.of(job) for job in page.items], next_page_token=page.next_page_token))


@api.get("/v1/jobs/<string:id>", responses={200: Job})
def get_job(path: IdPath) -> Response:
    """A job: its state, progress, error and outputs"""
    return answer(Job.of(jobs.get_job(principal().uid, path.id)))


@api.post("/v1/jobs/<string:id>/cancel", responses={200: Job})
@idempotent
def cancel_job(path: IdPath) -> Response:
    """Cancel a job; its worker stops within 2 seconds"""
    return answer(Job.of(jobs.cancel_job(principal().uid, path.id)))
