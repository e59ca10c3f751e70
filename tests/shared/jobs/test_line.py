"""A user has only so many jobs at work; the others wait, and each gets its turn: by priority, then by age, and never never."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from shared.core.clients import firestore_client
from shared.core.ids import new_id
from shared.core.settings import settings
from shared.jobs import Job, JobState, Priority, cancel_job, sweep_jobs
from shared.jobs.line import HANDICAP
from tests.cloud import RunningCloud
from tests.shared.jobs.test_sweep import end_the_pause, no_service
from tests.shared.jobs.working import current, new_job, run, start, succeed


@pytest.fixture
def user(cloud: RunningCloud) -> str:
    """A new user, plan free."""
    return new_id()


def fill(user: str, slots: int | None = None) -> list[Job]:
    """Start as many jobs as the user may have at work."""
    jobs = [new_job(user) for _ in range(slots or settings().jobs_at_once_free)]
    assert all(start(job) for job in jobs)
    return jobs


def waits(job: Job) -> bool:
    """Whether it stands in line."""
    return (current(job).stage, start(job)) == ("waiting-for-slot", None)


def is_called(job: Job) -> bool:
    """Whether it has been given a slot: its message is on its way, and starts it."""
    return current(job).stage == "queued" and start(job) is not None


def test_a_job_above_the_limit_starts_when_another_ends(user: str) -> None:
    first, *_ = fill(user)
    late = new_job(user)
    assert start(late) is None
    assert waits(late)
    assert start(new_job()) is not None, "other users are not kept waiting"
    assert run(first, succeed) is JobState.SUCCEEDED
    assert is_called(late)


@pytest.mark.parametrize("how", ["cancelled", "failed", "postponed"])
def test_however_a_job_ends_or_pauses_its_slot_is_free(user: str, how: str) -> None:
    first, *_ = fill(user)
    late = new_job(user)
    start(late)
    if how == "cancelled":
        cancel_job(user, first.id)
    else:
        first.reference.update({"maxAttempts": 1 if how == "failed" else 3})
        run(first, no_service)
    assert is_called(late)


def test_a_job_that_comes_back_from_its_pause_stands_in_line_like_others(user: str) -> None:
    first, *_ = fill(user)
    run(first, no_service)
    fill(user, 1)
    end_the_pause(first)
    sweep_jobs()
    assert start(first) is None
    assert waits(first)


def test_the_line_goes_by_priority_and_then_by_age(user: str) -> None:
    busy = fill(user)
    low, normal, high, younger = (
        new_job(user, priority) for priority in (Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.HIGH)
    )
    for job in (younger, low, normal, high):
        assert start(job) is None
    expected = [high, younger, normal, low]
    for ended in (*busy, high, younger):
        run(ended, succeed)
        called = expected.pop(0)
        assert is_called(called)
        assert all(waits(job) for job in expected)


def test_no_job_waits_for_ever_behind_those_of_higher_priority(user: str) -> None:
    first, *_ = fill(user)
    old, fresh = new_job(user, Priority.LOW), new_job(user, Priority.HIGH)
    old.reference.update({"created": old.created - HANDICAP[Priority.LOW] - timedelta(minutes=1)})
    start(fresh)
    start(old)
    run(first, succeed)
    assert is_called(old)
    assert waits(fresh)


def test_a_slot_that_is_free_goes_to_nobody_who_comes_later(user: str) -> None:
    first, *_ = fill(user)
    waiting = new_job(user)
    start(waiting)
    run(first, succeed)
    younger = new_job(user)
    assert start(younger) is None, "the one in line has the slot already, though its message has not been heard"
    assert is_called(waiting)


def test_jobs_that_start_at_the_same_moment_share_the_slots(user: str) -> None:
    jobs = [new_job(user) for _ in range(6)]
    together = threading.Barrier(6)

    def message(job: Job) -> bool:
        together.wait()
        return start(job) is not None

    with ThreadPoolExecutor(6) as pool:
        started = sum(pool.map(message, jobs))
    assert started == settings().jobs_at_once_free
    assert sum(current(job).turn is not None for job in jobs) == 6 - started


def test_who_pays_has_more_at_work_and_a_change_of_plan_lets_those_in_line_start(user: str) -> None:
    fill(user)
    late = [new_job(user) for _ in range(2)]
    assert [start(job) for job in late] == [None, None]
    firestore_client().collection("users").document(user).set({"plan": "premium"})
    assert start(new_job(user)) is not None
    assert all(is_called(job) for job in late)
    fill(user, settings().jobs_at_once_premium - settings().jobs_at_once_free - 3)
    assert start(new_job(user)) is None
