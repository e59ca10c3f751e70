"""Periods of time, and the steps that they are cut into. Everything is in UTC."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from shared.core.errors import InvalidInput

MAX_PERIOD = timedelta(days=366)
MAX_STEPS = 10_000


class Step(StrEnum):
    """The length of a step. Weeks begin on Monday."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def sql(self) -> str:
        """The name of the part in BigQuery's TIMESTAMP_TRUNC."""
        return "ISOWEEK" if self is Step.WEEK else self.value.upper()

    def floor(self, at: datetime) -> datetime:
        """The start of the step that `at` is in, in UTC; a plain datetime also of one that Firestore gave."""
        at = datetime.combine(at.date(), at.timetz()).astimezone(UTC)
        if self is Step.MINUTE:
            return at.replace(second=0, microsecond=0)
        hour = at.replace(minute=0, second=0, microsecond=0)
        if self is Step.HOUR:
            return hour
        day = hour.replace(hour=0)
        if self is Step.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self is Step.MONTH else day

    def after(self, start: datetime) -> datetime:
        """The start of the step that follows the one that starts at `start`."""
        if self is Step.MONTH:
            return (start + timedelta(days=31)).replace(day=1)
        return start + _LENGTHS[self]

    def before(self, start: datetime) -> datetime:
        """The start of the step before the one that starts at `start`."""
        return self.floor(start - timedelta(microseconds=1))


_LENGTHS = {
    Step.MINUTE: timedelta(minutes=1),
    Step.HOUR: timedelta(hours=1),
    Step.DAY: timedelta(days=1),
    Step.WEEK: timedelta(days=7),
}


@dataclass(frozen=True)
class Period:
    """The time from `start` up to, and without, `end`. Raises InvalidInput if it is empty or over 366 days long, or one of them
    has no zone."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise InvalidInput("Say the times of a period with their zone, such as datetime(2026, 11, 7, tzinfo=UTC).")
        if not timedelta(0) < self.end - self.start <= MAX_PERIOD:
            raise InvalidInput("The period must end after it starts and be no longer than 366 days.")

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start

    @property
    def before(self) -> "Period":
        """The period of equal length that ends where this one starts."""
        return Period(self.start - self.length, self.start)

    @property
    def whole_hours(self) -> bool:
        """Whether it starts and ends on the hour."""
        return all(Step.HOUR.floor(edge) == edge for edge in (self.start, self.end))

    def steps(self, every: Step) -> Iterator[datetime]:
        """The starts of the steps that it touches; the first may lie before its own.

        Raises InvalidInput when there are more than 10,000."""
        at = every.floor(self.start)
        for _ in range(MAX_STEPS):
            if at >= self.end:
                return
            yield at
            at = every.after(at)
        if at < self.end:
            raise InvalidInput(f"The period has more than {MAX_STEPS} steps of a {every}. Ask for longer steps.")
