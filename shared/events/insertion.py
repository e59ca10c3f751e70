"""Insertion: rows go into the tables by `insertAll`, and what BigQuery says of each of them."""

import logging
from collections.abc import Sequence
from typing import Any, cast

from shared.core.clients import bigquery_client
from shared.core.errors import Unavailable
from shared.core.settings import settings
from shared.events.rows import EVENTS, REJECTED, Rejection, Row

log = logging.getLogger(__name__)

_TRANSIENT = {"stopped", "timeout", "backendError", "internalError", "rateLimitExceeded", "quotaExceeded"}
_TIMEOUT = 30.0


def insert_events(rows: Sequence[Row], row_ids: Sequence[str]) -> dict[int, Rejection]:
    """Insert rows into `events`. Those that BigQuery itself refuses come back by index, and
    all others are in. Raises Unavailable."""
    refused: dict[int, Rejection] = {}
    for failure in insert_rows(EVENTS, rows, row_ids):
        first = failure["errors"][0] if failure["errors"] else {"reason": "unknown", "message": ""}
        if first["reason"] in _TRANSIENT:
            raise Unavailable(f"BigQuery did not take the events: {first['reason']}.")
        refused[failure["index"]] = Rejection(f"bigquery_{first['reason']}", first.get("message", ""), [()])
    return refused


def insert_rejected(rows: Sequence[Row]) -> None:
    """Insert rows into `events_rejected`. Raises Unavailable."""
    if not rows:
        return
    if failures := insert_rows(REJECTED, rows, [row["rejection_id"] for row in rows]):
        raise Unavailable(f"BigQuery did not take {len(failures)} rejected events: {failures[0]['errors']}.")
    log.warning("events rejected", extra={"fields": {"count": len(rows), "reasonCode": rows[0]["reason_code"]}})


def insert_rows(table: str, rows: Sequence[Row], row_ids: Sequence[str]) -> list[dict[str, Any]]:
    """`insertAll` with partial success; every row that failed, with its index and errors. Raises Unavailable."""
    from google.api_core.exceptions import GoogleAPIError
    from google.cloud.bigquery.retry import DEFAULT_RETRY
    from requests.exceptions import RequestException

    if not rows:
        return []
    client = bigquery_client()
    name = f"{client.project}.{settings().dataset}.{table}"
    try:
        failures: Any = client.insert_rows_json(
            name,
            rows,
            row_ids=row_ids,
            skip_invalid_rows=True,
            ignore_unknown_values=False,
            retry=DEFAULT_RETRY.with_timeout(_TIMEOUT),
            timeout=_TIMEOUT,
        )
    except (GoogleAPIError, RequestException, ConnectionError) as error:
        raise Unavailable(f"BigQuery does not answer: {error}") from error
    return cast("list[dict[str, Any]]", failures)
