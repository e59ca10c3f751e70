"""Alerting: what became of alerts in a period, from the history of all of them."""

import json
from datetime import datetime
from pathlib import Path

from pydantic import Field

from shared.events import run_query
from shared.insights.figures import Figures
from shared.insights.period import Period

_SQL = Path(__file__).with_name("alert_transitions.sql")


class AlertTransition(Figures):
    """A change of state of an alert."""

    at: datetime
    alert_id: str
    rule_id: str
    kpi: str | None
    condition: str
    severity: str
    labels: dict[str, str]
    before: str | None
    after: str
    made_by: str = Field(description="`system` or `operator`")
    value: float | None
    threshold: float


def alert_transitions(period: Period, limit: int) -> list[AlertTransition]:
    """The last `limit` transitions of the period, the newest first. Raises Unavailable."""
    rows = run_query(_SQL, {"start": period.start, "end": period.end, "limit": limit})
    return [AlertTransition.model_validate({**row, "labels": json.loads(row["labels"])}) for row in rows]
