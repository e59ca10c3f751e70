"""What the live counters grow by."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from shared.events import Tally, live_counts, live_outcomes

MINUTE = timedelta(minutes=1)


@contextmanager
def counted() -> Iterator[dict[str, float]]:
    """What the live counts have grown by, after the block."""
    start = datetime.now(UTC)
    before = _counts(start)
    grown: dict[str, float] = {}
    yield grown
    grown.update({name: value - before[name] for name, value in _counts(start).items()})


@contextmanager
def counted_outcomes() -> Iterator[Tally]:
    """What the live outcomes have grown by, after the block."""
    start = datetime.now(UTC)
    before = _outcomes(start)
    grown = Tally()
    yield grown
    grown.update(_outcomes(start) - before)


def _counts(start: datetime) -> dict[str, float]:
    counts = [vars(live_counts(minute)) for minute in _minutes(start)]
    return {name: sum(minute[name] for minute in counts) for name in counts[0]}


def _outcomes(start: datetime) -> Tally:
    return sum((live_outcomes(minute) for minute in _minutes(start)), Tally())


def _minutes(start: datetime) -> Iterator[datetime]:
    minute, now = start, datetime.now(UTC)
    while minute < now + MINUTE:
        yield minute
        minute += MINUTE
