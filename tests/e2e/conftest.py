"""The whole suite and some footage, for the tests that walk the product's paths."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.footage import Footage, make_footage
from tests.api import User, sign_up
from tests.cloud import RunningCloud, local_cloud


@pytest.fixture(scope="session")
def suite() -> Iterator[RunningCloud]:
    """All servers and functions."""
    with local_cloud(KOMPO_REQUESTS_PER_MINUTE="100000") as running:
        running.apply()
        yield running


@pytest.fixture
def user(suite: RunningCloud) -> User:
    """A new user."""
    return sign_up(suite.url)


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    """Footage of our own."""
    folder: Path = tmp_path_factory.mktemp("footage")
    return make_footage(folder)
