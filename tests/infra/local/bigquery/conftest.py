"""The official client, pointed at the local cloud, and a dataset for each test."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

from tests.cloud import RunningCloud

Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def client(cloud: RunningCloud) -> bigquery.Client:
    """A client of the default project."""
    return bigquery.Client(project=cloud.project, credentials=AnonymousCredentials())


@pytest.fixture
def dataset(client: bigquery.Client) -> Iterator[str]:
    """The id of an empty dataset."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    client.create_dataset(name)
    yield name
    client.delete_dataset(name, delete_contents=True, not_found_ok=True)


@pytest.fixture
def ask(client: bigquery.Client) -> Ask:
    """Run SQL; gives the rows as tuples."""

    def run(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        config = bigquery.QueryJobConfig(query_parameters=list(parameters))
        return [tuple(row.values()) for row in client.query_and_wait(sql, job_config=config)]

    return run
