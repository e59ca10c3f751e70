"""What began in the middle of the period before is compared with nothing: it would seem to have doubled."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.exports import Figure, Table, Tiles, write_html
from shared.insights import Period
from shared.insights.reports import Edition, Report, ReportKind, coverage, make_report
from shared.insights.reports.coverage import begun
from shared.insights.reports.layout import letter_document
from tests.cloud import RunningCloud
from tests.shared.told import operation, tell, tell_all

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def first(cloud: RunningCloud, lonely_hour: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The noon at which forty people begin; up to the end of the day after they do as much in each hour as in any other.

    What other tests tell of longer ago is not looked at."""
    monkeypatch.setattr(coverage, "LOOK_BACK", 2 * DAY)
    noon = lonely_hour.replace(hour=12) - DAY
    hours = [noon + timedelta(hours=4 * number) for number in range(9)]
    tell_all((f"new-{who}", [operation(hour + timedelta(minutes=who)) for hour in hours]) for who in range(40))
    return noon


def daily(day: datetime) -> Report:
    """The report of the day of that moment."""
    return make_report(ReportKind.DAILY, day.replace(hour=0) + DAY, ZoneInfo("UTC"))


def changes_shown(report: Report) -> list[object]:
    """Of the tiles, and of the table of figures."""
    blocks = letter_document(report).blocks
    tables = [row for block in blocks if isinstance(block, Table) for row in block.rows]
    figures: list[object] = [cell.value for row in tables for cell in row if isinstance(cell, Figure) and cell.change]
    return figures + [tile.change for block in blocks if isinstance(block, Tiles) for tile in block.tiles]


def test_a_period_that_is_only_partly_covered_is_named_and_not_compared_with(first: datetime) -> None:
    report = daily(first + DAY)
    [said] = report.uncovered
    since = f"{first.day} {first:%B %Y} 12:00"
    assert said.text == (
        f"The period before is only partly covered: its events, 120, begin on {since}. So nothing is compared with it."
    )
    assert said in report.sentences
    assert report.changes == ()
    assert set(changes_shown(report)) == {None}
    letter = write_html(letter_document(report), str)
    assert said.text in letter
    assert "not compared with the period before" in letter
    assert "Nothing moved" not in letter
    [none_before] = daily(first).uncovered
    assert none_before.text == "There are 0 events of the period before, so nothing is compared with it."


def test_of_a_long_period_the_day_is_named_on_which_its_events_begin(
    cloud: RunningCloud, lonely_hour: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage, "LOOK_BACK", HOUR)
    tell("late", operation(lonely_hour))
    day = lonely_hour.replace(hour=0)
    monday = day - timedelta(days=day.weekday())
    before = Period(monday - HOUR, monday + 60 * DAY)
    edition = Edition(ReportKind.CUSTOM, Period(before.end, before.end + 60 * DAY), before, ZoneInfo("UTC"))
    assert begun(edition) == day


def test_a_period_in_which_it_was_merely_quiet_is_compared_with(cloud: RunningCloud, lonely_hour: datetime) -> None:
    late = lonely_hour.replace(hour=20)
    for moment, count in ((late - 4 * DAY, 1), (late - DAY, 2), (late, 3)):
        tell("ann", *(operation(moment + timedelta(minutes=number)) for number in range(count)))
    report = daily(late)
    assert report.uncovered == ()
    assert 0.5 in changes_shown(report)
