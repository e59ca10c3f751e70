"""One local cloud for all tests of the domain, but for those of insights."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.cloud import RunningCloud, local_cloud
from tests.shared.hours import Hours

SERVERS = ("firestore", "pubsub", "bigquery", "storage", "secrets", "run", "auth")
_hours = Hours(recent=80)


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
    return _hours.next()


@pytest.fixture
def lonely_hour() -> datetime:
    """The start of an hour of the past year that no other test tells events of, nor of the week before it."""
    return _hours.next_lonely()
