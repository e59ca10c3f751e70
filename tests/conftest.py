"""The whole suite, up once for all tests that go through the public API."""

import gc
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.api import User, sign_up
from tests.cloud import RunningCloud, local_cloud

# The same examples in every run, so that one that fails fails for whoever changed something, and not for who comes next.
# `pytest --hypothesis-profile=default` looks for new ones.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")


def pytest_collection_finish() -> None:
    """What was imported and collected stays: the collector need not look through it again and again, with all else waiting."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def running_suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """All servers and functions."""
    variables = {
        "KOMPO_REQUESTS_PER_MINUTE": "100000",
        "KOMPO_NOTIFICATION_HOSTS": "127.0.0.1",
        "KOMPO_MODELS": str(tmp_path_factory.mktemp("models")),
    }
    with local_cloud(**variables) as running:
        yield running


@pytest.fixture(scope="module")
def suite(running_suite: RunningCloud) -> Iterator[RunningCloud]:
    """All servers and functions, with the official clients of this process pointed at them."""
    with running_suite.applied():
        yield running_suite


@pytest.fixture
def user(suite: RunningCloud) -> User:
    """A new user."""
    return sign_up(suite)


@pytest.fixture
def stranger(suite: RunningCloud) -> User:
    """Another one."""
    return sign_up(suite)
