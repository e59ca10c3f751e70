"""Hours of the past that tests have for themselves."""

import itertools
from datetime import UTC, datetime, timedelta


def this_hour() -> datetime:
    """The start of the present hour."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


TAKEN = (*range(206, 252), *range(284, 320))
"""Days ago whose events are those of `test_expected.py` and `test_sentences.py` of reports, with the weeks around them."""


class Hours:
    """The hours of one cloud: no two tests tell events of the same."""

    def __init__(self) -> None:
        self._days, self._weeks = itertools.count(), itertools.count()

    def next(self) -> datetime:
        """The start of an hour of the past months that no other test tells events of, nor of the day before it."""
        return _past(this_hour() - timedelta(days=80) + timedelta(hours=30) * next(self._days))

    def next_lonely(self) -> datetime:
        """The start of an hour of the past year that no other test tells events of, nor of the week before it.

        The month before it is of that year too: events that are older are refused. It begins after the month in which people of
        `insights/test_measuring.py`, 362 days ago, still count as active."""
        ago = next(days for number in self._weeks if (days := 322 - 8 * number) not in TAKEN)
        return _past(this_hour() - timedelta(days=ago))


def _past(hour: datetime) -> datetime:
    assert hour < this_hour() - timedelta(hours=2), (
        "the tests of this cloud have used up its hours: give some of them another"
    )
    return hour
