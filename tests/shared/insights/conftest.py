"""A cloud of its own for the tests of insights: they count everything that is told, and a year has only so many hours."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.cloud import RunningCloud, local_cloud
from tests.shared.hours import Hours

TAKEN = range(222, 320)
"""Days ago whose events are those of `test_expected.py` and `test_sentences.py` of reports, with all that these look back at."""
_hours = Hours(recent=51, taken=TAKEN)


@pytest.fixture(scope="session")
def running_cloud() -> Iterator[RunningCloud]:
    """The servers that insights talk to."""
    with local_cloud("firestore", "pubsub", "bigquery", "storage", "secrets") as running:
        yield running


@pytest.fixture
def hour() -> datetime:
    """The start of an hour of the past months that no other test tells events of, nor of the day before it."""
    return _hours.next()


@pytest.fixture
def lonely_hour() -> datetime:
    """The start of an hour of the past year that no other test tells events of, nor of the week before it."""
    return _hours.next_lonely()
