"""Recurring times of wall clocks: weekdays, days from either end of the month, months, years; hours that come twice or never."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.alerts.routing import Calendar, NamedTimes


def times(zone: str = "UTC", **calendar: Any) -> NamedTimes:
    return NamedTimes.model_validate({"id": "t", "zone": zone, "calendars": [calendar]})


def days(calendar: dict[str, Any], year: int, month: int) -> list[int]:
    """The days of a month that are in a calendar."""
    made, first = Calendar.model_validate(calendar), datetime(year, month, 1, 12)
    found = (first + timedelta(days=number) for number in range(31))
    return [day.day for day in found if day.month == month and made.contains(day)]


def test_a_time_must_fit_all_parts_and_one_of_each() -> None:
    office = times(
        weekdays=["monday:friday"], times=[{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "17:00"}]
    )
    at = datetime(2026, 1, 5, tzinfo=UTC)  # A Monday.
    inside = [hour for hour in range(24) if office.contains(at + timedelta(hours=hour))]
    assert inside == [9, 10, 11, 13, 14, 15, 16]
    assert not office.contains(at + timedelta(days=5, hours=10))


def test_the_end_of_a_time_is_not_in_it_and_24_00_is_the_end_of_the_day() -> None:
    evening = times(times=[{"start": "20:00", "end": "24:00"}])
    edges = [(19, 59), (20, 0), (23, 59), (0, 0)]
    assert [evening.contains(datetime(2026, 1, 5, *edge, 59, tzinfo=UTC)) for edge in edges] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("written", "february", "april"),
    [
        ("-1", [28], [30]),
        ("-3:-1", [26, 27, 28], [28, 29, 30]),
        ("29:31", [], [29, 30]),
        ("27:31", [27, 28], [27, 28, 29, 30]),
        ("31", [], []),
        ("28:-1", [28], [28, 29, 30]),
        ("1", [1], [1]),
    ],
)
def test_days_of_the_month_count_from_either_end(written: str, february: list[int], april: list[int]) -> None:
    calendar = {"days_of_month": [written]}
    assert (days(calendar, 2026, 2), days(calendar, 2026, 4)) == (february, april)


def test_the_last_day_of_a_leap_february_is_the_29th() -> None:
    assert days({"days_of_month": ["-1"]}, 2028, 2) == [29]


def test_months_and_years_by_name_and_number() -> None:
    for written in ("december:december", "12", "december"):
        assert days({"months": [written], "days_of_month": ["24"]}, 2026, 12) == [24]
    assert days({"years": ["2027"], "months": ["12"]}, 2026, 12) == []


def test_an_hour_that_the_zone_skips_is_never_and_one_that_it_repeats_is_twice() -> None:
    night = times("Europe/Berlin", times=[{"start": "02:00", "end": "03:00"}])

    def minutes(day: date) -> int:
        start, end = (
            datetime.combine(each, time(), ZoneInfo("Europe/Berlin")).astimezone(UTC)
            for each in (day, day + timedelta(days=1))
        )
        return sum(
            night.contains(start + timedelta(minutes=each)) for each in range((end - start) // timedelta(minutes=1))
        )

    assert [minutes(date(2026, *day)) for day in ((3, 28), (3, 29), (10, 24), (10, 25))] == [60, 0, 60, 120]


def test_the_day_is_that_of_the_zone() -> None:
    sunday = times("Pacific/Auckland", weekdays=["sunday"])
    assert sunday.contains(datetime(2026, 1, 3, 12, tzinfo=UTC)), "Saturday noon in UTC is Sunday there"
    assert not sunday.contains(datetime(2026, 1, 4, 12, tzinfo=UTC))


def test_of_several_ranges_or_calendars_any_will_do() -> None:
    ranges = {"years": ["2025", "2026"], "months": ["12", "january"], "weekdays": ["monday", "thursday"]}
    assert days(ranges, 2026, 1) == [1, 5, 8, 12, 15, 19, 22, 26, 29]
    calendars = [{"weekdays": ["monday"]}, {"weekdays": ["tuesday"]}]
    either = NamedTimes.model_validate({"id": "t", "calendars": calendars})
    assert [either.contains(datetime(2026, 1, day, tzinfo=UTC)) for day in (5, 6, 7)] == [True, True, False]


@pytest.mark.parametrize(
    "wrong",
    [
        {"times": [{"start": "09:00", "end": "09:00"}]},
        {"weekdays": ["friday:monday"]},
        {"weekdays": ["1"]},
        {"months": ["13"]},
        {"days_of_month": ["0"]},
        {"days_of_month": ["-1:5"]},
        {"days_of_month": ["5:3"]},
        {"years": ["26"]},
        {"times": [{"start": "22:00", "end": "06:00"}]},
        {"times": [{"start": "9:00", "end": "10:00"}]},
        {"hours": []},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Calendar.model_validate(wrong)


@given(first=st.integers(-31, 31), last=st.integers(-31, 31), day=st.dates(date(2023, 1, 1), date(2029, 1, 1)))
def test_days_are_as_a_list_of_the_month_has_them(first: int, last: int, day: date) -> None:
    try:
        calendar = Calendar.model_validate({"days_of_month": [f"{first}:{last}"]})
    except ValidationError:
        return
    month = [day.replace(day=number) for number in range(1, 32) if _exists(day, number)]
    from_start = {each.day: each.day for each in month}
    from_end = {each.day: each.day - len(month) - 1 for each in month}
    low = from_start[day.day] >= first if first > 0 else from_end[day.day] >= first
    high = from_start[day.day] <= last if last > 0 else from_end[day.day] <= last
    assert calendar.contains(datetime(day.year, day.month, day.day)) == (low and high)


def _exists(day: date, number: int) -> bool:
    try:
        day.replace(day=number)
    except ValueError:
        return False
    return True
