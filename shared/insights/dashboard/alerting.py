"""Alerting: what became of alerts in a period, from the history of all of them."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydantic import Field

from shared.events import run_query
from shared.insights.figures import Figures
from shared.insights.period import Period

_SQL = Path(__file__).with_name("alert_transitions.sql")
_COUNT = Path(__file__).with_name("alert_transition_count.sql")


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


def alert_transitions(period: Period, limit: int, kpis: Sequence[str] = ()) -> list[AlertTransition]:
    """The last `limit` transitions of the period, the newest first; of rules that watch one of the KPIs, if any is named. Raises
    Unavailable."""
    rows = run_query(_SQL, {"start": period.start, "end": period.end, "kpis": list(kpis), "limit": limit})
    return [AlertTransition.model_validate({**row, "labels": json.loads(row["labels"])}) for row in rows]


def count_alert_transitions(period: Period, kpis: Sequence[str] = ()) -> int:
    """How many transitions there are in the period, of the same rules. Raises Unavailable."""
    [row] = run_query(_COUNT, {"start": period.start, "end": period.end, "kpis": list(kpis)})
    return int(row["transitions"])
