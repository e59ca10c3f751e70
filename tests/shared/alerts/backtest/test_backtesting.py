"""Rules tried on real events: what they would have read is what they read live."""

from datetime import datetime, timedelta

import pytest

from shared.alerts import AlertRule, InvalidRule, Reading, backtest
from shared.alerts.backtest.past import past_of
from shared.alerts.measuring import read_kpis
from shared.alerts.sql import read_sql
from shared.core.clock import now
from shared.core.errors import InvalidInput
from shared.events import Platform
from shared.insights import Period
from tests.cloud import RunningCloud
from tests.shared.told import operation, tell

QUERY = """SELECT platform, COUNTIF(NOT metrics.success) / COUNT(*) AS value, COUNT(*) AS samples
FROM deduplicated_events -- from @start to '@end'
WHERE occurred_at >= @start AND occurred_at < @end
GROUP BY platform"""
FAILURES = {
    "id": "tried",
    "name": "Tried",
    "comparison": "above",
    "threshold": 0.3,
    "window": 10,
    "labels": ["platform"],
}


def rule(**fields: object) -> AlertRule:
    return AlertRule.model_validate({**FAILURES, **fields})


@pytest.fixture
def told(cloud: RunningCloud, hour: datetime) -> datetime:
    """An hour in whose second quarter half of what the web app does fails; the MCP server does well."""
    moments = {minute: hour + timedelta(minutes=minute, seconds=30) for minute in range(60)}
    web = [operation(at, platform=Platform.WEBAPP, ms=100.0 * minute) for minute, at in moments.items()]
    failed = [operation(moments[minute], success=False, platform=Platform.WEBAPP) for minute in range(15, 30)]
    tell("ann", *(operation(at, platform=Platform.MCP) for at in moments.values()), *web, *failed)
    return hour


@pytest.mark.parametrize("watched", [{"kpi": "error_rate"}, {"sql": QUERY}], ids=["kpi", "sql"])
def test_it_would_have_fired_for_the_platform_that_was_bad_and_while_it_was(
    told: datetime, watched: dict[str, object]
) -> None:
    result = backtest(rule(**watched), told, told + timedelta(hours=1))
    assert (result.fired, result.complete, result.evaluations) == (1, True, 60)
    [episode] = result.episodes
    assert episode.labels == {"platform": "webapp"}
    assert told + timedelta(minutes=17) < episode.fired_at < told + timedelta(minutes=25)
    assert 10 <= episode.minutes <= 18
    assert episode.worst == pytest.approx(0.5)
    assert result.pages_per_week == pytest.approx(168)
    assert [total.labels for total in result.by_label] == [{"platform": "webapp"}]


@pytest.mark.parametrize("kpi", ["error_rate", "operations", "generation_time", "processing_time_p95", "unique_users"])
@pytest.mark.parametrize("labels", [[], ["platform"]], ids=["whole", "platform"])
def test_what_it_would_have_read_is_what_it_reads_live(told: datetime, kpi: str, labels: list[str]) -> None:
    tried = rule(kpi=kpi, labels=labels)
    begin = told + timedelta(minutes=14)
    past = dict(past_of(tried, Period(begin, begin + timedelta(minutes=12))).readings())
    for minute in (0, 6, 11):
        at = begin + timedelta(minutes=minute)
        live = read_kpis([tried], Period(at - timedelta(minutes=10), at))[tried.id]
        assert isinstance(live, dict)
        assert _told(past[at]) == pytest.approx(_told(live)), at


def test_a_query_reads_every_window_of_the_past_as_it_does_live(told: datetime) -> None:
    tried = rule(sql=QUERY)
    past = dict(past_of(tried, Period(told, told + timedelta(minutes=45))).readings())
    for minute in (0, 1, 20, 44):
        at = told + timedelta(minutes=minute)
        assert past[at] == read_sql(QUERY, tried.labels, Period(at - timedelta(minutes=10), at))


def test_what_cannot_be_added_up_is_looked_at_less_often_over_a_long_time(hour: datetime) -> None:
    hours, days = Period(hour, hour + timedelta(hours=3)), Period(hour, hour + timedelta(days=2))
    for watched in ({"kpi": "processing_time_p95"}, {"sql": QUERY}):
        assert [past_of(rule(**watched, every=5), period).every for period in (hours, days)] == [5, 15]
    assert past_of(rule(kpi="error_rate", every=5), days).every == 5


def test_the_time_over_it_tells_how_far_it_came(told: datetime) -> None:
    result = backtest(rule(kpi="error_rate"), told, told + timedelta(hours=1), seconds=0)
    assert (result.complete, result.end, result.evaluations, result.pages_per_week) == (False, told, 0, 0)


def test_what_makes_no_sense_is_refused(cloud: RunningCloud, hour: datetime) -> None:
    with pytest.raises(InvalidRule):
        backtest(rule(kpi="error_rat"), hour, hour + timedelta(hours=1))
    for end in (hour, hour + timedelta(days=93)):
        with pytest.raises(InvalidInput):
            backtest(rule(kpi="error_rate"), hour, end)
    with pytest.raises(InvalidInput, match="future"):
        backtest(rule(kpi="error_rate"), hour, now() + timedelta(hours=1))
    with pytest.raises(InvalidInput, match="no past"):
        backtest(rule(system="evaluation_delay", labels=[]), hour, hour + timedelta(hours=1))


def _told(seen: object) -> dict[str, float]:
    """The readings that say something, in numbers that can be compared nearly."""
    assert isinstance(seen, dict)
    numbers: dict[str, float] = {}
    for labels, reading in seen.items():
        assert isinstance(reading, Reading)
        if reading.samples and reading.value is not None:
            numbers |= {f"{labels} value": reading.value, f"{labels} samples": reading.samples}
    return numbers
