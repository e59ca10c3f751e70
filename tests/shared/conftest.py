"""One local cloud for all tests of the domain."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.cloud import RunningCloud, local_cloud

SERVERS = ("firestore", "pubsub", "bigquery", "storage", "secrets", "run")
_days, _weeks = itertools.count(), itertools.count()


@pytest.fixture(scope="session")
def running_cloud() -> Iterator[RunningCloud]:
    """The servers that the domain itself talks to. Executions of jobs are accepted and never begin."""
    with local_cloud(*SERVERS, KOMPO_LOCAL_RUN_TASKS="0") as running:
        yield running


@pytest.fixture(scope="module")
def cloud(running_cloud: RunningCloud) -> Iterator[RunningCloud]:
    """The servers that the domain itself talks to, with the clients of this process pointed at them."""
    with running_cloud.applied():
        yield running_cloud


@pytest.fixture
def hour() -> datetime:
    """The start of an hour of the past months that no other test tells events of, nor of the day before it."""
    return _this_hour() - timedelta(days=80) + timedelta(hours=30) * next(_days)


@pytest.fixture
def lonely_hour() -> datetime:
    """The start of an hour of the past year that no other test tells events of, nor of the week before it."""
    return _this_hour() - timedelta(days=355) + timedelta(days=8) * next(_weeks)


def _this_hour() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
