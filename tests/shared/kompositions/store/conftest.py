"""Users who store kompositions."""

import pytest

from shared.core.ids import new_id
from tests.cloud import RunningCloud


@pytest.fixture
def user(cloud: RunningCloud) -> str:
    """A new user's id."""
    return new_id()


@pytest.fixture
def reader(cloud: RunningCloud) -> str:
    """Another one's."""
    return new_id()
