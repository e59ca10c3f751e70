"""A local BigQuery for what is benched with it, and the salts that users are hashed with."""

from collections.abc import Iterator

import pytest

from tests.cloud import RunningCloud, local_cloud


@pytest.fixture(scope="package")
def cloud() -> Iterator[RunningCloud]:
    """A BigQuery with the client of this process pointed at it."""
    with local_cloud("bigquery", "secrets") as running, running.applied():
        yield running
