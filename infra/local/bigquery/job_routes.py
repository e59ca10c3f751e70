"""jobs.*: insert (also by upload), get, list, cancel, delete, query, getQueryResults."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from infra.local.bigquery.answers import Page, query_answer, query_statistics
from infra.local.bigquery.errors import invalid
from infra.local.bigquery.handling import body, in_thread, json_response, listed, no_content, service
from infra.local.bigquery.jobs import Job, Work, new_job_id
from infra.local.bigquery.queries import QueryRequest
from infra.local.bigquery.service import Service
from infra.local.bigquery.tables import LOCATION

ROUTES = web.RouteTableDef()
_PROJECT = "/bigquery/v2/projects/{project}"
_UPLOAD = "/upload/bigquery/v2/projects/{project}/jobs"
_RESUMABLE_UPLOAD = "/resumable/upload/bigquery/v2/projects/{project}/jobs"
_WAIT_SECONDS = 10.0
_MAX_WAIT_SECONDS = 200.0


@ROUTES.post(_PROJECT + "/jobs")
async def insert_job(request: web.Request) -> web.Response:
    """Start a job; a dry run is answered at once, with its statistics or its error."""
    return json_response(
        await in_thread(_insert, service(request), request.match_info["project"], await body(request), None)
    )


@ROUTES.post(_UPLOAD)
@ROUTES.post(_RESUMABLE_UPLOAD)
async def upload(request: web.Request) -> web.Response:
    """Start a load whose data comes with the request (multipart) or by parts later (resumable)."""
    project = request.match_info["project"]
    uploads = service(request).uploads
    if request.query.get("uploadType") == "resumable":
        resource = await body(request)
        upload_id = uploads.begin(json.dumps(resource))
        location = f"{request.url.origin()}{request.path}?uploadType=resumable&upload_id={upload_id}"
        return web.Response(headers={"Location": location, "X-GUploader-UploadID": upload_id})
    posted, path = await uploads.receive_multipart(request)
    return json_response(await in_thread(_insert, service(request), project, posted, str(path)))


@ROUTES.put(_UPLOAD)
@ROUTES.put(_RESUMABLE_UPLOAD)
async def upload_part(request: web.Request) -> web.Response:
    """A part of a resumable upload; the last one starts the job."""
    uploads = service(request).uploads
    received = await uploads.receive_part(request)
    if not received.complete:
        headers = {"Range": f"bytes=0-{received.size - 1}"} if received.size else {}
        return web.Response(status=308, headers=headers)
    resource = json.loads(received.resource)
    project = request.match_info["project"]
    return json_response(await in_thread(_insert, service(request), project, resource, str(received.path)))


@ROUTES.get(_PROJECT + "/jobs")
async def list_jobs(request: web.Request) -> web.Response:
    """The newest first, of the states in stateFilter if given."""
    states = {state.upper() for state in request.query.getall("stateFilter", [])}
    jobs = service(request).jobs.of(request.match_info["project"])
    resources = [job.resource() for job in jobs]
    resources = [resource for resource in resources if not states or resource["status"]["state"] in states]
    for resource in resources:
        resource["state"] = resource["status"]["state"]
        if "errorResult" in resource["status"]:
            resource["errorResult"] = resource["status"]["errorResult"]
    return listed("bigquery#jobList", "jobs", resources, request.query)


@ROUTES.get(_PROJECT + "/jobs/{job}")
async def get_job(request: web.Request) -> web.Response:
    """How it stands."""
    return json_response(_job(request).resource())


@ROUTES.post(_PROJECT + "/jobs/{job}/cancel")
async def cancel_job(request: web.Request) -> web.Response:
    """Ask it to stop; a job that is done stays as it is."""
    job = _job(request)
    await in_thread(job.stop, _WAIT_SECONDS)
    return json_response({"kind": "bigquery#jobCancelResponse", "job": job.resource()})


@ROUTES.delete(_PROJECT + "/jobs/{job}/delete")
async def delete_job(request: web.Request) -> web.Response:
    """Forget it."""
    await in_thread(service(request).jobs.delete, request.match_info["project"], request.match_info["job"])
    return no_content()


@ROUTES.post(_PROJECT + "/queries")
async def query(request: web.Request) -> web.Response:
    """jobs.query: the first page at once, if the query ends within timeoutMs."""
    asked = await body(request)
    return json_response(await in_thread(_query, service(request), request.match_info["project"], asked))


@ROUTES.get(_PROJECT + "/queries/{job}")
async def get_query_results(request: web.Request) -> web.Response:
    """A page of a query job's rows, waited for up to timeoutMs."""
    job, page = _job(request), Page.parse(request.query)
    if not job.done.is_set():
        await in_thread(job.done.wait, _seconds(request.query.get("timeoutMs")))
    return json_response(await in_thread(_results, service(request), job, page, "bigquery#getQueryResultsResponse"))


