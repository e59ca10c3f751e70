"""One local cloud for all contract tests; the tests of kill and restart start their own."""

from collections.abc import Iterator

import pytest

from infra.local.supervisor import NAMES
from tests.cloud import RunningCloud, local_cloud


@pytest.fixture(scope="session")
def running_cloud() -> Iterator[RunningCloud]:
    """All servers but the functions."""
    with local_cloud(*(name for name in NAMES if name != "functions")) as running:
        yield running


@pytest.fixture(scope="module")
def cloud(running_cloud: RunningCloud) -> Iterator[RunningCloud]:
    """All servers but the functions, with the official clients of this process pointed at them."""
    with running_cloud.applied():
        yield running_cloud
