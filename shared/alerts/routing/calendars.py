"""Calendars: recurring times of wall clocks, such as `Monday to Friday, 09:00 to 17:00` or `the last three days of a month`.

A time is in a calendar if it fits all of its parts; a part that is left out fits always. It is the wall clock that counts: an
hour that a zone skips in spring is never, one that it repeats in autumn is twice."""

import calendar
import re
from collections.abc import Mapping
from datetime import datetime, time
from functools import cache
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from shared.alerts.routing.model import SettingId, SettingsModel, Zone, zone_info

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if number}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
_NO_NAMES: Mapping[str, int] = {}


def _range(text: str, names: Mapping[str, int]) -> tuple[int, int]:
    """`2:5`, `monday:friday` or one of them alone, as first and last. Raises ValueError."""
    first, colon, last = text.lower().partition(":")
    return _number(first, names), _number(last if colon else first, names)


def _number(text: str, names: Mapping[str, int]) -> int:
    if text in names:
        return names[text]
    if re.fullmatch(r"-?\d{1,4}", text):
        return int(text)
    known = f"one of {', '.join(names)}" if names else "a number"
    raise ValueError(f"`{text}` is not {known}")


@cache
def _weekdays(text: str) -> tuple[int, int]:
    first, last = _range(text, _WEEKDAYS)
    if not 0 <= first <= last <= 6 or text.strip("-:").isdigit():
        raise ValueError("write weekdays in order, like monday:friday or sunday")
    return first, last


@cache
def _months(text: str) -> tuple[int, int]:
    first, last = _range(text, _MONTHS)
    if not 1 <= first <= last <= 12:
        raise ValueError("write months in order, like january:march or 12")
    return first, last


@cache
def _years(text: str) -> tuple[int, int]:
    first, last = _range(text, _NO_NAMES)
    if not 1970 <= first <= last <= 9999:
        raise ValueError("write years in order, like 2026 or 2026:2028")
    return first, last


@cache
def _days(text: str) -> tuple[int, int]:
    first, last = _range(text, _NO_NAMES)
    known = all(1 <= abs(day) <= 31 for day in (first, last))
    if not known or (first < 0 < last) or (first * last > 0 and first > last):
        raise ValueError("write days in order, from 1 or, from the end of the month, from -1: 1:7, 15, -3:-1 or 10:-1")
    return first, last


def _read(parse: object) -> AfterValidator:
    def check(text: str) -> str:
        parse(text)  # type: ignore[operator]  # One of the four above.
        return text.lower()

    return AfterValidator(check)


def _clock(text: str) -> str:
    if _CLOCK.fullmatch(text) is None:
        raise ValueError("write a time of day like 09:30; 24:00 is the end of the day")
    return text


def minutes_of_day(text: str) -> int:
    """Minutes since midnight on the wall clock; 1440 for `24:00`."""
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


Clock = Annotated[str, AfterValidator(_clock), Field(max_length=5, examples=["09:00"])]
Weekdays = Annotated[str, _read(_weekdays), Field(max_length=30, examples=["monday:friday"])]
DaysOfMonth = Annotated[str, _read(_days), Field(max_length=10, examples=["-3:-1"])]
Months = Annotated[str, _read(_months), Field(max_length=30, examples=["december"])]
Years = Annotated[str, _read(_years), Field(max_length=10, examples=["2026:2027"])]


class TimeOfDay(SettingsModel):
    """From `start` until before `end`, on the same day."""

    start: Clock = "00:00"
    end: Clock = "24:00"

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if minutes_of_day(self.start) >= minutes_of_day(self.end):
            raise ValueError(
                f"{self.start} is not before {self.end}; write a night as two: {self.start} to 24:00, 00:00 to {self.end}"
            )
        return self

    def contains(self, clock: time) -> bool:
        """Whether the wall clock shows such a time."""
        return minutes_of_day(self.start) <= clock.hour * 60 + clock.minute < minutes_of_day(self.end)


class Calendar(SettingsModel):
    """Recurring times. Ranges hold both their ends; days of the month count from its end if they are negative."""

    times: tuple[TimeOfDay, ...] = Field(default=(), max_length=24)
    weekdays: tuple[Weekdays, ...] = Field(default=(), max_length=7)
    days_of_month: tuple[DaysOfMonth, ...] = Field(default=(), max_length=31)
    months: tuple[Months, ...] = Field(default=(), max_length=12)
    years: tuple[Years, ...] = Field(default=(), max_length=20)

    def contains(self, local: datetime) -> bool:
        """Whether a time of the wall clock is in it."""
        return (
            (not self.times or any(each.contains(local.time()) for each in self.times))
            and (not self.weekdays or any(_within(local.weekday(), _weekdays(each)) for each in self.weekdays))
            and (not self.days_of_month or any(_on_day(local, _days(each)) for each in self.days_of_month))
            and (not self.months or any(_within(local.month, _months(each)) for each in self.months))
            and (not self.years or any(_within(local.year, _years(each)) for each in self.years))
        )


def _within(value: int, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _on_day(local: datetime, bounds: tuple[int, int]) -> bool:
    """A range that goes past the end of a short month ends with it; one that begins after it is not in that month."""
    length = calendar.monthrange(local.year, local.month)[1]
    first, last = (day if day > 0 else length + 1 + day for day in bounds)
    return first <= local.day <= last


class NamedTimes(SettingsModel):
    """Times that routes name: while they are muted, or outside which they are not active. In any of the calendars."""

    id: SettingId
    zone: Zone = "UTC"
    calendars: tuple[Calendar, ...] = Field(min_length=1, max_length=50)

    def contains(self, at: datetime) -> bool:
        """Whether it is such a time in its zone."""
        local = at.astimezone(zone_info(self.zone))
        return any(each.contains(local) for each in self.calendars)
