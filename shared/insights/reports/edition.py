"""Editions: which period a report is about, and which it is compared with, by the calendar of a zone.

A day is from one midnight of the zone to the next, be it 23, 24 or 25 hours long; a month ends where the next begins. Where a
midnight does not exist, because clocks were put forward over it, the day begins at the moment they were."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.core.errors import InvalidInput
from shared.insights.period import Period
from shared.insights.reports.cron import last_firing
from shared.insights.reports.kinds import ReportKind

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Edition:
    """A report's period, the one before it, and the zone that its days are those of."""

    kind: ReportKind
    period: Period
    before: Period
    zone: ZoneInfo

    @property
    def first_day(self) -> date:
        """The day in its zone that it begins in."""
        return self.period.start.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """The day in its zone that it ends in."""
        return (self.period.end - _MOMENT).astimezone(self.zone).date()

    @property
    def stretch(self) -> float:
        """How many times as long its period is as the one before."""
        return self.period.length / self.before.length

    @property
    def label(self) -> str:
        """Its period in words: `16 to 22 November 2026`."""
        first, last = self.first_day, self.last_day
        if self.kind is ReportKind.CUSTOM:
            return f"{_minute(self.period.start, self.zone)} to {_minute(self.period.end, self.zone)}"
        if first == last:
            return f"{first.day} {first:%B %Y}"
        if self.kind is ReportKind.MONTHLY:
            return f"{first:%B %Y}"
        start = f"{first.day}" if (first.year, first.month) == (last.year, last.month) else f"{first.day} {first:%B}"
        return f"{start if first.year == last.year else f'{start} {first.year}'} to {last.day} {last:%B %Y}"

    def moment(self, at: datetime) -> str:
        """The day, or within it the minute, at which something of it was, in words and in its zone."""
        local = at.astimezone(self.zone)
        return f"{local.day} {local:%B %Y}" if midnight(local.date(), self.zone) == at else _minute(at, self.zone)

    @property
    def slug(self) -> str:
        """Its period as a part of a name of a file: `2026-11-16`; of custom ones with the time, in UTC."""
        if self.kind is ReportKind.CUSTOM:
            return f"{self.period.end.astimezone(UTC):%Y-%m-%dT%H%MZ}"
        return self.first_day.isoformat()


def last_edition(kind: ReportKind, until: datetime, zone: ZoneInfo, cron: str | None = None) -> Edition:
    """The last edition whose period is over at `until`. Raises InvalidInput for a cron expression that makes no sense, or whose
    moments lie more than 366 days apart."""
    end = _last_edge(kind, until, zone, cron)
    start = _last_edge(kind, end - _MOMENT, zone, cron)
    before = _last_edge(kind, start - _MOMENT, zone, cron)
    return Edition(kind, Period(start, end), Period(before, start), zone)


def check_over(edition: Edition, at: datetime) -> None:
    """Raise InvalidInput unless the period is over at `at`: half a period would read like a bad one."""
    if edition.period.end > at:
        detail = f"{edition.label} is not over before {_minute(edition.period.end, edition.zone)} ({edition.zone.key})."
        raise InvalidInput(f"{detail} Ask for the report then, or for one of an earlier time.", pointer="/until")


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When that day begins in the zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _last_edge(kind: ReportKind, until: datetime, zone: ZoneInfo, cron: str | None) -> datetime:
    """The latest moment, `until` or before, at which a period of this kind ends."""
    if kind is ReportKind.CUSTOM:
        return last_firing(cron or "", until, zone)
    today = until.astimezone(zone).date()
    # A midnight that was skipped belongs to a day of which `until` may show the eve: the day after is tried too.
    candidates = (_FIRST_DAYS[kind](day) for day in (today + timedelta(days=1), today, today - timedelta(days=1)))
    return max(edge for edge in (midnight(day, zone) for day in candidates) if edge <= until)


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _quarter(day: date) -> date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


_FIRST_DAYS: Mapping[ReportKind, Callable[[date], date]] = {
    ReportKind.DAILY: lambda day: day,
    ReportKind.WEEKLY: _week,
    ReportKind.MONTHLY: lambda day: day.replace(day=1),
    ReportKind.QUARTERLY: _quarter,
}


def _minute(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y %H:%M}"
