"""Jobs: a query, load, copy or extract that runs in a thread; how it stands, what came of it, and who waits for it.

The newest jobs and their results are kept in the journal across restarts; the data that they wrote is in the tables.
"""

import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Self

from infra.local.bigquery.errors import BigQueryError, duplicate, not_found
from infra.local.bigquery.journal import Journal
from infra.local.bigquery.queries import Interruption, QueryResult
from infra.local.bigquery.tables import LOCATION

_THREADS = 8
_KEPT_JOBS = 500
_FORGOTTEN_TOGETHER = 50
_STOP_INTERVAL = 0.1
_REQUEST_ID_SECONDS = 15 * 60
ANONYMOUS_DATASET = "_anonymous"
"""The hidden dataset with the results of the queries that named no destination."""
_INTERRUPTED = "The server was stopped while the job ran. What it had committed by then is in its tables."


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

    def anonymous_table(self) -> dict[str, str]:
        """The TableReference of a result without a destination."""
        table = "anon" + hashlib.sha256(self.id.encode()).hexdigest()[:32]
        return {"projectId": self.project, "datasetId": ANONYMOUS_DATASET, "tableId": table}

    def record(self) -> dict[str, Any]:
        """The job for the journal."""
        error = self.error
        return {
            "configuration": self.configuration,
            "location": self.location,
            "times": [self.created, self.started, self.ended],
            "statistics": self.statistics,
            "error": [error.status, error.reason, error.message, error.location] if error else None,
        }

    @classmethod
    def restored(cls, project: str, job_id: str, record: Mapping[str, Any]) -> Self:
        """A job of before a restart; one that ran then has failed."""
        job = cls(project, job_id, record["configuration"], record["location"])
        job.created, job.started, job.ended = record["times"]
        job.statistics = record["statistics"]
        if record["error"]:
            job.error = BigQueryError(*record["error"])
        elif job.ended is None:
            job.error, job.ended = BigQueryError(400, "stopped", _INTERRUPTED), int(time.time() * 1000)
        job.done.set()
        return job

    def stop(self, patience: float) -> None:
        """Interrupt what runs and wait up to `patience` seconds for its end.

        Again and again: DuckDB forgets an interruption that comes just before the query begins."""
        deadline = time.monotonic() + patience
        while not self.done.is_set() and time.monotonic() < deadline:
            self.interruption.interrupt()
            self.done.wait(_STOP_INTERVAL)

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

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._jobs = {(project, name): Job.restored(project, name, body) for project, name, body in journal.load()}
        self._requests: dict[tuple[str, str], tuple[float, Job]] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="job")

    def start(self, job: Job, work: Work, *, request_id: str | None = None, answered: bool = False) -> Job:
        """Run `work` in a thread. The same `request_id` within 15 minutes gives the job of the first. Raises duplicate.

        A caller who tells a client of the job before it is done calls `keep` first. With `answered`, a client is told of the job
        with what came of it: then that need not wait for the journal."""
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
        self._pool.submit(self._run, job, work, answered)
        return job

    def keep(self, job: Job) -> None:
        """Make sure that the job is known after a kill. Raises sqlite3.Error."""
        if not job.done.is_set():
            self._journal.begin(job.project, job.id, job.record())

    def get(self, project: str, job_id: str) -> Job:
        """Raises notFound."""
        job = self._jobs.get((project, job_id))
        if job is None:
            raise not_found("Job", f"{project}:{job_id}")
        return job

    def result(self, job: Job) -> QueryResult | None:
        """What a query job that ended well gave, before a restart too; none for other jobs. Raises notFound for an old one."""
        if job.result is None and job.error is None and "query" in job.configuration:
            job.result = self._journal.result(job.project, job.id)
        return job.result

    def of_anonymous_table(self, project: str, table: str) -> Job:
        """The job whose result is in the anonymous table. Raises notFound."""
        for job in self.of(project):
            if job.anonymous_table()["tableId"] == table:
                return job
        raise not_found("Table", f"{project}:{ANONYMOUS_DATASET}.{table}")

    def of(self, project: str) -> list[Job]:
        """The newest first."""
        return sorted((job for job in self._jobs.values() if job.project == project), key=lambda job: -job.created)

    def delete(self, project: str, job_id: str) -> None:
        """Raises notFound."""
        self.get(project, job_id)
        with self._lock:
            del self._jobs[project, job_id]
        self._journal.forget([(project, job_id)])

    def close(self) -> None:
        """Stop what runs."""
        for job in self._jobs.values():
            if not job.done.is_set():
                job.interruption.interrupt()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._journal.close()

    def _forget_oldest(self) -> None:
        if len(self._jobs) < _KEPT_JOBS + _FORGOTTEN_TOGETHER:
            return
        done = [key for key, job in self._jobs.items() if job.done.is_set()]
        oldest = done[: len(self._jobs) - _KEPT_JOBS]
        for key in oldest:
            del self._jobs[key]
        self._journal.forget(oldest)
        kept = {id(job) for job in self._jobs.values()}
        self._requests = {key: value for key, value in self._requests.items() if id(value[1]) in kept}

    def _run(self, job: Job, work: Work, answered: bool) -> None:
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
            if answered:
                job.done.set()
            try:
                self._journal.end(job.project, job.id, job.record(), job.result)
            finally:
                job.done.set()


def new_job_id() -> str:
    """For a request that names none."""
    return f"job_{uuid.uuid4().hex}"
