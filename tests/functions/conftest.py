"""The whole suite, once for all tests of the API."""

from collections.abc import Iterator

import pytest

from tests.api import User, sign_up
from tests.cloud import RunningCloud, local_cloud


@pytest.fixture(scope="session")
def suite() -> Iterator[RunningCloud]:
    """All servers and functions, with the official clients of this process pointed at them."""
    with local_cloud(KOMPO_REQUESTS_PER_MINUTE="100000") as running:
        running.apply()
        yield running


@pytest.fixture
def user(suite: RunningCloud) -> User:
    """A new user."""
    return sign_up(suite.url)


@pytest.fixture
def stranger(suite: RunningCloud) -> User:
    """Another one."""
    return sign_up(suite.url)
