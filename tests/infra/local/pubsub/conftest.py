"""One Pub/Sub server for the contract tests; those that kill or provision start their own."""

from collections.abc import Iterator

import pytest

from tests.cloud import local_cloud
from tests.infra.local.pubsub.clients import Clients


@pytest.fixture(scope="session")
def clients() -> Iterator[Clients]:
    """The official clients on a server of their own."""
    with local_cloud("pubsub") as cloud:
        clients = Clients(cloud.env["PUBSUB_EMULATOR_HOST"])
        yield clients
        clients.close()
