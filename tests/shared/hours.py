"""Hours of the past that tests have for themselves."""

import itertools
from collections.abc import Collection
from datetime import UTC, datetime, timedelta


def this_hour() -> datetime:
    """The start of the present hour."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


class Hours:
    """The hours of one cloud: no two tests tell events of the same.

    Those of the `recent` days are given away one by one, those before with a week each, but for the days ago that are `taken`."""

    def __init__(self, recent: int, taken: Collection[int] = ()) -> None:
        self._recent, self._taken = recent, taken
        self._days, self._days_ago = itertools.count(), 322

    def next(self) -> datetime:
        """The start of an hour of the recent days that no other test tells events of, nor of the day before it."""
        hour = this_hour() - timedelta(days=self._recent) + timedelta(hours=28) * next(self._days)
        return _unless_used_up(hour, this_hour() - timedelta(hours=2))

    def next_lonely(self) -> datetime:
        """The start of an hour of the past year that no other test tells events of, nor of the week before it.

        The month before it is of that year too: events that are older are refused. It begins after the month in which people of
        `insights/test_measuring.py`, 362 days ago, still count as active."""
        while self._days_ago in self._taken:
            self._days_ago -= 1
        hour = this_hour() - timedelta(days=self._days_ago)
        self._days_ago -= 8
        return _unless_used_up(hour, this_hour() - timedelta(days=self._recent + 1))


def _unless_used_up(hour: datetime, end: datetime) -> datetime:
    assert hour < end, "the tests of this cloud have used up its hours: give some of them another"
    return hour
