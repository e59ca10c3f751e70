"""Reading: what a rule's query gives for a window, or for many windows at once."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shared.alerts.readings import Failure, Labels, Reading, Readings, labels_of
from shared.alerts.sql.envelope import MOST_LABEL_SETS, PARAMETERS, enveloped, in_one
from shared.core.errors import Unavailable
from shared.events import run_sql
from shared.insights import Period

UNCOUNTED = 1
"""Samples of a reading whose query does not count them."""
_TIMEOUT = 30.0


def read_sql(sql: str, labels: Sequence[str], period: Period, timeout: float = _TIMEOUT) -> Readings | Failure:
    """The readings of the period. What BigQuery refuses now, though it was checked when it was saved, is a failure too."""
    from google.api_core.exceptions import GoogleAPICallError

    try:
        rows = run_sql(enveloped(sql), {"start": period.start, "end": period.end}, timeout=timeout)
    except Unavailable as error:
        return Failure(error.detail)
    except GoogleAPICallError as error:
        return Failure(f"BigQuery refuses the query: {error.message}")
    return readings_of(rows, labels)


def read_sql_at(sql: str, labels: Sequence[str], periods: Sequence[Period]) -> list[Readings | Failure]:
    """The readings of each period, with one query for all. Raises Unavailable."""
    from google.api_core.exceptions import GoogleAPICallError

    moments = {
        f"{name}_{number}": getattr(period, name) for number, period in enumerate(periods) for name in PARAMETERS
    }
    try:
        rows = run_sql(in_one(sql, len(periods)), moments, timeout=_TIMEOUT)
    except GoogleAPICallError as error:
        return [Failure(f"BigQuery refuses the query: {error.message}")] * len(periods)
    grouped: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["evaluation"], []).append(row)
    return [readings_of(grouped.get(number, ()), labels) for number in range(len(periods))]


def readings_of(rows: Iterable[Mapping[str, Any]], labels: Sequence[str]) -> Readings | Failure:
    """Rows as readings, by their labels; rows that lack one of them are left out, as of KPIs."""
    seen: dict[Labels, Reading] = {}
    for told, reading in _read(rows, labels):
        if told in seen:
            named = ", ".join(f"{name}={value}" for name, value in told) or "no label"
            return Failure(f"The query gives two rows for {named}. Group by the labels.")
        seen[told] = reading
    if len(seen) > MOST_LABEL_SETS:
        return Failure(
            f"The query gives over {MOST_LABEL_SETS} rows. Group by less, or leave out what is of no weight."
        )
    return seen


def _read(rows: Iterable[Mapping[str, Any]], labels: Sequence[str]) -> Iterator[tuple[Labels, Reading]]:
    for row in rows:
        if all(row[name] is not None for name in labels):
            value = float(row["value"]) if row["value"] is not None else None
            finite = value if value is None or math.isfinite(value) else None
            yield (
                labels_of((name, str(row[name])) for name in labels),
                Reading(finite, int(row.get("samples", UNCOUNTED) or 0)),
            )
