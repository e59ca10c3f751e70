"""PatternAnalyzer: finds what users keep doing, and makes templates of it."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from shared.core.clients import bigquery_client
from shared.core.clock import now
from shared.core.errors import Unavailable
from shared.core.settings import settings
from shared.events import run_query
from shared.patterns.pattern import SequencePattern, closed
from shared.patterns.template import Template, store_templates

log = logging.getLogger(__name__)

MIN_FREQUENCY = 5
MIN_USERS = 3
"""Also what keeps a template from telling of one person's work."""
MIN_SUCCESS_RATE = 0.8
PERIOD = timedelta(days=90)
_SQL = Path(__file__).with_name("sequences.sql")
_TABLE = "sequence_patterns"
_TIMEOUT = 60.0


class PatternAnalyzer:
    """Mines the events of the last 90 days before `at`."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at or now()

    def analyze_operation_sequences(self) -> list[SequencePattern]:
        """The closed patterns of 2 to 5 operations that at least 5 sessions of 3 users hold and that succeed in 80 % of cases.

        The most frequent first. Raises Unavailable."""
        rows = run_query(
            _SQL,
            {
                "start": self._at - PERIOD,
                "end": self._at,
                "min_frequency": MIN_FREQUENCY,
                "min_users": MIN_USERS,
                "min_success_rate": MIN_SUCCESS_RATE,
            },
        )
        return closed([SequencePattern.of_row(row) for row in rows])

    def generate_templates(self, patterns: Sequence[SequencePattern]) -> list[Template]:
        """Make these patterns the system's mined templates and keep them in `sequence_patterns`. Raises Unavailable."""
        templates = [Template.of(pattern, self._at) for pattern in patterns]
        self._keep(patterns)
        deleted = store_templates(templates)
        log.info("templates generated", extra={"fields": {"templates": len(templates), "deleted": deleted}})
        return templates

    def _keep(self, patterns: Sequence[SequencePattern]) -> None:
        """Append them to the table by a load job: rows that are streamed in could not be changed or erased for a while."""
        from google.api_core.exceptions import GoogleAPIError
        from google.cloud import bigquery

        if not patterns:
            return
        columns = {"operations", "frequency", "user_count", "success_rate", "avg_duration"}
        rows = [
            {
                **pattern.model_dump(mode="json", include=columns),
                "pattern": pattern.pattern,
                "template_candidate": True,
                "generated_at": self._at.isoformat(),
            }
            for pattern in patterns
        ]
        client = bigquery_client()
        table = f"{client.project}.{settings().dataset}.{_TABLE}"
        config = bigquery.LoadJobConfig(write_disposition="WRITE_APPEND", autodetect=False)
        try:
            client.load_table_from_json(rows, table, job_config=config).result(timeout=_TIMEOUT)
        except (GoogleAPIError, ConnectionError) as error:
            raise Unavailable(f"BigQuery did not take the patterns: {error}") from error
