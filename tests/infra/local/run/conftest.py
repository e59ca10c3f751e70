"""A Run server that runs four tasks at a time."""

from collections.abc import Iterator

import pytest

from tests.cloud import local_cloud
from tests.infra.local.run.clients import RunClients, run_clients


@pytest.fixture(scope="package")
def run() -> Iterator[RunClients]:
    """The official clients of a Run server."""
    with local_cloud("run", KOMPO_LOCAL_RUN_TASKS="4") as cloud:
        yield run_clients(cloud)
