"""Gapped: how many sessions hold a pattern with other operations in between, which the count of contiguous runs does not see."""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain, repeat
from pathlib import Path

from shared.events import run_query
from shared.patterns.learning import learning
from shared.patterns.mining import mine_sequences
from shared.patterns.pattern import ARROW

_SQL = Path(__file__).with_name("distinct_sequences.sql")
_TIMEOUT = 120.0
_LONGEST = 5


def sessions_with_gaps(start: datetime, end: datetime) -> Mapping[str, int]:
    """By pattern, the sessions of [start, end) that hold its operations in this order with at most `gaps.most` others between
    one and the next; of patterns of 2 to 5 operations that a share `gaps.session_share` of the sessions hold so.

    Raises Unavailable."""
    rows = run_query(_SQL, {"start": start, "end": end}, timeout=_TIMEOUT)
    sequences = [(tuple(row["operations"].split()), row["sessions"]) for row in rows]
    whole = sum(count for _, count in sequences)
    gaps = learning().gaps
    least = max(learning().candidate.frequency, round(gaps.session_share * whole))
    mined = mine_sequences(
        chain.from_iterable(repeat(sequence, count) for sequence, count in sequences),
        min_support=least,
        max_gap=gaps.most,
        max_length=_LONGEST,
    )
    return {ARROW.join(map(str, found.items)): found.support for found in mined if len(found) > 1}
