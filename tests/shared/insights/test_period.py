"""Periods and their steps."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from hypothesis import given
from hypothesis import strategies as st

from shared.core.errors import InvalidInput
from shared.insights import Period, Step

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, st.sampled_from(Step))
def test_every_moment_is_in_one_step_between_those_before_and_after(at: datetime, step: Step) -> None:
    start = step.floor(at)
    assert start <= at < step.after(start)
    assert step.floor(start) == start
    assert step.after(step.before(start)) == start


@given(MOMENTS, st.timedeltas(timedelta(seconds=1), timedelta(days=3)))
def test_the_steps_of_a_period_cover_it_without_gaps(start: datetime, length: timedelta) -> None:
    period = Period(start, start + length)
    steps = list(period.steps(Step.HOUR))
    assert steps[0] <= start
    assert steps[-1] < period.end <= Step.HOUR.after(steps[-1])
    assert all(Step.HOUR.after(one) == following for one, following in pairwise(steps))


def test_weeks_begin_on_monday_and_months_on_their_first() -> None:
    at = datetime(2024, 2, 29, 13, 5, tzinfo=UTC)
    assert Step.WEEK.floor(at) == datetime(2024, 2, 26, tzinfo=UTC)
    assert Step.MONTH.floor(at) == datetime(2024, 2, 1, tzinfo=UTC)
    assert Step.MONTH.after(Step.MONTH.floor(at)) == datetime(2024, 3, 1, tzinfo=UTC)


def test_steps_are_those_of_utc_whatever_zone_a_moment_is_told_in() -> None:
    at = datetime(2024, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    assert Step.DAY.floor(at) == datetime(2024, 2, 29, tzinfo=UTC)


def test_a_moment_that_firestore_gave_is_taken_like_any_other() -> None:
    given_by_firestore = DatetimeWithNanoseconds(2024, 2, 29, 13, 5, tzinfo=UTC, nanosecond=7)
    assert type(Step.DAY.floor(given_by_firestore)) is datetime


def test_the_period_before_is_as_long_and_ends_where_it_starts() -> None:
    period = Period(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 8, tzinfo=UTC))
    assert period.before == Period(datetime(2024, 2, 23, tzinfo=UTC), period.start)


def test_a_period_must_end_after_it_starts_and_within_a_year() -> None:
    start = datetime(2024, 3, 1, tzinfo=UTC)
    for length in (timedelta(0), timedelta(days=-1), timedelta(days=367)):
        with pytest.raises(InvalidInput):
            Period(start, start + length)


@pytest.mark.parametrize("zones", [(None, None), (UTC, None), (None, UTC)])
def test_a_time_without_its_zone_is_refused(zones: tuple[timezone | None, timezone | None]) -> None:
    start, end = (datetime(2024, 3, day, tzinfo=zone) for day, zone in zip((1, 2), zones, strict=True))
    with pytest.raises(InvalidInput, match="zone"):
        Period(start, end)
