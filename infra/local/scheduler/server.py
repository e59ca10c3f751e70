"""The REST v1 routes."""

import asyncio
import json
import re
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web

from infra.local.google_json import GoogleError, Json, Message, errors, page, read_message, rfc3339, validated
from infra.local.loopback import programs_only
from infra.local.scheduler.clock import Clock
from infra.local.scheduler.jobs import Job, NamedJob
from infra.local.scheduler.store import Store
from infra.local.scheduler.targets import Targets

_PARENT = r"/v1/{parent:projects/[^/:]+/locations/[^/:]+}/jobs"
_JOB = r"/v1/{name:projects/[^/:]+/locations/[^/:]+/jobs/[^/:]+}"
_JOB_ID = re.compile(r"[A-Za-z0-9_-]{1,500}")


class Scheduler:
    """The handlers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._clock: Clock | None = None

    def application(self) -> web.Application:
        """The web application; the clock lives as long as it does."""
        application = web.Application(middlewares=[errors, programs_only])
        application.add_routes(
            [
                web.get(_PARENT, self.list_jobs),
                web.post(_PARENT, self.create_job),
                web.get(_JOB, self.get_job),
                web.patch(_JOB, self.patch_job),
                web.delete(_JOB, self.delete_job),
                web.post(f"{_JOB}:pause", self.pause_job),
                web.post(f"{_JOB}:resume", self.resume_job),
                web.post(f"{_JOB}:run", self.run_job),
            ]
        )
        application.cleanup_ctx.append(self._tick)
        return application

    async def list_jobs(self, request: web.Request) -> web.Response:
        """GET …/jobs, by name"""
        rows, token = page(request, self._store.jobs(request.match_info["parent"]))
        return web.json_response({"jobs": [_resource(row) for row in rows], "nextPageToken": token})

    async def get_job(self, request: web.Request) -> web.Response:
        """GET …/jobs/J"""
        return web.json_response(_resource(self._store.job(request.match_info["name"])))

    async def create_job(self, request: web.Request) -> web.Response:
        """POST …/jobs with the full name in the body, or without a name, which it is given then."""
        job = await read_message(request, NamedJob)
        name = job.name or f"{request.match_info['parent']}/jobs/{uuid.uuid4().hex}"
        parent, _, job_id = name.rpartition("/jobs/")
        if parent != request.match_info["parent"] or not _JOB_ID.fullmatch(job_id):
            raise GoogleError(
                "INVALID_ARGUMENT", f'Job name must be formatted: "{request.match_info["parent"]}/jobs/JOB"'
            )
        self._store.create(name, job, job.next_time(time.time()))
        return self._changed(name)

    async def patch_job(self, request: web.Request) -> web.Response:
        """PATCH …/jobs/J?updateMask=…: the fields named, or those in the body."""
        name, sent = request.match_info["name"], (await read_message(request, Message)).as_json()
        body: Json = json.loads(self._store.job(name)["body"])
        mask = request.query.get("updateMask")
        named = {_camel(path.split(".")[0]) for path in mask.split(",")} if mask else set(sent)
        kept = {key: value for key, value in body.items() if key not in named}
        job = validated(Job, kept | {key: sent[key] for key in named & sent.keys()})
        self._store.replace(name, job, job.next_time(time.time()))
        return self._changed(name)

    async def delete_job(self, request: web.Request) -> web.Response:
        """DELETE …/jobs/J"""
        self._store.job(request.match_info["name"])
        self._store.delete(request.match_info["name"])
        return web.json_response({})

    async def pause_job(self, request: web.Request) -> web.Response:
        """POST …/jobs/J:pause"""
        name = request.match_info["name"]
        self._store.job(name)
        self._store.pause(name)
        return self._changed(name)

    async def resume_job(self, request: web.Request) -> web.Response:
        """POST …/jobs/J:resume"""
        name = request.match_info["name"]
        job = Job.model_validate_json(self._store.job(name)["body"])
        self._store.resume(name, job.next_time(time.time()))
        return self._changed(name)

    async def run_job(self, request: web.Request) -> web.Response:
        """POST …/jobs/J:run: answers once it is sure to run, also when it is paused or already running."""
        name = request.match_info["name"]
        self._store.job(name)
        self._store.force(name)
        return self._changed(name)

    def _changed(self, name: str) -> web.Response:
        if self._clock:
            self._clock.wake()
        return web.json_response(_resource(self._store.job(name)))

    async def _tick(self, _: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as session:
            self._clock = Clock(self._store, Targets(session))
            ticking = asyncio.create_task(self._clock.run())
            yield
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)


def _resource(row: sqlite3.Row) -> Json:
    job: Json = json.loads(row["body"])
    job |= {
        "name": row["name"],
        "userUpdateTime": rfc3339(row["updated"]),
        "state": "PAUSED" if row["paused"] else "ENABLED",
        "scheduleTime": rfc3339(row["due"]),
    }
    if row["attempted"] is not None:
        job |= {"lastAttemptTime": rfc3339(row["attempted"]), "status": json.loads(row["status"])}
    return job


def _camel(name: str) -> str:
    first, *others = name.strip().split("_")
    return first + "".join(part.capitalize() for part in others)
