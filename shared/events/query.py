"""Queries: BigQuery SQL from .sql files, with named parameters, over events that each count once.

A query file reads `${deduplicated_events}`, `${session_operations}` or `${operation_runs}` (parameters @start and @end; see the
files of these names), and the other tables of the dataset by their bare names. A query over several users' events ends in
`HAVING ${k_anonymous}` (see `anonymity`).
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from shared.core.clients import bigquery_client
from shared.core.errors import Unavailable
from shared.core.settings import settings
from shared.events import anonymity
from shared.events.results import rows_of

if TYPE_CHECKING:
    from google.cloud import bigquery

Parameter = str | int | float | bool | datetime | None | list[str] | list[int] | list[datetime]

_VIEWS = ("k_anonymous", "deduplicated_events", "session_operations", "operation_runs")
"""Each may read those before it."""
_TIMEOUT = 30.0


def run_query(path: Path, parameters: Mapping[str, Parameter], *, timeout: float = _TIMEOUT) -> list[dict[str, Any]]:
    """Run the query in the file at `path`; its rows by column name. None is a null STRING.

    It sees every event that `ingest` has answered for. Raises Unavailable if BigQuery does not answer in `timeout` seconds."""
    return run_sql(_sql(path), parameters, timeout=timeout)


def run_sql(sql: str, parameters: Mapping[str, Parameter], *, timeout: float = _TIMEOUT) -> list[dict[str, Any]]:
    """The same for a query given as text. Put nothing into it that a caller says: that is what parameters are for."""
    from google.api_core.exceptions import GoogleAPICallError, GoogleAPIError
    from google.cloud import bigquery
    from google.cloud.bigquery.retry import DEFAULT_RETRY
    from requests.exceptions import RequestException

    client = bigquery_client()
    config = bigquery.QueryJobConfig(
        default_dataset=bigquery.DatasetReference(client.project, settings().dataset),
        query_parameters=[_parameter(name, value) for name, value in parameters.items()],
        use_query_cache=False,
    )
    try:
        retry = DEFAULT_RETRY.with_timeout(timeout)
        rows = client.query_and_wait(sql, job_config=config, api_timeout=timeout, wait_timeout=timeout, retry=retry)
        return rows_of(rows)
    except (GoogleAPIError, RequestException, ConnectionError, TimeoutError) as error:
        if isinstance(error, GoogleAPICallError) and error.code is not None and error.code < 500 and error.code != 429:
            raise  # The query itself is wrong: that is ours to mend, not the caller's to repeat.
        raise Unavailable(f"BigQuery does not answer: {error}") from error


def with_views(text: str, parts: Mapping[str, str]) -> str:
    """The text of a query with the views in their places, and these `parts` in theirs. Raises KeyError for a place of neither."""
    return Template(text).substitute({**_views(), **parts})


@cache
def _sql(path: Path) -> str:
    return with_views(path.read_text(), {})


@cache
def _views() -> dict[str, str]:
    views = {"k": str(anonymity.K_ANONYMITY)}
    for name in _VIEWS:
        view = Template(Path(__file__).with_name(f"{name}.sql").read_text()).substitute(views)
        views[name] = f"(\n{view})"
    return views


def _parameter(name: str, value: Parameter) -> "bigquery.ScalarQueryParameter | bigquery.ArrayQueryParameter":
    from google.cloud import bigquery

    if isinstance(value, list):
        return bigquery.ArrayQueryParameter(name, _kind(value[0]) if value else "STRING", value)
    return bigquery.ScalarQueryParameter(name, _kind(value), value)


def _kind(value: str | int | float | bool | datetime | None) -> str:
    if isinstance(value, bool):
        return "BOOL"
    if isinstance(value, int):
        return "INT64"
    if isinstance(value, float):
        return "FLOAT64"
    return "TIMESTAMP" if isinstance(value, datetime) else "STRING"
