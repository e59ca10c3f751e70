"""The clock fires what is due, when it is due."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from infra.local.scheduler.clock import Clock
from infra.local.scheduler.jobs import Job
from infra.local.scheduler.store import Store
from infra.local.scheduler.targets import Targets
from tests.infra.local.eventarc.receiver import Receiver, receiver

NAME = "projects/p/locations/l/jobs/job"
YEARLY = "0 0 1 1 *"
HOUR = 3600.0


@pytest.fixture
def functions() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "scheduler.db")


def _job(functions: Receiver, **fields: Any) -> Job:
    return Job.model_validate({"httpTarget": {"uri": f"{functions.url}/f"}, "schedule": YEARLY, **fields})


@asynccontextmanager
async def _ticking(store: Store) -> AsyncIterator[Clock]:
    async with aiohttp.ClientSession() as session:
        clock = Clock(store, Targets(session))
        ticking = asyncio.create_task(clock.run())
        await asyncio.sleep(0)
        yield clock
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)


async def _until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


def test_a_job_fires_when_its_time_has_come_and_then_waits_for_the_next(functions: Receiver, store: Store) -> None:
    async def scenario() -> None:
        store.create(NAME, _job(functions), 0)
        async with _ticking(store) as clock:
            store.postpone(NAME, time.time() + 0.2)
            clock.wake()
            await _until(lambda: functions.requests and store.job(NAME)["attempted"])

    asyncio.run(scenario())
    assert len(functions.requests) == 1
    assert store.job(NAME)["due"] > time.time() + 1
    assert store.job(NAME)["status"] == "{}"


def test_runs_missed_while_the_server_was_down_are_not_made_up_for(functions: Receiver, store: Store) -> None:
    async def scenario() -> None:
        store.create(NAME, _job(functions), time.time() - HOUR)
        async with _ticking(store):
            await _until(lambda: store.job(NAME)["due"] > time.time())

    asyncio.run(scenario())
    assert functions.requests == []


def test_a_run_that_is_not_over_delays_the_next(functions: Receiver, store: Store) -> None:
    async def scenario() -> None:
        store.create(NAME, _job(functions), 0)
        functions.release.clear()
        async with _ticking(store) as clock:
            store.postpone(NAME, time.time())
            clock.wake()
            await _until(lambda: functions.together == 1)
            store.postpone(NAME, time.time())
            clock.wake()
            await asyncio.sleep(0.1)  # Nothing can be waited for: nothing must happen.
            assert len(functions.requests) == 1
            functions.release.set()
            await _until(lambda: len(functions.requests) == 2)

    asyncio.run(scenario())
    assert functions.most_together == 1


def test_a_failed_attempt_is_tried_again_as_the_job_says(functions: Receiver, store: Store) -> None:
    async def scenario() -> None:
        retry = {"retryCount": 2, "minBackoffDuration": "0.05s"}
        store.create(NAME, _job(functions, retryConfig=retry), 0)
        functions.answers["/f"] = [500, 503]
        async with _ticking(store) as clock:
            store.postpone(NAME, time.time())
            clock.wake()
            await _until(lambda: store.job(NAME)["status"] == "{}")

    asyncio.run(scenario())
    assert len(functions.requests) == 3


def test_a_paused_job_does_not_fire(functions: Receiver, store: Store) -> None:
    async def scenario() -> None:
        store.create(NAME, _job(functions), 0)
        store.create(f"{NAME}-2", _job(functions, httpTarget={"uri": f"{functions.url}/other"}), 0)
        store.pause(NAME)
        async with _ticking(store) as clock:
            store.postpone(NAME, time.time())
            store.postpone(f"{NAME}-2", time.time())
            clock.wake()
            await _until(lambda: functions.at("/other"))

    asyncio.run(scenario())
    assert functions.at("/f") == []
