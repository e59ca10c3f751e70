"""Jobs of new users, and work on them, for tests."""

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from shared.core import outbox
from shared.core.clients import firestore_client
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


def kill_after(job: Job, worker: ModuleType, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a worker of the same execution take the job up and die after a step, a function of the worker's module."""
    whole = getattr(worker, step)

    def killed(*arguments: Any, **named: Any) -> Any:
        whole(*arguments, **named)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(worker, step, killed)
        _work_until_death(job, worker)


def kill_before_telling(job: Job, worker: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it die when all is written, and nobody told of it."""
    whole = outbox.publish

    def killed(*messages: outbox.Message) -> int:
        if any(message.topic == "events" for message in messages):
            raise Killed
        return whole(*messages)

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "publish", killed)
        _work_until_death(job, worker)


def _work_until_death(job: Job, worker: ModuleType) -> None:
    """Attempts are not counted, so that there are enough of them."""
    job.reference.update({"attempts": 0})
    with pytest.raises(Killed):
        worker.run(job.user_id, job.id, "execution")


def told_of(operation: str) -> set[str]:
    """The ids of the events of these operations that wait to be told."""
    waiting = [each.to_dict() or {} for each in firestore_client().collection(outbox.COLLECTION).stream()]
    messages = [json.loads(each["data"]) for each in waiting if each["topic"] == "events"]
    events = [event for message in messages for event in message["events"]]
    return {event["event_id"] for event in events if event["operation_type"] == operation}
