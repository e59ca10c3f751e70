"""Ingest: rows of a message go to BigQuery; what cannot go there is quarantined with the reason. Nothing is lost.

A message can arrive twice. Its digest is kept for as long as Pub/Sub may redeliver it; whatever slips through (a process killed
between BigQuery and the mark) is caught by BigQuery's insert id, and by every query, which reads `deduplicated_events`.
"""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from shared.core.clients import bigquery_client
from shared.core.clock import now
from shared.core.errors import Unavailable
from shared.core.settings import settings
from shared.events.live import already_counted, count_once
from shared.events.rows import EVENTS, REJECTED, Rejection, Row, check_row, rejected_row, row_id

log = logging.getLogger(__name__)

_TRANSIENT = {"stopped", "timeout", "backendError", "internalError", "rateLimitExceeded", "quotaExceeded"}
_TIMEOUT = 30.0


@dataclass(frozen=True)
class IngestResult:
    """What became of a message: `accepted + invalid + duplicate` is what it carried."""

    accepted: int = 0
    invalid: int = 0
    duplicate: int = 0


def ingest(data: bytes) -> IngestResult:
    """Write the events of a message to BigQuery. Raises Unavailable if a service does not answer: the message must come again."""
    digest = hashlib.sha256(data).hexdigest()
    received_at = now()
    try:
        rows = _rows(data)
    except Rejection as poisoned:
        _quarantine([rejected_row(data.decode(errors="backslashreplace"), poisoned, received_at)], digest)
        return IngestResult(invalid=1)
    if already_counted(digest):
        return IngestResult(duplicate=len(rows))
    good, rejected = _sort(rows, received_at)
    duplicates = len(rows) - len(good) - len(rejected)
    refused = _insert(good, received_at)
    accepted = [row for index, row in enumerate(good) if index not in refused]
    _quarantine([*rejected, *refused.values()], digest)
    count_once(digest, accepted, invalid=len(rejected) + len(refused), at=received_at)
    return IngestResult(len(accepted), len(rejected) + len(refused), duplicates)


def _rows(data: bytes) -> list[object]:
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise Rejection("not_json", "the message is not JSON", []) from None
    rows = body.get("events") if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise Rejection("not_events", 'the message is not {"events": […]}', [])
    return rows


def _sort(rows: Sequence[object], received_at: datetime) -> tuple[list[Row], list[Row]]:
    """The rows for `events`, each event once, and those for `events_rejected`."""
    good: dict[str, Row] = {}
    rejected: list[Row] = []
    for row in rows:
        try:
            check_row(row)
        except Rejection as rejection:
            rejected.append(rejected_row(row, rejection, received_at))
        else:
            event = cast("Row", row)
            good.setdefault(row_id(event), event)
    return list(good.values()), rejected


def _insert(rows: list[Row], received_at: datetime) -> dict[int, Row]:
    """Insert rows into `events`. Those that BigQuery itself refuses are given back by index, as rows of `events_rejected`."""
    if not rows:
        return {}
    refused: dict[int, Row] = {}
    for failure in _insert_rows(EVENTS, rows, [row_id(row) for row in rows]):
        first = failure["errors"][0] if failure["errors"] else {"reason": "unknown", "message": ""}
        if first["reason"] in _TRANSIENT:
            raise Unavailable(f"BigQuery did not take the events: {first['reason']}.")
        rejection = Rejection(f"bigquery_{first['reason']}", first.get("message", ""), [()])
        row = rows[failure["index"]]
        refused[failure["index"]] = rejected_row(row, rejection, received_at) | {"event_id": row["event_id"]}
    return refused


def _quarantine(rows: list[Row], digest: str) -> None:
    """Insert rows into `events_rejected`; the same message gives the same insert ids."""
    if not rows:
        return
    failures = _insert_rows(REJECTED, rows, [f"{digest}-{index}" for index in range(len(rows))])
    if failures:
        raise Unavailable(f"BigQuery did not take {len(failures)} rejected events: {failures[0]['errors']}.")
    log.warning("events rejected", extra={"fields": {"count": len(rows), "reasonCode": rows[0]["reason_code"]}})


def _insert_rows(table: str, rows: list[Row], row_ids: list[str]) -> list[dict[str, Any]]:
    """`insertAll` with partial success; every row that failed, with its index and errors."""
    from google.api_core.exceptions import GoogleAPIError
    from google.cloud.bigquery.retry import DEFAULT_RETRY
    from requests.exceptions import RequestException

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
