"""A KPI's change: how much, and whether that is better; and the curves that a screen can show."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.core.errors import InvalidInput
from shared.insights import Measurement, Period, Step, kpi
from shared.insights.dashboard import MOST_POINTS, View, usual_step
from shared.insights.dashboard.figure import Value, on_target

START = datetime(2026, 1, 5, tzinfo=UTC)
values = st.floats(0, 1e6)


def measured(name: str, value: float | None) -> Measurement:
    return Measurement(name, (), None, value, None, None, 10)


def change(name: str, now: float | None, before: float | None) -> Value:
    return Value(**Value.members(kpi(name), measured(name, now), measured(name, before)))


def test_more_is_better_of_what_should_rise_and_worse_of_what_should_fall() -> None:
    assert (change("success_rate", 0.9, 0.8).better, change("success_rate", 0.8, 0.9).better) == (True, False)
    assert (change("error_rate", 0.9, 0.8).better, change("error_rate", 0.8, 0.9).better) == (False, True)
    assert change("error_rate", 0.5, 0.5).better is None


@given(values, values)
def test_the_change_leads_from_before_to_now(now: float, before: float) -> None:
    found = change("cost", now, before)
    assert found.difference == now - before
    assert found.relative is None if before == 0 else found.relative == pytest.approx((now - before) / before)


def test_of_what_was_not_measured_nothing_is_said() -> None:
    for now, before in ((None, 1.0), (1.0, None), (None, None)):
        found = change("cost", now, before)
        assert (found.difference, found.relative, found.better) == (None, None, None)


def test_a_target_is_on_the_good_side_of_itself() -> None:
    assert [on_target(kpi("success_rate"), value) for value in (0.994, 0.995, 1.0, None)] == [False, True, True, None]
    assert [on_target(kpi("generation_time"), value) for value in (59, 60, 61)] == [True, True, False]
    assert on_target(kpi("operations"), 1) is None


@settings(deadline=None)
@given(st.integers(1, 366 * 24 * 60))
def test_a_usual_curve_is_one_that_can_be_shown(minutes: int) -> None:
    period = Period(START, START + timedelta(minutes=minutes))
    View(period, every=usual_step(period)).check_points()


def test_a_curve_that_nobody_could_look_at_is_refused_with_what_to_do() -> None:
    long = Period(START, START + timedelta(minutes=MOST_POINTS + 1))
    with pytest.raises(InvalidInput, match="longer steps, or export"):
        View(long, every=Step.MINUTE).check_points()
