"""Roll-up: the live counters of what became of events are carried over into the table `ingest_outcomes`, which keeps them."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from shared.events.live import KEPT, outcomes_since
from shared.events.outcomes import Tally
from shared.events.query import run_query

_HERE = Path(__file__).parent
_STILL_COUNTING = timedelta(minutes=5)
"""A minute can still grow for as long: requests and messages begun in it end later."""


def roll_up_outcomes(now: datetime) -> int:
    """Bring `ingest_outcomes` up to date with the live counters; run again, it changes nothing. Returns the rows written.

    After a pause it catches up with everything that the live counters still hold: two days. Raises Unavailable."""
    [last] = run_query(_HERE / "last_outcome.sql", {"since": now - KEPT})
    since = max(now - KEPT, (last["minute"] or now - KEPT) - _STILL_COUNTING)
    rows = list(_rows(outcomes_since(since)))
    if rows:
        run_query(_HERE / "roll_up_outcomes.sql", {"since": since, "counted": rows, "computed_at": now})
    return len(rows)


def _rows(counted: Iterable[tuple[datetime, Tally]]) -> Iterable[str]:
    for minute, tally in counted:
        for series, events in tally.items():
            yield json.dumps({"minute": minute.isoformat(), **vars(series), "events": events})
