"""Cron expressions in the time of a zone, right also where clocks are changed.

A moment that does not exist, because clocks are put forward over it, comes as much later as they are put; one that exists twice
counts the first time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.core.errors import InvalidInput

_FURTHEST = timedelta(days=366)


def check_cron(expression: str) -> None:
    """Raise InvalidInput unless this is a cron expression of five fields."""
    from croniter import croniter

    if len(expression.split()) != 5 or not croniter.is_valid(expression):
        raise InvalidInput(
            f"{expression!r} is not a cron expression. Give minute, hour, day, month and weekday, such as `0 7 * * 1`.",
            pointer="/cron",
        )


def last_firing(expression: str, until: datetime, zone: ZoneInfo) -> datetime:
    """The latest moment, `until` or before, that the expression names in the zone. Raises InvalidInput if a year has none."""
    check_cron(expression)
    for moment in _backwards(expression, until.astimezone(zone).replace(tzinfo=None) + timedelta(days=1), zone):
        if moment <= until:
            return moment
        if moment < until - _FURTHEST:
            break
    raise InvalidInput(f"{expression!r} names no moment in a year.", pointer="/cron")


def _backwards(expression: str, before: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The moments that it names by the zone's clocks, the latest first, from the time `before` on those clocks."""
    from croniter import croniter
    from croniter.croniter import CroniterBadDateError

    clock = croniter(expression, before)
    while True:
        try:
            local: datetime = clock.get_prev(datetime)
        except CroniterBadDateError:
            return
        yield local.replace(tzinfo=zone).astimezone(UTC)
