"""A report says what is to be expected, from the days up to its end and from no later one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.exports import Beside, Chart, Heading
from shared.insights import Measurement, Step, kpi, trend_in
from shared.insights.reports import Report, ReportKind, make_report
from shared.insights.reports.expected import AHEAD, expected, passes
from shared.insights.reports.layout import whole_document
from tests.cloud import RunningCloud
from tests.shared.told import operation, tell

DAYS = 28


@pytest.fixture(scope="module")
def report(cloud: RunningCloud) -> Report:
    """Of the last of four weeks of 25 operations a day, and failures right after it."""
    monday = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=230)
    end = monday - timedelta(days=monday.weekday())
    mornings = [end - timedelta(days=DAYS - day, hours=-10) for day in range(DAYS)]
    for person in range(6):
        ran = [
            operation(at + timedelta(minutes=number), success=number != 3 or day < 20)
            for day, at in enumerate(mornings)
            for number in range(person, 25, 6)
        ]
        tell(f"expecting-{person}", *ran)
    tell("expecting-0", *(operation(end + timedelta(hours=hour), success=False) for hour in range(20)))
    return make_report(ReportKind.WEEKLY, end, ZoneInfo("UTC"))


def charts(report: Report) -> list[Chart]:
    [pair] = [block for block in expected(report) if isinstance(block, Beside)]
    return [pair.left, pair.right]


def test_forecasts_begin_with_the_first_day_that_is_known_and_end_two_weeks_after_the_period(report: Report) -> None:
    operations, rate = charts(report)
    for chart in (operations, rate):
        assert len(chart.x) == DAYS + AHEAD
        assert chart.x[DAYS] == report.edition.period.end
    assert list(operations.series[0].values)[:DAYS] == [25] * DAYS
    assert set(operations.series[0].values[DAYS:]) == {None}


def test_a_forecast_lies_in_its_interval_and_what_was_measured_has_none(report: Report) -> None:
    for chart in charts(report):
        assert chart.band is not None
        assert set(chart.band.low[:DAYS]) == {None}
        for low, value, high in zip(chart.band.low, chart.series[1].values, chart.band.high, strict=True):
            if value is not None and low is not None and high is not None:
                assert low <= value <= high


def test_a_threshold_that_will_be_passed_is_told_with_the_days_that_it_is_read_from() -> None:
    start = datetime(2026, 10, 1, tzinfo=UTC)
    waits = [
        Measurement("queue_wait_p95", (), start + timedelta(days=day), 100 + 5.0 * day + day % 3, None, None, 500)
        for day in range(DAYS)
    ]
    [(sentence, note)] = passes([trend_in(kpi("queue_wait_p95"), waits, Step.DAY, ahead=AHEAD, threshold=300.0)])
    assert sentence.startswith("Queue wait, 95th percentile passes 5 min in 1")
    assert note == "[queue_wait_p95, days of UTC from 2026-10-01 up to 2026-10-29]"
    assert list(passes([trend_in(kpi("queue_wait_p95"), waits[::-1], Step.DAY, ahead=AHEAD, threshold=300.0)])) == []


def test_it_stands_in_the_document(report: Report) -> None:
    headings = [block.text for block in whole_document(report).blocks if isinstance(block, Heading)]
    assert "What is to be expected" in headings


def test_of_a_day_nothing_is_foretold(report: Report) -> None:
    daily = make_report(ReportKind.DAILY, report.edition.period.end, ZoneInfo("UTC"))
    assert expected(daily) == []
