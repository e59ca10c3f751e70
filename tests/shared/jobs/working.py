"""Jobs of new users, and work on them, for tests."""

from collections.abc import Callable
from typing import Any

from shared.core import outbox
from shared.core.ids import new_id
from shared.jobs import Job, JobError, JobKind, JobState, Priority, Worker, create_job, get_job, run_leased, start_job
from shared.jobs.queue import ticket


def new_job(user: str | None = None, priority: Priority = Priority.HIGH, tasks: int = 1) -> Job:
    """A queued job."""
    return create_job(user or new_id(), JobKind.RENDER, {"kompositionId": "k"}, priority, new_id(), tasks=tasks)


def nothing(*_: Any) -> list[outbox.Message]:
    """Nothing goes together with the end."""
    return []


def no_finish(_worker: Worker, _error: JobError) -> Callable[[Any], list[outbox.Message]]:
    """Nothing goes together with a failure."""
    return nothing


def current(job: Job) -> Job:
    """The job as it is now."""
    return get_job(job.user_id, job.id)


def run(job: Job, work: Callable[[Worker], None], execution: str | None = None) -> JobState | None:
    """Work on the job in this process."""
    return run_leased(job.user_id, job.id, work, no_finish, execution)


def succeed(worker: Worker) -> None:
    """Work that goes well at once."""
    worker.succeed({}, nothing)


def start(job: Job) -> str | None:
    """What the function does when the job's message comes."""
    return start_job(ticket(job))


class Killed(BaseException):
    """The worker's process ends without a word."""


def die(_: Worker) -> None:
    """Work on which the worker is killed."""
    raise Killed
