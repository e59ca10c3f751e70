"""One attempt: an HTTP request or a published message."""

import asyncio
import base64

import aiohttp

from infra.local.google_json import Json, parse_duration, rfc3339
from infra.local.scheduler.jobs import HttpTarget, Job, PubsubTarget

_OK: Json = {}
_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 409: 10, 429: 8, 499: 1, 501: 12, 503: 14, 504: 4}
_UNKNOWN, _DEADLINE_EXCEEDED, _INTERNAL, _UNAVAILABLE = 2, 4, 13, 14
_PUBLISH_TIMEOUT = 30.0


class Targets:
    """Carries out attempts; `session` for HTTP, the official client for Pub/Sub."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def attempt(self, name: str, job: Job, scheduled: float) -> Json:
        """Call a job's target once: the `google.rpc.Status` of it, {} for success."""
        if job.pubsub_target:
            return await asyncio.to_thread(_publish, job.pubsub_target)
        assert job.http_target, "a job has one of the two targets"
        return await self._call(name, job.http_target, parse_duration(job.attempt_deadline), scheduled)

    async def _call(self, name: str, target: HttpTarget, deadline: float, scheduled: float) -> Json:
        headers = {
            "User-Agent": "Google-Cloud-Scheduler",
            **target.headers,
            "X-CloudScheduler": "true",
            "X-CloudScheduler-JobName": name.rpartition("/")[2],
            "X-CloudScheduler-ScheduleTime": rfc3339(scheduled),
        }
        headers.setdefault("Content-Type", "application/octet-stream")
        body = base64.b64decode(target.body)
        try:
            async with self._session.request(
                *(target.http_method, target.uri),
                data=body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=deadline),
            ) as response:
                await response.read()
                return _status(response.status)
        except TimeoutError:
            return _failure(_DEADLINE_EXCEEDED, f"URL_TIMEOUT: no answer within {deadline:g} s")
        except (aiohttp.ClientError, OSError) as error:
            return _failure(_UNAVAILABLE, f"URL_UNREACHABLE: {error}")


def _status(http: int) -> Json:
    if http < 300:
        return _OK
    return _failure(_CODES.get(http, _INTERNAL if http >= 500 else _UNKNOWN), f"URL_ERROR: status {http}")


def _failure(code: int, message: str) -> Json:
    return {"code": code, "message": message}


def _publish(target: PubsubTarget) -> Json:
    from google.api_core.exceptions import GoogleAPICallError
    from google.cloud import pubsub_v1

    data = base64.b64decode(target.data)
    try:
        with pubsub_v1.PublisherClient() as publisher:
            future = publisher.publish(target.topic_name, data, **target.attributes)
            future.result(timeout=_PUBLISH_TIMEOUT)
    except GoogleAPICallError as error:
        code = error.grpc_status_code.value[0] if error.grpc_status_code else _UNKNOWN
        return _failure(code, str(error.message))
    except TimeoutError:
        return _failure(_DEADLINE_EXCEEDED, "the message was not accepted in time")
    return _OK
