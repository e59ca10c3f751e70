"""One Firestore server for these tests, and a client with a project of its own for each: a database comes into being when
it is written to."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from google.cloud import firestore

from infra.local.firestore.engine import Engine
from tests.cloud import RunningCloud, local_cloud

HOST = "FIRESTORE_EMULATOR_HOST"


@pytest.fixture(scope="session")
def server() -> Iterator[RunningCloud]:
    """A local cloud of nothing but Firestore."""
    with local_cloud("firestore") as running:
        yield running


@pytest.fixture
def project(server: RunningCloud, monkeypatch: pytest.MonkeyPatch) -> str:
    """A project that no other test uses; clients made in the test find the server."""
    monkeypatch.setenv(HOST, server.env[HOST])
    return f"test-{uuid4().hex[:12]}"


@pytest.fixture
def client(project: str) -> firestore.Client:
    return firestore.Client(project=project)


@pytest.fixture
def async_client(project: str) -> Callable[[], firestore.AsyncClient]:
    """Makes a client in the event loop that will use it."""
    return lambda: firestore.AsyncClient(project=project)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """The engine in this process, for what cannot be seen through a client."""
    running = Engine(tmp_path)
    yield running
    running.close()
