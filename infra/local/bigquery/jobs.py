"""Jobs: a query, load, copy or extract that runs in a thread; how it stands, what came of it, and who waits for it.

Jobs live as long as the server does; the data that they wrote is in the tables.
"""

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from infra.local.bigquery.errors import BigQueryError, duplicate, not_found
from infra.local.bigquery.queries import Interruption, QueryResult
from infra.local.bigquery.tables import LOCATION

_THREADS = 8
_KEPT_JOBS = 500
_REQUEST_ID_SECONDS = 15 * 60


@dataclass
class Job:
    """A job. `result` and `error` are settled when `done` is set. Times are epoch milliseconds."""

    project: str
    id: str
    configuration: Mapping[str, Any]
    location: str = LOCATION
    created: int = field(default_factory=lambda: int(time.time() * 1000))
    started: int | None = None
    ended: int | None = None
    result: QueryResult | None = None
    statistics: Mapping[str, Any] = field(default_factory=dict)
    error: BigQueryError | None = None
    done: threading.Event = field(default_factory=threading.Event)
    interruption: Interruption = field(default_factory=Interruption)

    def reference(self) -> dict[str, str]:
        """The JobReference."""
        return {"projectId": self.project, "jobId": self.id, "location": self.location}

    def resource(self) -> dict[str, Any]:
        """The Job resource."""
        status: dict[str, Any] = {"state": "DONE" if self.done.is_set() else "RUNNING" if self.started else "PENDING"}
        if self.error is not None:
            status |= {"errorResult": self.error.proto(), "errors": [self.error.proto()]}
        times = {"creationTime": self.created, "startTime": self.started, "endTime": self.ended}
        statistics: dict[str, Any] = {name: str(at) for name, at in times.items() if at is not None}
        return {
            "kind": "bigquery#job",
            "etag": f"{self.id}-{self.ended or 0}",
            "id": f"{self.project}:{self.location}.{self.id}",
            "selfLink": f"/bigquery/v2/projects/{self.project}/jobs/{self.id}?location={self.location}",
            "jobReference": self.reference(),
            "configuration": self.configuration,
            "status": status,
            "statistics": statistics | dict(self.statistics),
            "user_email": "local@kompo.invalid",
        }


Work = Callable[[Job], Mapping[str, Any]]
"""What a job does; it gives the job's statistics, and sets `result` for a query."""


class Jobs:
    """The jobs of all projects."""

    def __init__(self) -> None:
        self._jobs: dict[tuple[str, str], Job] = {}
        self._requests: dict[tuple[str, str], tuple[float, Job]] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="job")

    def start(self, job: Job, work: Work, *, request_id: str | None = None) -> Job:
        """Run `work` in a thread. The same `request_id` within 15 minutes gives the job of the first. Raises duplicate."""
        with self._lock:
            earlier = self._requests.get((job.project, request_id)) if request_id else None
            if earlier is not None and time.monotonic() - earlier[0] < _REQUEST_ID_SECONDS:
                return earlier[1]
            if (job.project, job.id) in self._jobs:
                raise duplicate("Job", f"{job.project}:{job.location}.{job.id}")
            self._jobs[job.project, job.id] = job
            if request_id:
                self._requests[job.project, request_id] = (time.monotonic(), job)
            self._forget_oldest()
        self._pool.submit(_run, job, work)
        return job

    def get(self, project: str, job_id: str) -> Job:
        """Raises notFound."""
        job = self._jobs.get((project, job_id))
        if job is None:
            raise not_found("Job", f"{project}:{job_id}")
        return job

    def of(self, project: str) -> list[Job]:
        """The newest first."""
        return sorted((job for job in self._jobs.values() if job.project == project), key=lambda job: -job.created)

    def delete(self, project: str, job_id: str) -> None:
        """Raises notFound."""
        self.get(project, job_id)
        with self._lock:
            del self._jobs[project, job_id]

    def close(self) -> None:
        """Stop what runs."""
        for job in self._jobs.values():
            if not job.done.is_set():
                job.interruption.interrupt()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _forget_oldest(self) -> None:
        done = [key for key, job in self._jobs.items() if job.done.is_set()]
        for key in done[: max(0, len(self._jobs) - _KEPT_JOBS)]:
            del self._jobs[key]
        kept = {id(job) for job in self._jobs.values()}
        self._requests = {key: value for key, value in self._requests.items() if id(value[1]) in kept}


def new_job_id() -> str:
    """For a request that names none."""
    return f"job_{uuid.uuid4().hex}"


def _run(job: Job, work: Work) -> None:
    job.started = int(time.time() * 1000)
    try:
        job.statistics = work(job)
    except BigQueryError as error:
        job.error = error
    except Exception as error:
        job.error = BigQueryError(500, "internalError", f"An internal error occurred: {error}")
        raise
    finally:
        job.ended = int(time.time() * 1000)
        job.done.set()
