"""What the system says of itself becomes KPIs like all others."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from shared.core.clients import bigquery_client, firestore_client
from shared.core.failing import COLLECTION as FAILURES
from shared.core.failing import failures_counted
from shared.core.ids import new_id
from shared.insights import Dimension, Period, measure, sample_system
from shared.jobs import Job, JobKind, JobState, Priority
from tests.shared.told import operation, tell

pytestmark = pytest.mark.usefixtures("cloud")

MINUTE = timedelta(minutes=1)
_moments = itertools.count(1)


@pytest.fixture
def at() -> datetime:
    """A moment of a minute that no other test samples: BigQuery remembers ids even of rows that are deleted."""
    return datetime.now(UTC) - next(_moments) * timedelta(hours=3)


@pytest.fixture(autouse=True)
def nothing_sampled() -> None:
    """A system without jobs, failures or samples."""
    client = firestore_client()
    for collection in (client.collection_group("jobs"), client.collection(FAILURES), client.collection("outbox")):
        for each in collection.stream():
            each.reference.delete()
    client.collection("system_performance_metrics").document("latest").delete()
    bigquery_client().query_and_wait("DELETE FROM kompo.system_samples WHERE TRUE")


def job(queued_at: datetime, **fields: object) -> Job:
    """A queued job of somebody's."""
    found = Job(
        id=new_id(),
        user_id=new_id(),
        kind=JobKind.RENDER,
        priority=Priority.HIGH,
        inputs={},
        created=queued_at,
        queued_at=queued_at,
        **fields,  # type: ignore[arg-type]
    )
    found.reference.set(found.document())
    return found


def value(name: str, at: datetime, **chosen: object) -> float | None:
    [found] = measure([name], Period(at - timedelta(hours=1), at + MINUTE), **chosen)  # type: ignore[arg-type]
    return found.value


def test_jobs_that_wait_for_a_machine_are_the_queue_and_the_oldest_is_its_age(at: datetime) -> None:
    job(at - 5 * MINUTE)
    job(at - MINUTE)
    job(at - 20 * MINUTE, turn=at)
    job(at - 30 * MINUTE, next_attempt=at + MINUTE)
    job(at - 40 * MINUTE, state=JobState.RUNNING)
    sample_system(at)
    assert value("queue_length", at) == 2
    assert value("backlog_age", at) == pytest.approx(300, abs=1)


def test_a_job_that_was_begun_tells_how_long_it_had_waited_once(at: datetime) -> None:
    for waited in (10, 30):
        begun = at - timedelta(seconds=20)
        job(begun - timedelta(seconds=waited), state=JobState.RUNNING, attempt_started=begun, attempts=1)
    for again in range(3):
        sample_system(at + again * timedelta(seconds=1))
    [wait] = measure(["queue_wait"], Period(at - MINUTE, at + MINUTE))
    assert (wait.value, wait.samples) == (pytest.approx(20), 2)
    assert value("queue_wait_p95", at) == pytest.approx(30, rel=0.01)
    assert value("queue_length", at) == 0


def test_a_minute_that_was_missed_is_made_up_for(at: datetime) -> None:
    sample_system(at - 10 * MINUTE)
    begun = at - 6 * MINUTE
    job(begun - timedelta(seconds=7), state=JobState.SUCCEEDED, attempt_started=begun, attempts=1)
    sample_system(at)
    assert value("queue_wait", at) == pytest.approx(7)


def test_an_exception_that_leaves_a_function_is_a_failure_of_it() -> None:
    @failures_counted("count_sheep")
    def count_sheep(sheep: int) -> float:
        return 1 / sheep

    assert count_sheep(2) == 0.5
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            count_sheep(0)
    at = datetime.now(UTC) + 2 * MINUTE
    sample_system(at)
    sample_system(at + MINUTE)
    found = measure(
        ["function_errors"], Period(at - 5 * MINUTE, at + MINUTE), by=[Dimension.OPERATION, Dimension.ERROR]
    )
    assert [(each.labels, each.value) for each in found] == [
        ((("error", "ZeroDivisionError"), ("operation", "count_sheep")), 2)
    ]


def test_events_that_were_long_on_their_way_are_a_backlog(hour: datetime) -> None:
    at = datetime.now(UTC) + MINUTE
    tell(new_id(), operation(hour))
    sample_system(at)
    age = value("backlog_age", at)
    assert age is not None
    assert 0 <= age < 60
