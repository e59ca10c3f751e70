"""Trends of KPIs: what is to be expected, what was odd, where it turned, and when a threshold will be passed."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import pi, sin

import pytest

from shared.core.errors import InvalidInput
from shared.forecasting import Direction, Unknown
from shared.insights import Foreseen, Measurement, Outlook, Period, Step, kpi, trend_in, trends
from tests.cloud import RunningCloud
from tests.shared.told import operation, tell

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def series(name: str, value: Callable[[int], float | None], steps: int, every: Step = Step.DAY) -> list[Measurement]:
    """Measurements of a KPI, a step each."""
    found, at = [], START
    for number in range(steps):
        told = value(number)
        found.append(Measurement(name, (), at, told, None, None, 100 if told is not None else 0))
        at = every.after(at)
    return found


def noisy(seed: int, size: float) -> Callable[[], float]:
    dice = random.Random(seed)
    return lambda: dice.gauss(0, size)


def test_a_queue_that_grows_tells_when_it_passes_five_minutes() -> None:
    noise = noisy(1, 6)
    waits = series("queue_wait", lambda day: 100 + 3 * day + noise(), 60)
    found = trend_in(kpi("queue_wait"), waits, Step.DAY, ahead=14, threshold=300)
    assert isinstance(found.outlook, Outlook)
    assert found.outlook.sentence.startswith("Queue wait passes 5 min in 7 days (")
    assert found.outlook.earliest < START + timedelta(days=60 + 6.67) < (found.outlook.latest or START)
    assert found.trend.direction is Direction.RISING and found.improving is False
    assert found.trend.low < 3 < found.trend.high


def test_an_outlook_goes_by_the_line_since_the_last_change() -> None:
    noise = noisy(2, 3)
    waits = series("queue_wait", lambda day: (30 if day < 60 else 120 + 4 * (day - 60)) + noise(), 90)
    found = trend_in(kpi("queue_wait"), waits, Step.DAY, ahead=14, threshold=300)
    [turn] = found.changes
    assert abs(turn.at - (START + 60 * DAY)) <= 2 * DAY
    assert turn.before == pytest.approx(30, abs=5) and turn.after == pytest.approx(120, abs=8)
    assert isinstance(found.outlook, Outlook) and found.outlook.since == turn.at
    assert found.outlook.at - (START + 90 * DAY) == pytest.approx(15 * DAY, abs=2 * DAY)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (lambda day: 100.0 - day, "does not move towards"),
        (lambda day: 400.0 + day, "past the threshold already"),
        (lambda day: 100 + 0.1 * day + 0.001 * (day % 2), "Not within"),
        (lambda day: 100 + 40 * (day % 3), "may be chance"),
    ],
)
def test_where_no_day_can_be_named_the_reason_is(line: Callable[[int], float], reason: str) -> None:
    found = trend_in(kpi("queue_wait"), series("queue_wait", line, 60), Step.DAY, ahead=14, threshold=300)
    assert isinstance(found.outlook, Unknown) and reason in found.outlook.reason


def test_an_outage_of_an_hour_is_odd_and_the_night_is_not() -> None:
    noise = noisy(3, 8)

    def events(hour: int) -> float:
        return max(0.0, 200 + 150 * sin(2 * pi * hour / 24) + noise()) if hour != 400 else 0.0

    found = trend_in(kpi("events"), series("events", events, 24 * 28, Step.HOUR), Step.HOUR, ahead=24)
    [odd] = found.anomalies
    assert odd.at == START + timedelta(hours=400)
    assert odd.value == 0 and odd.expected > 50 and odd.deviations < -5
    assert found.improving is None


def test_a_rate_of_three_samples_may_be_far_off() -> None:
    noise = noisy(4, 0.02)
    rates = series("success_rate", lambda day: min(1.0, 0.95 + noise()), 60)
    few = Measurement("success_rate", (), rates[30].at, 2 / 3, 2, 3, 3)
    many = Measurement("success_rate", (), rates[30].at, 2 / 3, 66, 99, 99)
    odd = [
        trend_in(kpi("success_rate"), [*rates[:30], one, *rates[31:]], Step.DAY, ahead=7).anomalies
        for one in (few, many)
    ]
    assert [len(each) for each in odd] == [0, 1]


def test_a_forecast_keeps_within_what_a_rate_can_be_and_goes_on_where_the_series_ends() -> None:
    noise = noisy(5, 0.02)
    rates = series("success_rate", lambda day: min(1.0, 0.98 + noise()), 60)
    found = trend_in(kpi("success_rate"), rates, Step.DAY, ahead=7).foreseen
    assert isinstance(found, Foreseen)
    assert [step.at for step in found.steps] == [START + (60 + number) * DAY for number in range(7)]
    assert all(0 <= step.low <= step.value <= step.high <= 1 for step in found.steps)


def test_months_follow_one_another_however_long_they_are() -> None:
    revenue = series("revenue", lambda month: 100.0 + month, 24, Step.MONTH)
    found = trend_in(kpi("revenue"), revenue, Step.MONTH, ahead=3).foreseen
    assert isinstance(found, Foreseen)
    assert [step.at.day for step in found.steps] == [1, 1, 1]
    assert [step.at.month for step in found.steps] == [3, 4, 5]


def test_more_may_be_paid_back_than_paid_and_a_gpu_is_never_more_than_busy() -> None:
    noise = noisy(3, 30)
    paid, used = (
        trend_in(kpi(name), series(name, value, 60), Step.DAY, ahead=7).foreseen
        for name, value in (("revenue", lambda _: noise()), ("gpu_usage", lambda _: min(100.0, 100 - noise() / 30)))
    )
    assert isinstance(paid, Foreseen) and isinstance(used, Foreseen)
    assert all(step.low < -20 and step.high > 20 for step in paid.steps)
    assert all(step.high <= 100 for step in used.steps)


def test_of_a_few_values_nothing_is_said_and_why() -> None:
    found = trend_in(kpi("quality_score"), series("quality_score", lambda day: 9.0, 5), Step.DAY, ahead=7)
    assert found.foreseen == found.outlook == Unknown("There are 5 values; at least 8 are needed.")
    assert not found.anomalies and not found.changes


def test_events_become_trends_of_whole_days(cloud: RunningCloud, lonely_hour: datetime) -> None:
    midnight = Step.DAY.floor(lonely_hour)
    days = [midnight - number * DAY for number in range(1, 8)]
    tell("somebody", *[operation(day + timedelta(hours=1), "trim") for day in days for _ in range(3)])
    period = Period(midnight - 7 * DAY - timedelta(hours=5), midnight + timedelta(hours=3))
    [found] = trends(["operations"], period)
    assert [measurement.at for measurement in found.measurements] == sorted(days)
    assert {measurement.value for measurement in found.measurements} == {3.0}
    assert found.foreseen == Unknown("There are 7 values; at least 8 are needed.")


def test_a_period_without_a_whole_step_is_refused() -> None:
    with pytest.raises(InvalidInput, match="holds no whole week"):
        trends(["operations"], Period(START + DAY, START + 3 * DAY), every=Step.WEEK)


def test_nobody_looks_ahead_for_ever() -> None:
    with pytest.raises(InvalidInput, match="1 to 366 steps"):
        trends(["operations"], Period(START, START + 30 * DAY), ahead=1000)


@pytest.mark.parametrize(
    ("name", "threshold", "reason"),
    [
        ("success_rate", 99.5, "Success rate is 0 to 1: it never passes 99.5"),
        ("operations", -5, "Operations is 0 or more: it never passes -5"),
        ("gpu_usage", 120, "GPU use is 0 to 100"),
    ],
)
def test_a_threshold_that_can_never_be_passed_is_refused(name: str, threshold: float, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        trends([name], Period(START, START + 30 * DAY), thresholds={name: threshold})