def _query(parts: Service, project: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    configuration: dict[str, Any] = {"query": asked, "jobType": "QUERY"}
    request = QueryRequest.parse(project, asked, dry_run=bool(asked.get("dryRun")))
    options = asked.get("formatOptions") or {}
    page = Page.parse(
        {
            "maxResults": str(asked["maxResults"]) if asked.get("maxResults") is not None else "",
            "formatOptions.useInt64Timestamp": str(options.get("useInt64Timestamp", "")),
        }
    )
    job = Job(project, new_job_id(), configuration, str(asked.get("location") or LOCATION))
    request_id = asked.get("requestId")
    known = str(request_id) if request_id else None
    job = parts.jobs.start(job, _query_work(parts, request), request_id=known, answered=True)
    if not job.done.wait(_seconds(asked.get("timeoutMs"))):
        parts.jobs.keep(job)
    return _results(parts, job, page, "bigquery#queryResponse")


def _results(parts: Service, job: Job, page: Page, kind: str) -> dict[str, Any]:
    if job.done.is_set():
        parts.jobs.result(job)
    return query_answer(job, page, kind)


def _insert(parts: Service, project: str, asked: Mapping[str, Any], data: str | None) -> dict[str, Any]:
    reference = asked.get("jobReference") or {}
    configuration = dict(asked.get("configuration") or {})
    location = str(reference.get("location") or LOCATION)
    job = Job(project, str(reference.get("jobId") or new_job_id()), configuration, location)
    work = _work(parts, project, configuration, data)
    if configuration.get("dryRun"):
        job.statistics = work(job)
        job.done.set()
        return job.resource()
    parts.jobs.keep(parts.jobs.start(job, work))
    return job.resource()


def _work(parts: Service, project: str, configuration: dict[str, Any], data: str | None) -> Work:
    if "query" in configuration:
        configuration["jobType"] = "QUERY"
        dry_run = bool(configuration.get("dryRun"))
        return _query_work(parts, QueryRequest.parse(project, configuration["query"], dry_run=dry_run))
    for kind in ("load", "copy", "extract"):
        if kind in configuration:
            configuration["jobType"] = kind.upper()
            return parts.transfers.work(kind, project, configuration[kind], data)
    raise invalid("Required parameter is missing: configuration", "configuration")


def _query_work(parts: Service, request: QueryRequest) -> Work:
    def work(job: Job) -> Mapping[str, Any]:
        job.result = parts.queries.run(request, job.interruption)
        if job.result.schema is not None and request.destination is None and not request.dry_run:
            query = {**job.configuration["query"], "destinationTable": job.anonymous_table()}
            job.configuration = {**job.configuration, "query": query}
        return query_statistics(job.result)

    return work


def _job(request: web.Request) -> Job:
    return service(request).jobs.get(request.match_info["project"], request.match_info["job"])


def _seconds(milliseconds: object) -> float:
    try:
        return min(int(str(milliseconds)) / 1000, _MAX_WAIT_SECONDS) if milliseconds is not None else _WAIT_SECONDS
    except ValueError as error:
        raise invalid(f"Invalid value for timeoutMs: {milliseconds}", "timeoutMs") from error
