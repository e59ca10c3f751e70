"""History: every transition of every alert becomes a row of `alert_history`, once.

Rows are written to `alert_history_pending` in the commit that moves the alert, and carried over to BigQuery after it. What a
killed evaluator leaves behind the next one carries over; a row that is there already is not written again."""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from shared.alerts.instances import SYSTEM, AlertInstance
from shared.core.clients import firestore_client
from shared.core.ids import new_id
from shared.events import run_query

if TYPE_CHECKING:
    from google.cloud.firestore import WriteBatch

log = logging.getLogger(__name__)

PENDING = "alert_history_pending"
_SQL = Path(__file__).with_name("history.sql")
_AT_ONCE = 2000
"""Rows of one statement: well under the 10 MB of a request."""
_DOCUMENTS = 500


def keep_history(batch: "WriteBatch", changes: Iterable[tuple[AlertInstance | None, AlertInstance]]) -> None:
    """Add to `batch` the rows of all transitions between what the alerts were and what they are."""
    rows = [json.dumps(row) for before, after in changes for row in _rows(before, after)]
    if rows:
        batch.create(firestore_client().collection(PENDING).document(new_id()), {"rows": rows})


def carry_over() -> int:
    """Write what is pending to BigQuery. Returns the rows; more than 500 commits' wait for the next time. Raises Unavailable."""
    waiting = list(firestore_client().collection(PENDING).limit(_DOCUMENTS).stream())
    told = [row for document in waiting for row in cast("list[str]", document.get("rows"))]
    for rows in _parts(told):
        since = min(datetime.fromisoformat(json.loads(row)["at"]) for row in rows)
        run_query(_SQL, {"since": since, "rows": list(rows)})
    batch = firestore_client().batch()
    for document in waiting:
        batch.delete(document.reference)
    batch.commit()
    return len(told)


def _rows(before: AlertInstance | None, after: AlertInstance) -> Iterator[dict[str, Any]]:
    known = len(before.history) if before is not None else 0
    for number, made in enumerate(after.history[known:], known):
        yield {
            "transition_id": f"{after.id}/{number}",
            "at": made.at.isoformat(),
            "alert_id": after.id,
            "rule_id": after.rule_id,
            "source": after.source.value,
            "kpi": after.kpi,
            "condition": after.condition.value,
            "severity": after.severity.value,
            "labels": json.dumps(after.labels, sort_keys=True),
            "before": made.before and made.before.value,
            "after": made.after.value,
            "made_by": SYSTEM if made.by == SYSTEM else "operator",
            "value": made.value,
            "threshold": after.threshold,
            "started_at": after.started_at.isoformat(),
            "fired_at": _by_then(after.fired_at, made.at),
            "acknowledged_at": _by_then(after.acknowledged_at, made.at),
        }


def _by_then(moment: datetime | None, at: datetime) -> str | None:
    """The moment, if it is not after the transition."""
    return moment.isoformat() if moment is not None and moment <= at else None


def _parts(rows: Sequence[str]) -> Iterator[Sequence[str]]:
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))
