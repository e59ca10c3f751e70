"""Cron expressions in the time of a zone, right also where clocks are changed.

A moment that does not exist, because clocks are put forward over it, comes as much later as they are put; one that exists twice
counts the first time."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.core.errors import InvalidInput

_FURTHEST = timedelta(days=366)
_ANY_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
"""No leap year, nor is the one before it: what is only on a 29 February has no moment before this."""
_BY_CHANCE = re.compile(r"(?:^|[\s,])[RrHh](?![A-Za-z])")
"""What croniter knows besides: moments by chance, other ones whenever it is asked."""


def check_cron(expression: str) -> None:
    """Raise InvalidInput unless this is a cron expression of five fields that names a moment in every year."""
    last_firing(expression, _ANY_YEAR, ZoneInfo("UTC"))


def check_seldom(expression: str) -> None:
    """Raise InvalidInput if the expression names several moments in an hour."""
    from croniter import croniter

    _check_form(expression)
    minutes = croniter.expand(expression)[0][0]
    if len(minutes) > 1 or minutes == ["*"]:
        raise InvalidInput(
            f"{expression!r} names several moments in an hour; a report is made at most once an hour. Name one minute, such as "
            "`0 * * * *`: what must be known sooner, an alert rule tells.",
            pointer="/cron",
        )


def _check_form(expression: str) -> None:
    from croniter import croniter

    by_chance = _BY_CHANCE.search(expression) is not None
    if len(expression.split()) != 5 or by_chance or not croniter.is_valid(expression):
        raise InvalidInput(
            f"{expression!r} is not a cron expression. Give minute, hour, day, month and weekday, such as `0 7 * * 1`.",
            pointer="/cron",
        )


def last_firing(expression: str, until: datetime, zone: ZoneInfo) -> datetime:
    """The latest moment, `until` or before, that the expression names in the zone. Raises InvalidInput if a year has none."""
    _check_form(expression)
    for moment in _backwards(expression, until.astimezone(zone).replace(tzinfo=None) + timedelta(days=1), zone):
        if moment < until - _FURTHEST:
            break
        if moment <= until:
            return moment
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
