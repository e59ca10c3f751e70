"""Kept: the patterns of a night as rows of `sequence_patterns`, one load job a night, so that a night is there whole and once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.core.clients import bigquery_client
from shared.core.errors import Unavailable
from shared.core.settings import settings
from shared.patterns.pattern import SequencePattern

_TABLE = "sequence_patterns"
_TIMEOUT = 60.0


def keep_patterns(patterns: Sequence[SequencePattern], at: datetime) -> None:
    """Append them by a load job: rows that are streamed in could not be changed or erased for a while. The job's id follows from
    `at`: kept twice, they are there once. Raises Unavailable."""
    from google.api_core.exceptions import Conflict, GoogleAPIError
    from google.cloud import bigquery

    if not patterns:
        return
    client = bigquery_client()
    table = f"{client.project}.{settings().dataset}.{_TABLE}"
    config = bigquery.LoadJobConfig(write_disposition="WRITE_APPEND", autodetect=False)
    job_id = f"{_TABLE}-{at:%Y%m%dT%H%M%S%f}"
    rows = [_row(pattern, at) for pattern in patterns]
    try:
        try:
            client.load_table_from_json(rows, table, job_id=job_id, job_config=config).result(timeout=_TIMEOUT)
        except Conflict:
            client.get_job(job_id).result(timeout=_TIMEOUT)
    except (GoogleAPIError, ConnectionError) as error:
        raise Unavailable(f"BigQuery did not take the patterns: {error}") from error


def _row(pattern: SequencePattern, at: datetime) -> dict[str, Any]:
    columns = {
        "operations",
        "frequency",
        "occurrences",
        "user_count",
        "success_rate",
        "avg_duration",
        "median_duration",
        "platforms",
        "first_seen",
        "last_seen",
        "with_gaps",
        "is_new",
    }
    return {
        **pattern.model_dump(mode="json", include=columns),
        "pattern": pattern.pattern,
        "trend": pattern.trend.direction.value,
        "weekly_change": pattern.trend.change,
        "calls_saved": pattern.saving.calls,
        "tokens_saved": pattern.saving.tokens,
        "workflow_type": pattern.workflow.type if pattern.workflow else None,
        "template_candidate": pattern.is_candidate,
        "generated_at": at.isoformat(),
    }
