"""Periods are those of the calendar where the readers are, whatever their clocks do."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.errors import InvalidInput
from shared.insights.reports import ReportKind, last_edition
from shared.insights.reports.edition import check_over
from shared.insights.reports.steps import steps

BERLIN, LORD_HOWE, BEIRUT = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Beirut")
CALENDAR = [ReportKind.DAILY, ReportKind.WEEKLY, ReportKind.MONTHLY, ReportKind.QUARTERLY]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "zone", "until", "start", "end", "label"),
    [
        (ReportKind.WEEKLY, "UTC", "2026-11-23", "2026-11-16", "2026-11-23", "16 to 22 November 2026"),
        (ReportKind.WEEKLY, "UTC", "2026-11-22T23:59", "2026-11-09", "2026-11-16", "9 to 15 November 2026"),
        (ReportKind.WEEKLY, "UTC", "2026-01-07", "2025-12-29", "2026-01-05", "29 December 2025 to 4 January 2026"),
        (
            ReportKind.DAILY,
            "Asia/Tokyo",
            "2026-11-22T15:00",
            "2026-11-21T15:00",
            "2026-11-22T15:00",
            "22 November 2026",
        ),
        (ReportKind.DAILY, "Europe/Berlin", "2026-10-26", "2026-10-24T22:00", "2026-10-25T23:00", "25 October 2026"),
        (ReportKind.DAILY, "Europe/Berlin", "2026-03-30", "2026-03-28T23:00", "2026-03-29T22:00", "29 March 2026"),
        (ReportKind.MONTHLY, "UTC", "2028-03-01", "2028-02-01", "2028-03-01", "February 2028"),
        (ReportKind.MONTHLY, "Europe/Berlin", "2026-10-31", "2026-08-31T22:00", "2026-09-30T22:00", "September 2026"),
        (ReportKind.QUARTERLY, "UTC", "2026-03-31", "2025-10-01", "2026-01-01", "1 October to 31 December 2025"),
        (
            ReportKind.QUARTERLY,
            "America/New_York",
            "2026-07-01T04:00",
            "2026-04-01T04:00",
            "2026-07-01T04:00",
            "1 April to 30 June 2026",
        ),
    ],
)
def test_a_period_is_the_last_whole_one(
    kind: ReportKind, zone: str, until: str, start: str, end: str, label: str
) -> None:
    edition = last_edition(kind, utc(until), ZoneInfo(zone))
    assert (edition.period.start, edition.period.end) == (utc(start), utc(end))
    assert edition.label == label


def test_a_month_is_compared_with_the_whole_month_before() -> None:
    edition = last_edition(ReportKind.MONTHLY, utc("2026-04-01"), ZoneInfo("UTC"))
    assert edition.before.start == utc("2026-02-01")
    assert edition.before.length == timedelta(days=28)
    assert edition.period.length == timedelta(days=31)


def test_a_day_whose_midnight_was_skipped_begins_when_clocks_were_put_forward() -> None:
    edition = last_edition(ReportKind.DAILY, utc("2026-03-29T21:00"), BEIRUT)
    assert edition.period.start == utc("2026-03-28T22:00")
    assert edition.period.length == timedelta(hours=23)


@given(
    st.sampled_from(CALENDAR),
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from(
        [BERLIN, LORD_HOWE, BEIRUT, ZoneInfo("America/Santiago"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")]
    ),
)
def test_periods_follow_each_other_without_gap_and_their_steps_fill_them(
    kind: ReportKind, until: datetime, zone: ZoneInfo
) -> None:
    edition = last_edition(kind, until.replace(tzinfo=UTC), zone)
    following = last_edition(kind, edition.period.end, zone)
    assert following == edition
    assert edition.period.end <= until.replace(tzinfo=UTC)
    assert last_edition(kind, edition.period.start, zone).period == edition.before
    parts = steps(edition)
    assert parts[0].start == edition.period.start
    assert parts[-1].end == edition.period.end
    assert all(one.end == other.start for one, other in pairwise(parts))


def test_a_period_is_over_at_its_end_and_not_before() -> None:
    edition = last_edition(ReportKind.WEEKLY, utc("2026-11-23"), BERLIN)
    check_over(edition, edition.period.end)
    with pytest.raises(
        InvalidInput, match=r"16 to 22 November 2026 is not over before 23 November 2026 00:00 \(Europe"
    ):
        check_over(edition, edition.period.end - timedelta(seconds=1))


def test_custom_periods_lie_between_the_moments_that_cron_names_in_the_zone() -> None:
    edition = last_edition(ReportKind.CUSTOM, utc("2026-10-27T12:00"), BERLIN, "30 8 * * 1,4")
    assert edition.period.end == utc("2026-10-26T07:30")
    assert edition.period.start == utc("2026-10-22T06:30")
    assert edition.before.start == utc("2026-10-19T06:30")


@pytest.mark.parametrize(
    ("until", "end"),
    [
        ("2026-03-29T12:00", "2026-03-29T01:30"),  # 2:30 did not exist: it came an hour later.
        ("2026-10-25T12:00", "2026-10-25T00:30"),  # 2:30 was there twice: the first counts.
        ("2026-10-25T01:29", "2026-10-25T00:30"),
    ],
)
def test_custom_moments_survive_the_change_of_clocks(until: str, end: str) -> None:
    assert last_edition(ReportKind.CUSTOM, utc(until), BERLIN, "30 2 * * *").period.end == utc(end)


@pytest.mark.parametrize(
    "cron",
    [
        "",
        "every day",
        "61 * * * *",
        "0 7 * * 1 2026",
        "0 0 30 2 *",
        "0 0 29 2 *",
        "R R * * *",
        "R(0-9) 7 * * *",
        "0 7 * * r",
    ],
)
def test_a_cron_expression_that_makes_no_sense_is_refused(cron: str) -> None:
    with pytest.raises(InvalidInput):
        last_edition(ReportKind.CUSTOM, utc("2026-10-25"), BERLIN, cron)
