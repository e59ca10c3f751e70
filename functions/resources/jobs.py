"""/v1/jobs: how far long work is, what it costs, stopping it and trying it again."""

from typing import Any

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import IdPath, PageQuery, WireModel, answer, no_content
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


class Failure(WireModel):
    """How an attempt ended that did not succeed."""

    attempt: int
    error: JobError
    transient: bool = Field(description="Whether another attempt could end better")
    at: str


class Stage(WireModel):
    """A part of the work."""

    name: str
    share: float = Field(description="Of the whole, 0 to 1")
    progress: float = Field(description="0 to 1")


class Job(WireModel):
    """A job as its owner sees it. Times are RFC 3339."""

    id: str
    kind: JobKind
    state: JobState
    priority: Priority
    tasks: int = Field(description="How many machines work on it side by side")
    progress: float = Field(description="0 to 1")
    stage: str = Field(description="The present stage; while queued, what is waited for")
    stages: list[Stage]
    remaining_seconds: int | None = Field(description="Estimated from the rate so far; null as long as nobody can know")
    attempts: int
    max_attempts: int
    next_attempt: str | None = Field(description="When it is tried again, at the earliest")
    error: JobError | None
    failures: list[Failure] = Field(description="Attempts that have failed, the last ones")
    inputs: dict[str, JsonValue]
    outputs: dict[str, JsonValue]
    cost_usd: float | None = Field(description="Of the attempts that are over")
    created: str
    started: str | None
    finished: str | None

    @classmethod
    def of(cls, job: jobs.Job) -> "Job":
        """The wire form of a job."""
        fields: dict[str, Any] = job.model_dump(mode="json", include=set(cls.model_fields))
        return cls.model_validate({**fields, "stages": [_stage(job, stage) for stage in job.stages]})


def _stage(job: jobs.Job, stage: jobs.Stage) -> Stage:
    before, share = jobs.span_of(job.stages, stage.name)
    done = 1.0 if job.progress >= before + share else max(0.0, job.progress - before) / share
    return Stage(name=stage.name, share=stage.share, progress=round(done, 4))


class JobList(WireModel):
    """A page of jobs, newest first."""

    items: list[Job]
    next_page_token: str | None


class JobsQuery(PageQuery):
    """Which jobs."""

    state: JobState | None = None
    kind: JobKind | None = None


@api.get("/v1/jobs", responses={200: JobList})
def list_jobs(query: JobsQuery) -> Response:
    """Your jobs, newest first"""
    page = jobs.list_jobs(principal().uid, query.limit, query.page_token, query.state, query.kind)
    return answer(JobList(items=[Job.of(job) for job in page.items], next_page_token=page.next_page_token))


@api.get("/v1/jobs/<string:id>", responses={200: Job})
def get_job(path: IdPath) -> Response:
    """A job: its state, progress and what is left of it, attempts and errors, outputs and cost"""
    return answer(Job.of(jobs.get_job(principal().uid, path.id)))


@api.post("/v1/jobs/<string:id>/cancel", responses={200: Job})
@idempotent
def cancel_job(path: IdPath) -> Response:
    """Cancel a job; its worker stops within 2 seconds"""
    return answer(Job.of(jobs.cancel_job(principal().uid, path.id)))


@api.post("/v1/jobs/<string:id>/retry", responses={200: Job})
@idempotent
def retry_job(path: IdPath) -> Response:
    """Give a failed job new attempts"""
    return answer(Job.of(jobs.retry_job(principal().uid, path.id)))


@api.delete("/v1/jobs/<string:id>", responses={204: None})
def delete_job(path: IdPath) -> Response:
    """Strike a job that has ended off the list; what it has made stays"""
    jobs.delete_job(principal().uid, path.id)
    return no_content()
