"""What is changed for a while about how jobs run is honoured by what starts them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from google.cloud import firestore

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.ids import new_id
from shared.jobs import Control, ControlKind, Job, JobKind, Priority, change_controls, create_job, get_job, start_job
from shared.jobs.queue import ticket
from tests.cloud import RunningCloud


@pytest.fixture(autouse=True)
def no_controls(cloud: RunningCloud) -> Iterator[None]:
    yield
    firestore_client().recursive_delete(firestore_client().collection("controls"))


def control(kind: ControlKind, **fields: object) -> None:
    """Set a control for ten minutes; without fields, end it."""
    since = now()
    until = since + timedelta(minutes=10)
    wanted = Control.model_validate({"kind": kind, "since": since, "until": until, **fields}) if fields else None

    @firestore.transactional
    def change(transaction: firestore.Transaction) -> None:
        change_controls(transaction, now(), {kind.value: wanted})()

    change(firestore_client().transaction())


def queued(user_id: str, kind: JobKind = JobKind.RENDER) -> Job:
    return create_job(user_id, kind, {}, Priority.HIGH, new_id())


def started(job: Job) -> Job:
    start_job(ticket(job))
    return get_job(job.user_id, job.id)


def test_a_job_of_a_paused_provider_waits_and_starts_once_it_is_not_paused() -> None:
    user = new_id()
    control(ControlKind.PAUSE_PROVIDER, provider="ffmpeg")
    waiting = started(queued(user))
    assert (waiting.execution, waiting.stage) == (None, "paused")
    assert waiting.next_attempt is not None
    assert waiting.next_attempt <= now() + timedelta(minutes=1)
    control(ControlKind.PAUSE_PROVIDER)
    waiting.reference.update({"nextAttempt": now()})
    assert started(waiting).execution is not None


def test_jobs_of_other_providers_go_on() -> None:
    control(ControlKind.PAUSE_PROVIDER, provider="ffmpeg")
    assert started(queued(new_id(), JobKind.EXPORT)).execution is not None


def test_a_job_that_waits_for_its_provider_holds_no_slot() -> None:
    user = new_id()
    control(ControlKind.PAUSE_PROVIDER, provider="ffmpeg")
    for _ in range(3):
        started(queued(user))
    held = firestore_client().collection("users", user, "quotas").document("jobs").get().to_dict() or {}
    assert held.get("holders", []) == []


def test_raised_limits_let_more_of_a_users_jobs_be_at_work() -> None:
    user = new_id()
    control(ControlKind.RAISE_JOB_LIMITS, free=3)
    jobs = [started(queued(user)) for _ in range(4)]
    assert [job.execution is not None for job in jobs] == [True, True, True, False]
