import pytest

from tests.cloud import local_cloud


@pytest.fixture(scope="session")
def cloud():
    with local_cloud("storage") as running, running.applied():
        yield running
